// What AWS refuses, and in which words. Constraints of the published model are broken one by one in test/interop; here is what only the
// documentation, or AWS itself, tells.
import { describe, expect, it } from 'vitest';
import { HASH_KEY_COUNT } from '../../../../src/lib/stream/hash-key.js';
import { call, FIRST, ON_STREAM, type Row, refuses, world } from './refusals.js';

describe('SplitShard, at the borders', () => {
  const END = HASH_KEY_COUNT / 2n - 1n;
  const split = (NewStartingHashKey: bigint) => ({
    ...ON_STREAM,
    ShardToSplit: FIRST,
    NewStartingHashKey: String(NewStartingHashKey),
  });
  const outside = (key: bigint): Row => [
    split(key),
    'InvalidArgumentException',
    `NewStartingHashKey ${key} used in SplitShard() on shard ${FIRST} in stream orders under account 000000000000 ` +
      `is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey ${END}.`,
  ];
  refuses('SplitShard', [
    outside(0n),
    outside(1n),
    outside(END),
    outside(END + 1n),
    [
      { ...split(9n), ShardToSplit: 'shardId-5' },
      'ResourceNotFoundException',
      'Could not find shard shardId-000000000005 in stream orders under account 000000000000.',
    ],
    [
      { ...split(9n), ShardToSplit: 'nonsense' },
      'ResourceNotFoundException',
      'Could not find shard nonsense in stream orders under account 000000000000.',
    ],
  ]);
  it.each([2n, END - 1n])('takes %i', async (key) => {
    const { kinesis } = await world();
    await call(kinesis, 'SplitShard', split(key));
  });
});

describe('MergeShards', () => {
  const merge = (ShardToMerge: string, AdjacentShardToMerge: string) => ({
    ...ON_STREAM,
    ShardToMerge,
    AdjacentShardToMerge,
  });
  refuses('MergeShards', [
    [
      merge(FIRST, 'shardId-000000000007'),
      'ResourceNotFoundException',
      /^Could not find shard shardId-000000000007 in/,
    ],
    [
      merge('shardId-000000000007', FIRST),
      'ResourceNotFoundException',
      /^Could not find shard shardId-000000000007 in/,
    ],
    [
      merge(FIRST, FIRST),
      'InvalidArgumentException',
      `Shards ${FIRST} and ${FIRST} in stream orders under account 000000000000 are not an adjacent pair of shards eligible for merging`,
    ],
  ]);

  it('refuses shards that are closed', async () => {
    const { kinesis, settle } = await world();
    await call(kinesis, 'MergeShards', merge(FIRST, 'shardId-000000000001'));
    settle();
    await expect(call(kinesis, 'MergeShards', merge(FIRST, 'shardId-000000000001'))).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: `Shard ${FIRST} in stream orders under account 000000000000 has already been merged or split, and thus is not eligible for merging or splitting.`,
    });
  });
});

describe('UpdateShardCount', () => {
  const update = (TargetShardCount: number, StreamName = 'orders') => ({
    StreamName,
    TargetShardCount,
    ScalingType: 'UNIFORM_SCALING',
  });
  refuses('UpdateShardCount', [
    [update(0), 'ValidationException', /'targetShardCount'.*greater than or equal to 1$/],
    [
      update(5),
      'LimitExceededException',
      'UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 2 Target shard count: 5',
    ],
    [
      update(150_000),
      'LimitExceededException',
      'UpdateShardCount cannot scale up to more than 10000 shards. Current open shard count: 2 Target shard count: 150000',
    ],
    [
      { ...update(2), ScalingType: 'EVEN' },
      'ValidationException',
      /'scalingType'.*enum value set: \[UNIFORM_SCALING\]$/,
    ],
    [
      update(8, 'demand'),
      'ValidationException',
      'Request is invalid. Stream demand under account 000000000000 is in On-Demand mode.',
    ],
  ]);
});
