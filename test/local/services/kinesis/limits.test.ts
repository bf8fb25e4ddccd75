import { describe, expect, it } from 'vitest';
import { startKinesis } from './kinesis-in-process.js';

const MIB = 1024 * 1024;

const entries = (count: number, bytes = 10, hashKey?: string) =>
  Array.from({ length: count }, (_, i) => ({
    Data: Buffer.alloc(bytes),
    PartitionKey: 'k',
    ...(hashKey !== undefined && { ExplicitHashKey: hashKey }),
    i,
  })).map(({ i: _, ...entry }) => entry);

describe('what a shard takes in', () => {
  it('is 1,000 records at once, then 1,000 a second, evenly', async () => {
    const { kinesis, create, clock } = startKinesis();
    await create('orders');
    const put = async (count: number): Promise<number> =>
      count - ((await kinesis.PutRecords({ StreamName: 'orders', Records: entries(count) })).FailedRecordCount ?? 0);
    expect(await put(500)).toBe(500);
    expect(await put(500)).toBe(500);
    expect(await put(500)).toBe(0);
    clock.advance(100);
    expect(await put(500)).toBe(100);
    clock.advance(5000);
    expect(await put(500)).toBe(500);
    expect(await put(500)).toBe(500);
    expect(await put(1)).toBe(0);
  });

  it('fails the entries over the limit and only those, with the shard, stream and account named', async () => {
    const { kinesis, create } = startKinesis();
    await create('orders', 2);
    const Records = [
      { Data: Buffer.alloc(MIB - 1), PartitionKey: 'k', ExplicitHashKey: '0' },
      { Data: Buffer.alloc(100), PartitionKey: 'k', ExplicitHashKey: '0' },
      { Data: Buffer.alloc(100), PartitionKey: 'k', ExplicitHashKey: '340282366920938463463374607431768211455' },
    ];
    const answer = await kinesis.PutRecords({ StreamName: 'orders', Records });
    expect(answer.FailedRecordCount).toBe(1);
    expect(answer.Records?.[0]?.ShardId).toBe('shardId-000000000000');
    expect(answer.Records?.[1]).toEqual({
      ErrorCode: 'ProvisionedThroughputExceededException',
      ErrorMessage: 'Rate exceeded for shard shardId-000000000000 in stream orders under account 000000000000.',
    });
    expect(answer.Records?.[2]?.ShardId).toBe('shardId-000000000001');
  });

  it('is 1 MiB a second, keys included', async () => {
    const { kinesis, create, clock } = startKinesis();
    await create('orders');
    const put = (bytes: number) =>
      kinesis.PutRecord({ StreamName: 'orders', Data: Buffer.alloc(bytes - 1), PartitionKey: 'k' });
    await put(MIB);
    await expect(put(1)).rejects.toMatchObject({
      code: 'ProvisionedThroughputExceededException',
      message: 'Rate exceeded for shard shardId-000000000000 in stream orders under account 000000000000.',
    });
    clock.advance(500);
    await put(MIB / 2);
    await expect(put(MIB / 2)).rejects.toMatchObject({ code: 'ProvisionedThroughputExceededException' });
  });

  it('may be a 10 MiB record now and then, and then nothing until the average holds again', async () => {
    const { kinesis, create, clock, settle } = startKinesis();
    await create('orders');
    const { StreamDescriptionSummary: summary } = await kinesis.DescribeStreamSummary({ StreamName: 'orders' });
    await kinesis.UpdateMaxRecordSize({ StreamARN: summary?.StreamARN, MaxRecordSizeInKiB: 10_240 });
    settle();
    const put = (bytes: number) =>
      kinesis.PutRecord({ StreamName: 'orders', Data: Buffer.alloc(bytes - 1), PartitionKey: 'k' });
    await put(100);
    await put(10 * MIB);
    clock.advance(8900);
    await expect(put(1)).rejects.toMatchObject({ code: 'ProvisionedThroughputExceededException' });
    clock.advance(200);
    await put(1);
  });

  it('is four shards of that for a new on-demand stream', async () => {
    const { kinesis, settle } = startKinesis();
    await kinesis.CreateStream({ StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    settle();
    let accepted = 0;
    for (let call = 0; call < 20; call++) {
      const Records = Array.from({ length: 500 }, (_, i) => ({ Data: Buffer.alloc(1), PartitionKey: `${call}-${i}` }));
      accepted += 500 - ((await kinesis.PutRecords({ StreamName: 'orders', Records })).FailedRecordCount ?? 0);
    }
    expect(accepted).toBe(4000);
  });

  it('is everything with limits off', async () => {
    const { kinesis, create } = startKinesis({ limits: 'off' });
    await create('orders');
    for (let call = 0; call < 10; call++) {
      const answer = await kinesis.PutRecords({ StreamName: 'orders', Records: entries(500, 2000) });
      expect(answer.FailedRecordCount).toBe(0);
    }
  });
});

describe('what a shard gives out', () => {
  async function filled(bytes: number, calls: number) {
    const started = startKinesis();
    const { kinesis, create, clock } = started;
    await create('orders');
    for (let call = 0; call < calls; call++) {
      await kinesis.PutRecords({ StreamName: 'orders', Records: entries(1, bytes) });
      clock.advance(1000);
    }
    const iterator = async () =>
      (
        await kinesis.GetShardIterator({
          StreamName: 'orders',
          ShardId: 'shardId-000000000000',
          ShardIteratorType: 'TRIM_HORIZON',
        })
      ).ShardIterator;
    const wire = { requestId: '', region: 'us-east-1', accountId: '000000000000', headers: {} };
    const { signal } = new AbortController();
    const get = async (origin: 'wire' | 'internal', Limit?: number) =>
      started.service.handlers.GetRecords?.(
        { ShardIterator: (await iterator()) ?? '', Limit },
        { ...wire, signal, origin },
      );
    return { ...started, get };
  }
  const throttled = {
    code: 'ProvisionedThroughputExceededException',
    message: 'Rate exceeded for Shard - 000000000000/orders/shardId-000000000000',
  };

  it('is five answers a second', async () => {
    const { get, clock } = await filled(10, 1);
    for (let call = 0; call < 5; call++) await get('wire');
    await expect(get('wire')).rejects.toMatchObject(throttled);
    clock.advance(200);
    await get('wire');
    await expect(get('wire')).rejects.toMatchObject(throttled);
  });

  it('does not count the calls of readers inside the endpoint, but their bytes', async () => {
    const { get } = await filled(1_000_000, 3);
    for (let call = 0; call < 20; call++) await get('internal', 1).catch(() => {});
    await expect(get('internal')).rejects.toMatchObject(throttled);
    const light = await filled(10, 1);
    for (let call = 0; call < 20; call++) await light.get('internal');
  });

  it('is 2 MiB a second: what goes beyond is owed', async () => {
    const { get, clock } = await filled(MIB - 1, 6);
    const answer = await get('wire');
    expect(answer?.Records).toHaveLength(6);
    clock.advance(1900);
    await expect(get('wire')).rejects.toMatchObject(throttled);
    clock.advance(200);
    await get('wire');
  });

  it('is 10 MiB at most in one answer, then nothing for five seconds', async () => {
    const { get, clock } = await filled(MIB - 1, 12);
    const answer = await get('wire');
    expect(answer?.Records).toHaveLength(10);
    clock.advance(4900);
    await expect(get('wire')).rejects.toMatchObject(throttled);
    clock.advance(200);
    await get('wire');
  });
});
