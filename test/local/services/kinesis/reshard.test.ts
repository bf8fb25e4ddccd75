import type { Shard } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { HASH_KEY_COUNT } from '../../../../src/lib/stream/hash-key.js';
import { type KinesisInProcess, startKinesis } from './kinesis-in-process.js';

const HALF = String(HASH_KEY_COUNT / 2n);

const shardsOf = async (kinesis: KinesisInProcess['kinesis']): Promise<Shard[]> =>
  (await kinesis.ListShards({ StreamName: 'orders' })).Shards as Shard[];
const isOpen = (shard: Shard): boolean => shard.SequenceNumberRange?.EndingSequenceNumber === undefined;
const rangesOf = (shards: Shard[]) =>
  shards
    .map(({ HashKeyRange: range }) => ({
      start: BigInt(range?.StartingHashKey ?? 0),
      end: BigInt(range?.EndingHashKey ?? 0),
    }))
    .sort((a, b) => (a.start < b.start ? -1 : 1));

/** The open shards are as many, follow one another without a gap, and are of equal width to a millionth. */
function expectEven(shards: Shard[], count: number): void {
  const ranges = rangesOf(shards.filter(isOpen));
  expect(ranges).toHaveLength(count);
  let start = 0n;
  for (const range of ranges) {
    expect(range.start).toBe(start);
    const difference = (range.end - range.start + 1n) * BigInt(count) - HASH_KEY_COUNT;
    expect(difference < 0n ? -difference : difference).toBeLessThan(HASH_KEY_COUNT / 1_000_000n);
    start = range.end + 1n;
  }
  expect(start).toBe(HASH_KEY_COUNT);
}

