import { describe, expect, it } from 'vitest';
import { startKinesis } from './kinesis-in-process.js';

const HOUR_MS = 3_600_000;

async function hourly(hours: number, retentionHours = 24) {
  const started = startKinesis();
  const { kinesis, create, clock, settle } = started;
  await create('orders');
  if (retentionHours > 24) {
    await kinesis.IncreaseStreamRetentionPeriod({ StreamName: 'orders', RetentionPeriodHours: retentionHours });
    settle();
  }
  for (let hour = 0; hour < hours; hour++) {
    await kinesis.PutRecord({ StreamName: 'orders', Data: Buffer.from(String(hour)), PartitionKey: 'k' });
    clock.advance(HOUR_MS);
  }
  const read = async (): Promise<number[]> => {
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const { Records } = await kinesis.GetRecords({ ShardIterator });
    return (Records ?? []).map((record) => Number(Buffer.from(record.Data ?? []).toString()));
  };
  return { ...started, read };
}

describe('retention', () => {
  it('keeps 24 hours, exactly', async () => {
    const { read, clock } = await hourly(30);
    expect((await read())[0]).toBe(6);
    clock.advance(1);
    expect((await read())[0]).toBe(7);
    clock.advance(48 * HOUR_MS);
    expect(await read()).toEqual([]);
  });

  it('moves an iterator that has fallen behind to the oldest record there is', async () => {
    const { kinesis, clock } = await hourly(2);
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    clock.advance(22 * HOUR_MS + 1 - 240_000);
    await expect(kinesis.GetRecords({ ShardIterator })).rejects.toMatchObject({ code: 'ExpiredIteratorException' });
    clock.advance(239_000);
    const fresh = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    clock.advance(120_000);
    const { Records } = await kinesis.GetRecords({ ShardIterator: fresh.ShardIterator });
    expect(Records?.map((record) => Buffer.from(record.Data ?? []).toString())).toEqual(['1']);
  });

  it('grown, does not bring back what had expired; shrunk, drops at once', async () => {
    const { kinesis, read, settle } = await hourly(30);
    await kinesis.IncreaseStreamRetentionPeriod({ StreamName: 'orders', RetentionPeriodHours: 8760 });
    settle();
    expect((await read())[0]).toBe(7);
    const long = await hourly(40, 48);
    expect((await long.read())[0]).toBe(0);
    await long.kinesis.DecreaseStreamRetentionPeriod({ StreamName: 'orders', RetentionPeriodHours: 24 });
    long.settle();
    expect((await long.read())[0]).toBe(17);
  });

  it('changes while the stream is UPDATING, as AWS does; to what it is already, not at all', async () => {
    const { kinesis, settle } = await hourly(0);
    const summary = async () =>
      (await kinesis.DescribeStreamSummary({ StreamName: 'orders' })).StreamDescriptionSummary;
    for (const [direction, RetentionPeriodHours] of [
      ['Increase', 48],
      ['Decrease', 24],
    ] as const) {
      const before = (await summary())?.RetentionPeriodHours;
      await kinesis[`${direction}StreamRetentionPeriod`]({ StreamName: 'orders', RetentionPeriodHours });
      expect(await summary()).toMatchObject({ StreamStatus: 'UPDATING', RetentionPeriodHours: before });
      settle();
      expect(await summary()).toMatchObject({ StreamStatus: 'ACTIVE', RetentionPeriodHours });
      await kinesis[`${direction}StreamRetentionPeriod`]({ StreamName: 'orders', RetentionPeriodHours });
      expect(await summary()).toMatchObject({ StreamStatus: 'ACTIVE' });
    }
  });

  it('forgets a closed shard, and its place in the lineage, once all of it has expired', async () => {
    const { kinesis, settle, clock } = await hourly(1);
    await kinesis.UpdateShardCount({ StreamName: 'orders', TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' });
    settle();
    clock.advance(24 * HOUR_MS + 1);
    expect((await kinesis.ListShards({ StreamName: 'orders' })).Shards?.map((shard) => shard.ShardId)).toEqual([
      'shardId-000000000001',
      'shardId-000000000002',
    ]);
    await expect(
      kinesis.GetShardIterator({
        StreamName: 'orders',
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    ).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Shard shardId-000000000000 in stream orders under account 000000000000 does not exist',
    });
  });

  it.each([
    [
      'Increase',
      23,
      'Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
    ],
    [
      'Increase',
      8761,
      'Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.',
    ],
    [
      'Increase',
      47,
      'Requested retention period (47 hours) for stream orders can not be shorter than existing retention period (48 hours). Use DecreaseRetentionPeriod API.',
    ],
    [
      'Decrease',
      49,
      'Requested retention period (49 hours) for stream orders can not be longer than existing retention period (48 hours). Use IncreaseRetentionPeriod API.',
    ],
  ] as const)('%s to %i hours is refused', async (direction, RetentionPeriodHours, message) => {
    const { kinesis } = await hourly(0, 48);
    await expect(
      kinesis[`${direction}StreamRetentionPeriod`]({ StreamName: 'orders', RetentionPeriodHours }),
    ).rejects.toMatchObject({ code: 'InvalidArgumentException', message });
  });
});

describe('the bound on memory', () => {
  it('takes the oldest records of all streams, says so once, and readers go on with what is left', async () => {
    const { kinesis, create, log, clock } = startKinesis({ limits: 'off', memoryBytes: 1024 * 1024 });
    await create('quiet');
    await create('busy', 2);
    const put = (StreamName: string, count: number) =>
      kinesis.PutRecords({
        StreamName,
        Records: Array.from({ length: count }, (_, i) => ({ Data: Buffer.alloc(1000), PartitionKey: `k${i}` })),
      });
    const iterator = async (StreamName: string) =>
      (
        await kinesis.GetShardIterator({
          StreamName,
          ShardId: 'shardId-000000000000',
          ShardIteratorType: 'TRIM_HORIZON',
        })
      ).ShardIterator;
    await put('quiet', 10);
    const early = await iterator('busy');
    for (let call = 0; call < 20; call++) {
      clock.advance(10);
      await put('busy', 400);
    }
    expect((await kinesis.GetRecords({ ShardIterator: await iterator('quiet') })).Records).toEqual([]);
    const left = (await kinesis.GetRecords({ ShardIterator: early })).Records ?? [];
    expect(left.length).toBeGreaterThan(200);
    expect(left.length).toBeLessThan(700);
    expect(left.at(-1)?.ApproximateArrivalTimestamp?.getTime()).toBe(clock.now());
    expect(log).toEqual([expect.stringMatching(/^kinesis: stored records reached 1\.0 MiB; .*--memory/)]);
  });
});
