import { describe, expect, it } from 'vitest';
import { type KinesisInProcess, startKinesis } from './kinesis-in-process.js';

const SHARD = 'shardId-000000000000';

async function orders(count = 10) {
  const started = startKinesis({ limits: 'off' });
  const { kinesis, create, clock } = started;
  await create('orders');
  const numbers: string[] = [];
  const arrivals: number[] = [];
  for (let i = 0; i < count; i++) {
    clock.advance(1000);
    arrivals.push(clock.now());
    const put = await kinesis.PutRecord({ StreamName: 'orders', Data: Buffer.from(String(i)), PartitionKey: 'k' });
    numbers.push(put.SequenceNumber ?? '');
  }
  return { ...started, numbers, arrivals };
}

async function read(
  { kinesis }: Pick<KinesisInProcess, 'kinesis'>,
  ShardIteratorType: 'TRIM_HORIZON' | 'LATEST' | 'AT_TIMESTAMP' | 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER',
  position: { StartingSequenceNumber?: string; Timestamp?: Date } = {},
): Promise<string[]> {
  const { ShardIterator } = await kinesis.GetShardIterator({
    StreamName: 'orders',
    ShardId: SHARD,
    ShardIteratorType,
    ...position,
  });
  const { Records } = await kinesis.GetRecords({ ShardIterator });
  return (Records ?? []).map((record) => Buffer.from(record.Data ?? []).toString());
}

describe('the five positions', () => {
  it('TRIM_HORIZON and LATEST', async () => {
    const started = await orders();
    expect(await read(started, 'TRIM_HORIZON')).toHaveLength(10);
    expect(await read(started, 'LATEST')).toEqual([]);
  });

  it('LATEST means what arrives after the iterator was made', async () => {
    const { kinesis } = await orders();
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: SHARD,
      ShardIteratorType: 'LATEST',
    });
    await kinesis.PutRecord({ StreamName: 'orders', Data: Buffer.from('new'), PartitionKey: 'k' });
    expect((await kinesis.GetRecords({ ShardIterator })).Records).toHaveLength(1);
  });

  it('AT_ and AFTER_SEQUENCE_NUMBER', async () => {
    const started = await orders();
    const StartingSequenceNumber = started.numbers[7] ?? '';
    expect(await read(started, 'AT_SEQUENCE_NUMBER', { StartingSequenceNumber })).toEqual(['7', '8', '9']);
    expect(await read(started, 'AFTER_SEQUENCE_NUMBER', { StartingSequenceNumber })).toEqual(['8', '9']);
  });

  it('a shard starts at its StartingSequenceNumber', async () => {
    const started = await orders();
    const { Shards } = await started.kinesis.ListShards({ StreamName: 'orders' });
    const StartingSequenceNumber = Shards?.[0]?.SequenceNumberRange?.StartingSequenceNumber ?? '';
    expect(await read(started, 'AT_SEQUENCE_NUMBER', { StartingSequenceNumber })).toHaveLength(10);
    expect(await read(started, 'AFTER_SEQUENCE_NUMBER', { StartingSequenceNumber })).toHaveLength(10);
  });

  it('AT_TIMESTAMP gives the record of that instant, or the next later one', async () => {
    const started = await orders();
    const at = (ms: number) => read(started, 'AT_TIMESTAMP', { Timestamp: new Date(ms) });
    expect(await at(started.arrivals[8] ?? 0)).toEqual(['8', '9']);
    expect(await at((started.arrivals[8] ?? 0) + 1)).toEqual(['9']);
    expect(await at(0)).toHaveLength(10);
  });
});

