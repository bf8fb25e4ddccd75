import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { STREAM_BY_ARN } from '../constraints.js';
import { countCallOfDay } from '../day-limit.js';
import type { KinesisState } from '../kinesis-state.js';
import { scaleWithTraffic } from '../on-demand-scaling.js';
import { reshard } from '../reshard.js';
import { checkOnDemandLimit, checkShardLimit } from '../shard-limit.js';
import { requireActive } from '../stream-state.js';
import { checkWarmThroughput, WARM_MIBPS, warmShards } from '../warm-throughput.js';

const CONSTRAINTS: Constraints = {
  ...STREAM_BY_ARN,
  StreamModeDetails: { members: { StreamMode: { enum: ['PROVISIONED', 'ON_DEMAND'] } } },
  WarmThroughputMiBps: WARM_MIBPS,
};
/** https://docs.aws.amazon.com/streams/latest/dev/switch-between-modes.html */
const SWITCHES_PER_DAY = 2;

/** UpdateStreamMode: the shards stay as they are, unless warm throughput asks for more. */
export const updateStreamMode = defineOperation('kinesis', 'UpdateStreamMode').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    const region = state.region(context.region);
    const mode = input.StreamModeDetails.StreamMode;
    const warm = input.WarmThroughputMiBps;
    requireActive(stream, context);
    if (warm !== undefined) checkWarmThroughput(state, mode, warm, context.region);
    if (mode !== stream.mode) {
      if (mode === 'ON_DEMAND') checkOnDemandLimit(region, context);
      else checkShardLimit(region, stream.openShards.length, context);
      countCallOfDay(state, stream.modeChangedMs, SWITCHES_PER_DAY, { operation: 'UpdateStreamMode', stream, context });
    }
    state.update(stream, () => {
      if (mode === 'ON_DEMAND' && stream.mode !== mode) scaleWithTraffic(state, stream);
      stream.mode = mode;
      stream.warmMiBps = mode === 'ON_DEMAND' ? (warm ?? stream.warmMiBps) : undefined;
      if (mode === 'PROVISIONED') stream.distribution = 'USER_PARTITION_KEY';
      if (warm !== undefined && warmShards(warm) > stream.openShards.length) reshard(stream, warmShards(warm));
    });
    return {};
  },
});
