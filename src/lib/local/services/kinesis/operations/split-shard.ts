import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { invalidArgument } from '../aws-errors.js';
import { HASH_KEY, ONE_STREAM, SHARD_ID } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { openShard } from '../open-shard.js';
import { checkShardLimit } from '../shard-limit.js';
import { requireActive, requireProvisioned } from '../stream-state.js';

const CONSTRAINTS: Constraints = { ...ONE_STREAM, ShardToSplit: SHARD_ID, NewStartingHashKey: HASH_KEY };

/** SplitShard: UPDATING at once; a moment later the shard is closed and its two children take the records. */
export const splitShard = defineOperation('kinesis', 'SplitShard').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    requireProvisioned(stream, context);
    requireActive(stream, context);
    const shard = openShard(stream, input.ShardToSplit, context);
    checkShardLimit(state.region(context.region), 1, context);
    const at = BigInt(input.NewStartingHashKey);
    if (at <= shard.range.start + 1n || at >= shard.range.end) {
      throw invalidArgument(
        `NewStartingHashKey ${input.NewStartingHashKey} used in SplitShard() on shard ${shard.id} in stream ${stream.name} ` +
          `under account ${context.accountId} is not both greater than one plus the shard's StartingHashKey ` +
          `${shard.range.start} and less than the shard's EndingHashKey ${shard.range.end}.`,
      );
    }
    state.update(stream, () => stream.split(shard, at));
    return {};
  },
});
