import { canReshardAtOnce, RESHARD } from '../../../../stream/capacity.js';
import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { limitExceeded } from '../aws-errors.js';
import { ONE_STREAM } from '../constraints.js';
import { countCallOfDay } from '../day-limit.js';
import type { KinesisState } from '../kinesis-state.js';
import { reshard } from '../reshard.js';
import { checkShardLimit } from '../shard-limit.js';
import { requireActive, requireProvisioned } from '../stream-state.js';
import { LARGEST_INTEGER } from '../whole-numbers.js';

const CONSTRAINTS: Constraints = {
  ...ONE_STREAM,
  TargetShardCount: { range: [1, LARGEST_INTEGER] },
  ScalingType: { enum: ['UNIFORM_SCALING'] },
};

/** UpdateShardCount: at most double or half, ten times in 24 hours; shards of equal width a moment later. */
export const updateShardCount = defineOperation('kinesis', 'UpdateShardCount').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    requireProvisioned(stream, context);
    requireActive(stream, context);
    const current = stream.openShards.length;
    const target = input.TargetShardCount;
    if (!canReshardAtOnce(current, target)) {
      const what =
        target > RESHARD.maxShards
          ? `scale up to more than ${RESHARD.maxShards} shards.`
          : target > current
            ? 'scale up over double your current open shard count.'
            : 'scale down below half your current open shard count.';
      throw limitExceeded(
        `UpdateShardCount cannot ${what} Current open shard count: ${current} Target shard count: ${target}`,
      );
    }
    checkShardLimit(state.region(context.region), target - current, context);
    const call = { operation: 'UpdateShardCount', stream, context };
    countCallOfDay(state, stream.reshardedMs, RESHARD.timesPerDay, call);
    state.update(stream, () => reshard(stream, target));
    return {
      StreamName: stream.name,
      StreamARN: stream.arn,
      CurrentShardCount: current,
      TargetShardCount: target,
    };
  },
});
