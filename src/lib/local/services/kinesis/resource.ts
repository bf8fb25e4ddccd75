import type { OperationContext } from '../../wire/handlers.js';
import type { Consumer } from './consumer.js';
import { consumerByArn } from './find-consumer.js';
import type { KinesisState } from './kinesis-state.js';
import type { Stream } from './stream.js';

/**
 * What an ARN names: a stream, or one of its consumers. Both have tags and a policy.
 * @throws AwsError ResourceNotFoundException
 */
export const resourceByArn = (state: KinesisState, arn: string, context: OperationContext): Stream | Consumer =>
  arn.includes('/consumer/') ? consumerByArn(state, arn, context).consumer : state.stream({ StreamARN: arn }, context);
