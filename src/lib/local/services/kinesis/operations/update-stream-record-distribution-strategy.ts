import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { invalidArgument } from '../aws-errors.js';
import { STREAM_BY_ARN } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { requireActive } from '../stream-state.js';

const CONSTRAINTS: Constraints = {
  ...STREAM_BY_ARN,
  RecordDistributionStrategy: { enum: ['AUTO', 'USER_PARTITION_KEY'] },
};

/** UpdateStreamRecordDistributionStrategy: takes effect at once, for records that arrive from now on. */
export const updateStreamRecordDistributionStrategy = defineOperation(
  'kinesis',
  'UpdateStreamRecordDistributionStrategy',
).as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    requireActive(stream, context);
    if (stream.mode !== 'ON_DEMAND') {
      throw invalidArgument(
        `RecordDistributionStrategy is only supported for streams in ON_DEMAND mode. Stream ${stream.name} under account ${context.accountId} is in PROVISIONED mode.`,
      );
    }
    stream.distribution = input.RecordDistributionStrategy;
    return {};
  },
});
