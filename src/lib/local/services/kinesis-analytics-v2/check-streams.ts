import type { Input, Output } from '@aws-sdk/client-kinesis-analytics-v2';
import { AwsError } from '../../wire/aws-error.js';
import type { Checked } from '../../wire/handlers.js';

/** @throws AwsError InvalidArgumentException for an input that this endpoint would read otherwise, or not at all */
export function checkInput({ InputProcessingConfiguration, KinesisFirehoseInput }: Checked<Input>): void {
  const asked = { InputProcessingConfiguration, KinesisFirehoseInput };
  const [name] = Object.entries(asked).find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined)
    throw new AwsError('InvalidArgumentException', `${name} is not implemented at this endpoint.`);
}

/** @throws AwsError InvalidArgumentException for an output without one destination, or one that this endpoint does not deliver to */
export function checkOutput(output: Checked<Output>): void {
  const { KinesisStreamsOutput, LambdaOutput, KinesisFirehoseOutput, Name: name } = output;
  if (KinesisFirehoseOutput)
    throw new AwsError('InvalidArgumentException', 'KinesisFirehoseOutput is not implemented at this endpoint.');
  if ((KinesisStreamsOutput === undefined) === (LambdaOutput === undefined))
    throw new AwsError('InvalidArgumentException', `Output ${name} needs one destination`);
}
