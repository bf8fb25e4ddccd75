import type { OperationContext } from '../../wire/handlers.js';
import { streamNotFound } from './aws-errors.js';
import type { Consumer } from './consumer.js';
import { consumerByArn } from './consumer.js';
import type { KinesisState } from './kinesis-state.js';
import type { Stream } from './stream.js';

/**
 * What an ARN names: a stream, or one of its consumers. Both have tags and a policy.
 * @throws AwsError ResourceNotFoundException
 */
export function resourceByArn(state: KinesisState, arn: string, context: OperationContext): Stream | Consumer {
  if (arn.includes('/consumer/')) return consumerByArn(state, arn, context).consumer;
  const name = arn.slice(arn.indexOf('/') + 1);
  const stream = state.region(context.region).streams.get(name);
  if (!stream || stream.arn !== arn) throw streamNotFound(name, context.accountId);
  return stream;
}
