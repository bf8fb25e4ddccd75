import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { invalidArgument } from '../aws-errors.js';
import { ONE_STREAM, SHARD_ID } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { openShard } from '../open-shard.js';
import { requireActive, requireProvisioned } from '../stream-state.js';

const CONSTRAINTS: Constraints = { ...ONE_STREAM, ShardToMerge: SHARD_ID, AdjacentShardToMerge: SHARD_ID };

/** MergeShards: UPDATING at once; a moment later both shards are closed and one child takes the records of both. */
export const mergeShards = defineOperation('kinesis', 'MergeShards').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    requireProvisioned(stream, context);
    requireActive(stream, context);
    const shard = openShard(stream, input.ShardToMerge, context);
    const adjacent = openShard(stream, input.AdjacentShardToMerge, context);
    if (shard.range.end + 1n !== adjacent.range.start && adjacent.range.end + 1n !== shard.range.start) {
      throw invalidArgument(
        `Shards ${shard.id} and ${adjacent.id} in stream ${stream.name} under account ${context.accountId} ` +
          'are not an adjacent pair of shards eligible for merging',
      );
    }
    state.update(stream, () => stream.merge(shard, adjacent));
    return {};
  },
});
