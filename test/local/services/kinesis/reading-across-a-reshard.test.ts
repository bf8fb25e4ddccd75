import { describe, expect, it } from 'vitest';
import { HASH_KEY_COUNT } from '../../../../src/lib/stream/hash-key.js';
import { startKinesis } from './kinesis-in-process.js';

const HALF = String(HASH_KEY_COUNT / 2n);

describe('reading across a reshard', () => {
  it('gives every record once, children told at the end of the parent', async () => {
    const { kinesis, create, settle, clock } = startKinesis({ limits: 'off' });
    await create('orders', 2);
    const sent: string[] = [];
    const put = async (round: string) => {
      const Records = Array.from({ length: 40 }, (_, i) => ({
        Data: Buffer.from(`${round}-${i}`),
        PartitionKey: `key-${i}`,
      }));
      await kinesis.PutRecords({ StreamName: 'orders', Records });
      sent.push(...Records.map((record) => record.Data.toString()));
    };
    await put('before');
    await kinesis.UpdateShardCount({ StreamName: 'orders', TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' });
    settle();
    clock.advance(1000);
    await put('after');

    const seen: string[] = [];
    const numbers = new Map<string, bigint>();
    const done = new Set<string>();
    const queue = ['shardId-000000000000', 'shardId-000000000001'];
    for (let shardId = queue.shift(); shardId; shardId = queue.shift()) {
      if (done.has(shardId)) continue;
      done.add(shardId);
      let iterator = (
        await kinesis.GetShardIterator({ StreamName: 'orders', ShardId: shardId, ShardIteratorType: 'TRIM_HORIZON' })
      ).ShardIterator;
      for (let call = 0; iterator && call < 20; call++) {
        const answer = await kinesis.GetRecords({ ShardIterator: iterator, Limit: 7 });
        for (const record of answer.Records ?? []) {
          seen.push(Buffer.from(record.Data ?? []).toString());
          const key = record.PartitionKey ?? '';
          const number = BigInt(record.SequenceNumber ?? 0);
          expect(number).toBeGreaterThan(numbers.get(key) ?? 0n);
          numbers.set(key, number);
        }
        expect(answer.NextShardIterator === undefined).toBe((answer.ChildShards?.length ?? 0) > 0);
        iterator = answer.NextShardIterator;
        for (const child of answer.ChildShards ?? []) {
          expect(child.ParentShards).toContain(shardId);
          if ((child.ParentShards ?? []).every((parent) => done.has(parent))) queue.push(child.ShardId ?? '');
        }
      }
    }
    expect(seen.sort()).toEqual(sent.sort());
  });

  it('takes the ending sequence number of a closed shard as its end', async () => {
    const { kinesis, create, settle } = startKinesis();
    await create('orders');
    await kinesis.PutRecord({ StreamName: 'orders', Data: Buffer.from('x'), PartitionKey: 'k' });
    await kinesis.SplitShard({ StreamName: 'orders', ShardToSplit: 'shardId-000000000000', NewStartingHashKey: HALF });
    settle();
    const [parent] = (await kinesis.ListShards({ StreamName: 'orders' })).Shards ?? [];
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      StartingSequenceNumber: parent?.SequenceNumberRange?.EndingSequenceNumber,
    });
    const answer = await kinesis.GetRecords({ ShardIterator });
    expect(answer).toMatchObject({ Records: [], MillisBehindLatest: 0 });
    expect(answer.NextShardIterator).toBeUndefined();
    expect(answer.ChildShards).toEqual([
      {
        ShardId: 'shardId-000000000001',
        ParentShards: ['shardId-000000000000'],
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(BigInt(HALF) - 1n) },
      },
      {
        ShardId: 'shardId-000000000002',
        ParentShards: ['shardId-000000000000'],
        HashKeyRange: { StartingHashKey: HALF, EndingHashKey: String(HASH_KEY_COUNT - 1n) },
      },
    ]);
  });
});
