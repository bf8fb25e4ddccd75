import { describe, expect, it } from 'vitest';
import { startKinesis } from './kinesis-in-process.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (data: Uint8Array | undefined): string => Buffer.from(data ?? []).toString();

describe('put and get', () => {
  it('gives back what was put, in order, with numbers that grow', async () => {
    const { kinesis, create } = startKinesis();
    await create('orders');
    const put = await kinesis.PutRecords({
      StreamName: 'orders',
      Records: Array.from({ length: 300 }, (_, i) => ({
        Data: bytes(`record ${i}`),
        PartitionKey: `schlüssel-${i % 7}`,
      })),
    });
    expect(put.FailedRecordCount).toBe(0);
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const got = await kinesis.GetRecords({ ShardIterator });
    expect(got.Records?.map((record) => text(record.Data))).toEqual(
      Array.from({ length: 300 }, (_, i) => `record ${i}`),
    );
    expect(got.Records?.map((record) => record.PartitionKey)).toEqual(
      Array.from({ length: 300 }, (_, i) => `schlüssel-${i % 7}`),
    );
    expect(got.Records?.map((record) => record.SequenceNumber)).toEqual(put.Records?.map((one) => one.SequenceNumber));
    const numbers = (put.Records ?? []).map((one) => BigInt(one.SequenceNumber ?? ''));
    for (const [index, number] of numbers.entries()) {
      expect(String(number)).toHaveLength(56);
      if (index > 0) expect(number).toBeGreaterThan(numbers[index - 1] ?? 0n);
    }
    expect(got.MillisBehindLatest).toBe(0);
    expect(got.NextShardIterator).toBeTypeOf('string');
  });

  it('gives a record one sequence number, also when the clock went back before it came', async () => {
    const { kinesis, create, clock } = startKinesis();
    await create('orders');
    const put = () => kinesis.PutRecord({ StreamName: 'orders', Data: bytes('x'), PartitionKey: 'k' });
    const numbers = [(await put()).SequenceNumber];
    clock.advance(-10_000);
    numbers.push((await put()).SequenceNumber);
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const { Records } = await kinesis.GetRecords({ ShardIterator });
    expect(Records?.map((record) => record.SequenceNumber)).toEqual(numbers);
  });
});
