import { describe, expect, it } from 'vitest';
import { startKinesis } from './kinesis-in-process.js';
import { ARN } from './refusals.js';

async function orders() {
  const started = startKinesis();
  await started.create('orders');
  return started;
}

describe('the size of a record', () => {
  it('is 1 MiB with its key, and more once the stream allows it', async () => {
    const { kinesis, settle, clock } = await orders();
    const put = (bytes: number) =>
      kinesis.PutRecord({ StreamName: 'orders', Data: Buffer.alloc(bytes), PartitionKey: 'k' });
    await put(1_048_575);
    const tooLarge = (bytes: number, max: number) => ({
      code: 'ValidationException',
      message:
        `1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=${bytes} cap=${bytes}]' at 'data' ` +
        `failed to satisfy constraint: Member must have length less than or equal to ${max}`,
    });
    await expect(put(1_048_577)).rejects.toMatchObject(tooLarge(1_048_577, 1_048_576));
    await expect(put(1_048_576)).rejects.toMatchObject(tooLarge(1_048_576, 1_048_575));
    await kinesis.UpdateMaxRecordSize({ StreamARN: ARN, MaxRecordSizeInKiB: 2048 });
    settle();
    clock.advance(5000);
    await put(2_097_151);
    for (const MaxRecordSizeInKiB of [1023, 10_241]) {
      await expect(kinesis.UpdateMaxRecordSize({ StreamARN: ARN, MaxRecordSizeInKiB })).rejects.toMatchObject({
        code: 'ValidationException',
      });
    }
  });

  it('fails a whole PutRecords that holds one too large, or too much in all, or too many; nothing is stored', async () => {
    const { kinesis, settle } = await orders();
    const put = (...sizes: number[]) =>
      kinesis.PutRecords({
        StreamName: 'orders',
        Records: sizes.map((size) => ({ Data: Buffer.alloc(size), PartitionKey: 'k' })),
      });
    await expect(put(1_048_577, 1, 1_048_577)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^2 validation errors detected: .*'records\.1\.member\.data'.*; .*'records\.3\.member\.data'/,
      ),
    });
    await expect(put(1, 1_048_576)).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(/'records\.2\.member\.data'/),
    });
    await kinesis.UpdateMaxRecordSize({ StreamARN: ARN, MaxRecordSizeInKiB: 10_240 });
    settle();
    await expect(put(5_242_880, 5_242_880)).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: 'Records size exceeds 10 MB limit',
    });
    await expect(put(...Array.from({ length: 501 }, () => 1))).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(
        /'records' failed to satisfy constraint: Member must have length less than or equal to 500/,
      ),
    });
    await expect(put()).rejects.toMatchObject({ code: 'ValidationException' });
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    expect((await kinesis.GetRecords({ ShardIterator })).Records).toEqual([]);
  });

  it.each([
    [{ PartitionKey: '' }, 'ValidationException', /'records\.1\.member\.partitionKey'.*greater than or equal to 1/],
    [{ PartitionKey: 'k'.repeat(257) }, 'ValidationException', /less than or equal to 256/],
    [
      {},
      'ValidationException',
      /'records\.1\.member\.partitionKey' failed to satisfy constraint: Member must not be null/,
    ],
    [{ PartitionKey: 'k', ExplicitHashKey: '007' }, 'ValidationException', /explicitHashKey/],
    [
      { PartitionKey: 'k', ExplicitHashKey: '340282366920938463463374607431768211456' },
      'InvalidArgumentException',
      /^Invalid ExplicitHashKey\. ExplicitHashKey must be in the range: \[0, 2\^128-1\]\. Specified value was 340282366920938463463374607431768211456$/,
    ],
  ])('keys: refuses %j', async (entry, code, message) => {
    const { kinesis } = await orders();
    const Data = Buffer.from('x');
    await expect(kinesis.PutRecords({ StreamName: 'orders', Records: [{ Data, ...entry }] })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    await expect(kinesis.PutRecord({ StreamName: 'orders', Data, ...entry })).rejects.toMatchObject({ code });
  });
});
