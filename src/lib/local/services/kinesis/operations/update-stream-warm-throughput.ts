import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { ONE_STREAM } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { reshard } from '../reshard.js';
import { requireActive } from '../stream-state.js';
import { checkWarmThroughput, WARM_MIBPS, warmShards } from '../warm-throughput.js';

const CONSTRAINTS: Constraints = { ...ONE_STREAM, WarmThroughputMiBps: WARM_MIBPS };

/** UpdateStreamWarmThroughput: a shard for each MiB/s, at least the four that an on-demand stream starts with. */
export const updateStreamWarmThroughput = defineOperation('kinesis', 'UpdateStreamWarmThroughput').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    requireActive(stream, context);
    const target = input.WarmThroughputMiBps;
    checkWarmThroughput(state, stream.mode, target, context.region);
    const current = stream.openShards.length;
    stream.warmMiBps = target;
    state.update(stream, () => reshard(stream, warmShards(target)));
    return {
      StreamARN: stream.arn,
      StreamName: stream.name,
      WarmThroughput: { TargetMiBps: target, CurrentMiBps: current },
    };
  },
});
