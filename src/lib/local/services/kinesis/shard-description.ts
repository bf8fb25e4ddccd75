import type { ChildShard, Shard as ShardDescription } from '@aws-sdk/client-kinesis';
import type { Shard } from './shard.js';

const rangeOf = (shard: Shard): { StartingHashKey: string; EndingHashKey: string } => ({
  StartingHashKey: shard.range.start.toString(),
  EndingHashKey: shard.range.end.toString(),
});

/** A shard as DescribeStream and ListShards show it. */
export const describeShard = (shard: Shard): ShardDescription => ({
  ShardId: shard.id,
  ...(shard.lineage.parentShardId !== undefined && { ParentShardId: shard.lineage.parentShardId }),
  ...(shard.lineage.adjacentParentShardId !== undefined && {
    AdjacentParentShardId: shard.lineage.adjacentParentShardId,
  }),
  HashKeyRange: rangeOf(shard),
  SequenceNumberRange: {
    StartingSequenceNumber: shard.numbers.starting(),
    ...(shard.closed && { EndingSequenceNumber: shard.numbers.ending(Math.floor(shard.closed.atMs / 1000)) }),
  },
});

/** What a reader at the end of a closed shard is told about where to go on. */
export const describeChildren = (shard: Shard): ChildShard[] =>
  (shard.closed?.children ?? []).map((child) => ({
    ShardId: child.id,
    ParentShards: [child.lineage.parentShardId, child.lineage.adjacentParentShardId].filter((id) => id !== undefined),
    HashKeyRange: rangeOf(child),
  }));
