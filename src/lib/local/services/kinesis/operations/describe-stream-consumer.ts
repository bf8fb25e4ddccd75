import type { Handler } from '../../../wire/handlers.js';
import { type Constraints, validate } from '../../../wire/validate.js';
import { CONSUMER_ARN, CONSUMER_NAME, STREAM_ARN } from '../constraints.js';
import { consumerByReference } from '../consumer.js';
import { describeConsumer } from '../consumer-description.js';
import type { KinesisState } from '../kinesis-state.js';

const CONSTRAINTS: Constraints = { StreamARN: STREAM_ARN, ConsumerName: CONSUMER_NAME, ConsumerARN: CONSUMER_ARN };

/** DescribeStreamConsumer. */
export const describeStreamConsumer =
  (state: KinesisState): Handler<'kinesis', 'DescribeStreamConsumer'> =>
  (input, context) => {
    validate(input, CONSTRAINTS);
    const { stream, consumer } = consumerByReference(state, input, context);
    return { ConsumerDescription: { ...describeConsumer(consumer), StreamARN: stream.arn } };
  };
