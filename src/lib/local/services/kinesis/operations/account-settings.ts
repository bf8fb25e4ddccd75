import type { MinimumThroughputBillingCommitmentOutput } from '@aws-sdk/client-kinesis';
import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import type { KinesisState } from '../kinesis-state.js';

const CONSTRAINTS: Constraints = {
  MinimumThroughputBillingCommitment: { members: { Status: { enum: ['ENABLED', 'DISABLED'] } } },
};

/** DescribeAccountSettings. */
export const describeAccountSettings = defineOperation('kinesis', 'DescribeAccountSettings').as({
  run: (state: KinesisState, _input, context) => ({
    MinimumThroughputBillingCommitment: describe(state, context.region),
  }),
});

/** UpdateAccountSettings: the commitment unlocks warm throughput and more consumers; once made, it holds for at least 24 hours. */
export const updateAccountSettings = defineOperation('kinesis', 'UpdateAccountSettings').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const region = state.region(context.region);
    const enable = input.MinimumThroughputBillingCommitment.Status === 'ENABLED';
    if (enable && !state.hasCommitment(context.region)) region.commitment = { startedMs: state.nowMs };
    else if (enable && region.commitment) region.commitment.endsMs = undefined;
    else if (!enable && state.hasCommitment(context.region) && region.commitment) {
      region.commitment.endsMs = Math.max(state.nowMs, earliestEndMs(region.commitment.startedMs));
    }
    return { MinimumThroughputBillingCommitment: describe(state, context.region) };
  },
});

const earliestEndMs = (startedMs: number): number => startedMs + 24 * 3_600_000;

function describe(state: KinesisState, regionName: string): MinimumThroughputBillingCommitmentOutput {
  const { commitment } = state.region(regionName);
  if (!commitment) return { Status: 'DISABLED' };
  const { startedMs, endsMs } = commitment;
  const ended = !state.hasCommitment(regionName);
  return {
    Status: ended ? 'DISABLED' : endsMs === undefined ? 'ENABLED' : 'ENABLED_UNTIL_EARLIEST_ALLOWED_END',
    StartedAt: new Date(startedMs),
    ...(ended && endsMs !== undefined && { EndedAt: new Date(endsMs) }),
    ...(!ended && { EarliestAllowedEndAt: new Date(earliestEndMs(startedMs)) }),
  };
}
