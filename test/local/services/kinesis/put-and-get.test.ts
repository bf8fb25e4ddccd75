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
});
