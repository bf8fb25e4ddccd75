import { defineOperation } from '../../../define-operation.js';
import { ONE_CONSUMER } from '../constraints.js';
import { describeConsumer } from '../consumer-description.js';
import { consumerByReference } from '../find-consumer.js';
import type { KinesisState } from '../kinesis-state.js';

/** DescribeStreamConsumer. */
export const describeStreamConsumer = defineOperation('kinesis', 'DescribeStreamConsumer').as({
  constraints: ONE_CONSUMER,
  run(state: KinesisState, input, context) {
    const { stream, consumer } = consumerByReference(state, input, context);
    return { ConsumerDescription: { ...describeConsumer(consumer), StreamARN: stream.arn } };
  },
});