describe('at the edges of a shard', () => {
  it('a number or an instant that is trimmed away stands for the oldest record there is', async () => {
    const started = await orders();
    started.clock.advance(24 * 3_600_000 - 4_500); // the first five are gone
    const oldest = ['5', '6', '7', '8', '9'];
    for (const StartingSequenceNumber of started.numbers.slice(0, 5)) {
      expect(await read(started, 'AT_SEQUENCE_NUMBER', { StartingSequenceNumber })).toEqual(oldest);
      expect(await read(started, 'AFTER_SEQUENCE_NUMBER', { StartingSequenceNumber })).toEqual(oldest);
    }
    expect(await read(started, 'AT_TIMESTAMP', { Timestamp: new Date(started.arrivals[0] ?? 0) })).toEqual(oldest);
    expect(await read(started, 'TRIM_HORIZON')).toEqual(oldest);
    const { Shards } = await started.kinesis.ListShards({ StreamName: 'orders' });
    const StartingSequenceNumber = Shards?.[0]?.SequenceNumberRange?.StartingSequenceNumber ?? '';
    expect(await read(started, 'AT_SEQUENCE_NUMBER', { StartingSequenceNumber })).toEqual(oldest);
  });

  it('every position past the last record of a closed shard ends at once, with the children', async () => {
    const { kinesis, numbers, clock, settle } = await orders(3);
    await kinesis.UpdateShardCount({ StreamName: 'orders', TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' });
    settle();
    clock.advance(1000);
    for (const position of [
      { ShardIteratorType: 'LATEST' },
      { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(clock.now()) },
      { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: numbers[2] },
    ] as const) {
      const { ShardIterator } = await kinesis.GetShardIterator({ StreamName: 'orders', ShardId: SHARD, ...position });
      const answer = await kinesis.GetRecords({ ShardIterator });
      expect(answer).toMatchObject({ Records: [], MillisBehindLatest: 0 });
      expect(answer.NextShardIterator).toBeUndefined();
      expect(answer.ChildShards?.map((child) => child.ShardId)).toEqual([
        'shardId-000000000001',
        'shardId-000000000002',
      ]);
    }
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: SHARD,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const page = await kinesis.GetRecords({ ShardIterator, Limit: 2 });
    expect([page.Records?.length, page.ChildShards, typeof page.NextShardIterator]).toEqual([2, undefined, 'string']);
    const last = await kinesis.GetRecords({ ShardIterator: page.NextShardIterator, Limit: 2 });
    expect([last.Records?.length, last.ChildShards?.length, last.NextShardIterator]).toEqual([1, 2, undefined]);
  });

  it('one answer has 10,000 records at most, or as many as asked for', async () => {
    const started = startKinesis({ limits: 'off' });
    const { kinesis, create } = started;
    await create('orders');
    const Records = Array.from({ length: 500 }, () => ({ Data: Buffer.from('x'), PartitionKey: 'k' }));
    for (let call = 0; call < 21; call++) await kinesis.PutRecords({ StreamName: 'orders', Records });
    expect(await read(started, 'TRIM_HORIZON')).toHaveLength(10_000);
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: SHARD,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    expect((await kinesis.GetRecords({ ShardIterator, Limit: 1 })).Records).toHaveLength(1);
  });
});

describe('iterators', () => {
  it('is behind while records are left, even those of this very millisecond: clients stop at 0', async () => {
    const { kinesis, create } = startKinesis({ limits: 'off' });
    await create('orders');
    const Records = ['a', 'b'].map((text) => ({ Data: Buffer.from(text), PartitionKey: 'k' }));
    await kinesis.PutRecords({ StreamName: 'orders', Records });
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: SHARD,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const first = await kinesis.GetRecords({ ShardIterator, Limit: 1 });
    expect(first.MillisBehindLatest).toBe(1);
    const second = await kinesis.GetRecords({ ShardIterator: first.NextShardIterator, Limit: 1 });
    expect(second.MillisBehindLatest).toBe(0);
  });

  it('go on where the answer ended, with MillisBehindLatest down to 0', async () => {
    const { kinesis, clock } = await orders();
    clock.advance(500);
    let { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: SHARD,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const seen: string[] = [];
    const behind: number[] = [];
    for (let call = 0; call < 4; call++) {
      const answer = await kinesis.GetRecords({ ShardIterator, Limit: 4 });
      seen.push(...(answer.Records ?? []).map((record) => Buffer.from(record.Data ?? []).toString()));
      behind.push(answer.MillisBehindLatest ?? -1);
      ShardIterator = answer.NextShardIterator;
    }
    expect(seen).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(behind).toEqual([5500, 1500, 0, 0]);
  });

  it('expire after five minutes, with both times in the message', async () => {
    const { kinesis, clock } = await orders(1);
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: SHARD,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    clock.advance(300_000);
    await kinesis.GetRecords({ ShardIterator });
    clock.advance(1);
    await expect(kinesis.GetRecords({ ShardIterator })).rejects.toMatchObject({
      code: 'ExpiredIteratorException',
      message:
        'Iterator expired. The iterator was created at time Fri Jan 02 03:04:06 UTC 2026 while right now it is Fri Jan 02 03:09:06 UTC 2026 ' +
        'which is further in the future than the tolerated delay of 300000 milliseconds.',
    });
  });

  it('that were changed, cut, invented or made by another endpoint are invalid', async () => {
    const { kinesis } = await orders(1);
    const other = await orders(1);
    const make = async (from: KinesisInProcess['kinesis']): Promise<string> =>
      (await from.GetShardIterator({ StreamName: 'orders', ShardId: SHARD, ShardIteratorType: 'LATEST' }))
        .ShardIterator ?? '';
    const good = await make(kinesis);
    const bytes = Buffer.from(good, 'base64');
    bytes[60] = (bytes[60] ?? 0) ^ 1;
    for (const ShardIterator of [
      bytes.toString('base64'),
      good.slice(0, -8),
      `${good}AAAA`,
      'nonsense',
      Buffer.alloc(200).toString('base64'),
      await make(other.kinesis),
    ]) {
      await expect(kinesis.GetRecords({ ShardIterator })).rejects.toMatchObject({
        code: 'InvalidArgumentException',
        message: 'Invalid ShardIterator.',
      });
    }
  });

  it('of a deleted stream do not read its successor', async () => {
    const { kinesis, create, settle } = await orders(1);
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: SHARD,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    await kinesis.DeleteStream({ StreamName: 'orders' });
    settle();
    await create('orders');
    await expect(kinesis.GetRecords({ ShardIterator })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('are found by the number of the shard; what is not there is the shard, also where the stream is not', async () => {
    const { kinesis } = await orders(1);
    const get = (StreamName: string, ShardId: string) =>
      kinesis.GetShardIterator({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
    for (const ShardId of [SHARD, 'shardId-0', '0']) {
      const { ShardIterator } = await get('orders', ShardId);
      expect((await kinesis.GetRecords({ ShardIterator })).Records).toHaveLength(1);
    }
    for (const [name, shardId] of [
      ['orders', 'shardId-000000000001'],
      ['none', SHARD],
    ] as const) {
      await expect(get(name, shardId)).rejects.toMatchObject({
        code: 'ResourceNotFoundException',
        message: `Shard ${shardId} in stream ${name} under account 000000000000 does not exist`,
      });
    }
  });

  it.each([
    [{ ShardIteratorType: 'AT_SEQUENCE_NUMBER' }, /Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber/],
    [{ ShardIteratorType: 'LATEST', StartingSequenceNumber: '1' }, /Request specified LATEST and also a Starting/],
    [{ ShardIteratorType: 'AT_TIMESTAMP' }, /Must specify timestampInMillis/],
    [
      { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(0), StartingSequenceNumber: '1' },
      /Request specified AT_TIMESTAMP and also a StartingSequenceNumber/,
    ],
    [
      { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date('2030-01-01') },
      /cannot be greater than the currentTimestampInMillis. timestampInMillis: 1893456000000/,
    ],
    [{ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: '7' }, /It encodes shardId-000000000007,/],
    [
      {
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        StartingSequenceNumber: '49590338271490256608559692538361571095921575989136588898',
      },
      /It encodes shardId-000000000006, while it was used in a call to a shard with shardId-000000000000/,
    ],
  ] as const)('refuse %j', async (position, message) => {
    const { kinesis } = await orders(1);
    await expect(kinesis.GetShardIterator({ StreamName: 'orders', ShardId: SHARD, ...position })).rejects.toMatchObject(
      { code: 'InvalidArgumentException', message: expect.stringMatching(message) },
    );
  });

  it('refuse a number that no record of the shard has had yet', async () => {
    const { kinesis, numbers } = await orders(3);
    const later = String(BigInt(numbers[2] ?? '') + (1n << 80n));
    await expect(
      kinesis.GetShardIterator({
        StreamName: 'orders',
        ShardId: SHARD,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        StartingSequenceNumber: later,
      }),
    ).rejects.toMatchObject({ message: expect.stringMatching(/did not come from this stream/) });
  });
});
