import type { Consumer as ConsumerSummary } from '@aws-sdk/client-kinesis';
import type { Consumer } from './consumer.js';

/** A consumer as registering and listing show it. */
export const describeConsumer = (consumer: Consumer): ConsumerSummary => ({
  ConsumerName: consumer.name,
  ConsumerARN: consumer.arn,
  ConsumerStatus: consumer.status,
  ConsumerCreationTimestamp: new Date(consumer.createdMs),
});
