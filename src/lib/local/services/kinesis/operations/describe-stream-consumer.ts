import type { Handler } from '../../../wire/handlers.js';
import { validate } from '../../../wire/validate.js';
import { ONE_CONSUMER } from '../constraints.js';
import { consumerByReference } from '../consumer.js';
import { describeConsumer } from '../consumer-description.js';
import type { KinesisState } from '../kinesis-state.js';

/** DescribeStreamConsumer. */
export const describeStreamConsumer =
  (state: KinesisState): Handler<'kinesis', 'DescribeStreamConsumer'> =>
  (input, context) => {
    validate(input, ONE_CONSUMER);
    const { stream, consumer } = consumerByReference(state, input, context);
    return { ConsumerDescription: { ...describeConsumer(consumer), StreamARN: stream.arn } };
  };