describe('SplitShard', () => {
  it('closes the parent and opens two children, after a moment of UPDATING', async () => {
    const { kinesis, create, settle } = startKinesis();
    await create('orders');
    await kinesis.SplitShard({ StreamName: 'orders', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: HALF });
    const summary = await kinesis.DescribeStreamSummary({ StreamName: 'orders' });
    expect(summary.StreamDescriptionSummary).toMatchObject({ StreamStatus: 'UPDATING', OpenShardCount: 1 });
    await kinesis.PutRecord({ StreamName: 'orders', Data: Buffer.from('x'), PartitionKey: 'k' });
    settle();
    const [parent, low, high] = await shardsOf(kinesis);
    expect(parent?.SequenceNumberRange?.EndingSequenceNumber).toMatch(/^\d{56}$/);
    expect(low).toMatchObject({
      ShardId: 'shardId-000000000001',
      ParentShardId: 'shardId-000000000000',
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(BigInt(HALF) - 1n) },
    });
    expect(high).toMatchObject({
      ShardId: 'shardId-000000000002',
      ParentShardId: 'shardId-000000000000',
      HashKeyRange: { StartingHashKey: HALF, EndingHashKey: String(HASH_KEY_COUNT - 1n) },
    });
    const put = await kinesis.PutRecord({
      StreamName: 'orders',
      Data: Buffer.from('x'),
      PartitionKey: 'k',
      ExplicitHashKey: HALF,
    });
    expect(put.ShardId).toBe('shardId-000000000002');
    for (const child of [low, high]) {
      expect(BigInt(child?.SequenceNumberRange?.StartingSequenceNumber ?? 0)).toBeGreaterThan(
        BigInt(parent?.SequenceNumberRange?.EndingSequenceNumber ?? 0),
      );
    }
  });

  it.each([
    [
      { ShardToSplit: 'shardId-000000000009', NewStartingHashKey: HALF },
      'ResourceNotFoundException',
      /^Could not find shard shardId-000000000009 in stream orders/,
    ],
    [
      { ShardToSplit: 'shardId-000000000000', NewStartingHashKey: HALF },
      'InvalidArgumentException',
      /already been merged or split/,
    ],
    [
      { ShardToSplit: 'shardId-000000000001', NewStartingHashKey: HALF },
      'InvalidArgumentException',
      /is not both greater than one plus/,
    ],
    [
      { ShardToSplit: 'shardId-000000000001', NewStartingHashKey: '1' },
      'InvalidArgumentException',
      /is not both greater than one plus/,
    ],
    [{ ShardToSplit: 'shardId-000000000001', NewStartingHashKey: '01' }, 'ValidationException', /newStartingHashKey/],
  ])('refuses %j', async (input, code, message) => {
    const { kinesis, create, settle } = startKinesis();
    await create('orders');
    await kinesis.SplitShard({ StreamName: 'orders', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: HALF });
    await expect(kinesis.SplitShard({ StreamName: 'orders', ...input })).rejects.toMatchObject({
      code: code === 'ValidationException' ? code : 'ResourceInUseException',
    });
    settle();
    await expect(kinesis.SplitShard({ StreamName: 'orders', ...input })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe('MergeShards', () => {
  it('joins two neighbours, named in either order', async () => {
    for (const [first, second] of [
      [0, 1],
      [1, 0],
    ]) {
      const { kinesis, create, settle } = startKinesis();
      await create('orders', 3);
      await kinesis.MergeShards({
        StreamName: 'orders',
        ShardToMerge: `shardId-00000000000${first}`,
        AdjacentShardToMerge: `shardId-00000000000${second}`,
      });
      settle();
      const shards = await shardsOf(kinesis);
      expect(shards.filter(isOpen).map((shard) => shard.ShardId)).toEqual([
        'shardId-000000000002',
        'shardId-000000000003',
      ]);
      expect(shards[3]).toMatchObject({
        ParentShardId: `shardId-00000000000${first}`,
        AdjacentParentShardId: `shardId-00000000000${second}`,
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: '226854911280625642308916404954512140969' },
      });
    }
  });

  it('refuses shards that are not neighbours', async () => {
    const { kinesis, create } = startKinesis();
    await create('orders', 3);
    const merge = (ShardToMerge: string, AdjacentShardToMerge: string) =>
      kinesis.MergeShards({ StreamName: 'orders', ShardToMerge, AdjacentShardToMerge });
    await expect(merge('shardId-000000000000', 'shardId-000000000002')).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message:
        'Shards shardId-000000000000 and shardId-000000000002 in stream orders under account 000000000000 are not an adjacent pair of shards eligible for merging',
    });
    await expect(merge('shardId-000000000000', 'shardId-000000000000')).rejects.toMatchObject({
      code: 'InvalidArgumentException',
    });
  });
});

describe('UpdateShardCount', () => {
  const update = (kinesis: KinesisInProcess['kinesis'], TargetShardCount: number) =>
    kinesis.UpdateShardCount({ StreamName: 'orders', TargetShardCount, ScalingType: 'UNIFORM_SCALING' });

  it.each([
    [1, 2],
    [2, 3],
    [4, 2],
    [4, 3],
    [3, 5],
    [7, 11],
    [6, 3],
    [5, 5],
  ])('from %i to %i leaves even ranges and a lineage without gaps', async (from, to) => {
    const { kinesis, create, settle } = startKinesis();
    await create('orders', from);
    expect(await update(kinesis, to)).toMatchObject({
      StreamName: 'orders',
      CurrentShardCount: from,
      TargetShardCount: to,
    });
    settle();
    const shards = await shardsOf(kinesis);
    expectEven(shards, to);
    const byId = new Map(shards.map((shard) => [shard.ShardId, shard]));
    for (const shard of shards) {
      const parents = [shard.ParentShardId, shard.AdjacentParentShardId].flatMap((id) => byId.get(id ?? '') ?? []);
      for (const parent of parents) {
        expect(isOpen(parent)).toBe(false);
        expect(BigInt(shard.SequenceNumberRange?.StartingSequenceNumber ?? 0)).toBeGreaterThan(
          BigInt(parent.SequenceNumberRange?.EndingSequenceNumber ?? 0),
        );
      }
    }
  });

  it.each([2, 3, 5, 6, 7, 100])('doubles and halves %i shards without short-lived ones', async (count) => {
    const { kinesis, create, settle } = startKinesis();
    await create('orders', count);
    await update(kinesis, 2 * count);
    settle();
    expect(await shardsOf(kinesis)).toHaveLength(3 * count);
    await update(kinesis, count);
    settle();
    expect(await shardsOf(kinesis)).toHaveLength(4 * count);
    expectEven(await shardsOf(kinesis), count);
  });

  // Seen on AWS: https://github.com/risingwavelabs/risingwave/issues/9961
  it('goes from the lowest hash key up, so four shards to three leaves 6, 9 and 10', async () => {
    const { kinesis, create, settle } = startKinesis();
    await create('orders', 4);
    await update(kinesis, 3);
    settle();
    const shards = await shardsOf(kinesis);
    expect(
      shards.map((shard) =>
        [shard.ParentShardId, shard.AdjacentParentShardId].map((id) => Number(id?.slice(-12) ?? -1)),
      ),
    ).toEqual([
      ...Array.from({ length: 4 }, () => [-1, -1]),
      [1, -1],
      [1, -1],
      [0, 4],
      [2, -1],
      [2, -1],
      [5, 7],
      [8, 3],
    ]);
    expect(shards.filter(isOpen).map((shard) => Number(shard.ShardId?.slice(-12)))).toEqual([6, 9, 10]);
  });

  it('leaves no slivers after many steps', async () => {
    const { kinesis, create, settle } = startKinesis();
    await create('orders', 3);
    for (const count of [6, 12, 20, 10, 5, 3, 2]) {
      await update(kinesis, count);
      settle();
      expectEven(await shardsOf(kinesis), count);
    }
    const shards = await shardsOf(kinesis);
    expect(shards).toHaveLength(3 + 6 + 12 + 40 + 10 + 5 + 8 + 4);
    for (const { start, end } of rangesOf(shards)) expect(end - start).toBeGreaterThan(HASH_KEY_COUNT / 100n);
  });

  it('evens out shards that were split by hand', async () => {
    const { kinesis, create, settle } = startKinesis();
    await create('orders');
    const split = async (ShardToSplit: string, NewStartingHashKey: string) => {
      await kinesis.SplitShard({ StreamName: 'orders', ShardToSplit, NewStartingHashKey });
      settle();
    };
    await split('shardId-000000000000', '2');
    await split('shardId-000000000002', String(HASH_KEY_COUNT - 2n));
    await update(kinesis, 3);
    settle();
    expectEven(await shardsOf(kinesis), 3);
  });

  it('allows double and half, no more', async () => {
    const { kinesis, create } = startKinesis();
    await create('orders', 5);
    await expect(update(kinesis, 11)).rejects.toMatchObject({
      code: 'LimitExceededException',
      message:
        'UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 5 Target shard count: 11',
    });
    await expect(update(kinesis, 2)).rejects.toMatchObject({
      code: 'LimitExceededException',
      message:
        'UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: 5 Target shard count: 2',
    });
    await update(kinesis, 3);
  });

  it('allows ten calls in 24 hours', async () => {
    const { kinesis, create, settle, clock } = startKinesis();
    await create('orders', 2);
    for (let call = 0; call < 10; call++) {
      await update(kinesis, call % 2 === 0 ? 3 : 2);
      settle();
    }
    await expect(update(kinesis, 3)).rejects.toMatchObject({ code: 'LimitExceededException' });
    clock.advance(86_400_000);
    await update(kinesis, 3);
  });

  it('is not for on-demand streams', async () => {
    const { kinesis, settle } = startKinesis();
    await kinesis.CreateStream({ StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    settle();
    const refusal = {
      code: 'ValidationException',
      message: 'Request is invalid. Stream orders under account 000000000000 is in On-Demand mode.',
    };
    await expect(update(kinesis, 8)).rejects.toMatchObject(refusal);
    await expect(
      kinesis.SplitShard({ StreamName: 'orders', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '5' }),
    ).rejects.toMatchObject(refusal);
  });
});
