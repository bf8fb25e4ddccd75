import type { OperationContext } from '../../wire/handlers.js';
import { invalidArgument, notFound } from './aws-errors.js';
import type { Consumer } from './consumer.js';
import type { KinesisState } from './kinesis-state.js';
import type { Stream } from './stream.js';

/** How an operation names a consumer: by its ARN, or by its stream's ARN and its name. */
export interface ConsumerReference {
  ConsumerARN?: string | undefined;
  StreamARN?: string | undefined;
  ConsumerName?: string | undefined;
}

/** @throws AwsError ResourceNotFoundException */
export function consumerByArn(
  state: KinesisState,
  arn: string,
  context: OperationContext,
): { stream: Stream; consumer: Consumer } {
  const [streamArn = '', rest = ''] = arn.split('/consumer/');
  const streamName = streamArn.slice(streamArn.indexOf('/') + 1);
  const stream = state.region(context.region).streams.get(streamName);
  const consumer = stream?.consumers.get(rest.slice(0, rest.lastIndexOf(':')));
  if (!stream || consumer?.arn !== arn) throw consumerNotFound(arn, context);
  return { stream, consumer };
}

/**
 * @throws AwsError InvalidArgumentException when the reference is incomplete or contradicts itself, ResourceNotFoundException
 */
export function consumerByReference(
  state: KinesisState,
  reference: ConsumerReference,
  context: OperationContext,
): { stream: Stream; consumer: Consumer } {
  const { ConsumerARN: arn, StreamARN: streamArn, ConsumerName: name } = reference;
  if (arn !== undefined) {
    const found = consumerByArn(state, arn, context);
    const { consumer, stream } = found;
    if ((name !== undefined && name !== consumer.name) || (streamArn !== undefined && streamArn !== stream.arn)) {
      throw invalidArgument(`ConsumerARN ${arn} does not match the given ConsumerName or StreamARN.`);
    }
    return found;
  }
  if (streamArn === undefined || name === undefined) {
    throw invalidArgument('Either ConsumerARN or both StreamARN and ConsumerName must be provided.');
  }
  const stream = state.stream({ StreamARN: streamArn }, context);
  const consumer = stream.consumers.get(name);
  if (!consumer) throw consumerNotFound(name, context);
  return { stream, consumer };
}

const consumerNotFound = (consumer: string, context: OperationContext): Error =>
  notFound(`Consumer ${consumer}, account ${context.accountId} not found.`);
