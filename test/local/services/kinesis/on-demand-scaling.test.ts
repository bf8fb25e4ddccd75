import { describe, expect, it } from 'vitest';
import { type KinesisOptions, startKinesis } from './kinesis-in-process.js';

const ORDERS = { StreamName: 'orders' };

async function start(options: KinesisOptions = {}, mode: 'ON_DEMAND' | 'PROVISIONED' = 'ON_DEMAND') {
  const { kinesis, clock, settle, log } = startKinesis(options);
  await kinesis.CreateStream({
    ...ORDERS,
    StreamModeDetails: { StreamMode: mode },
    ...(mode === 'PROVISIONED' && { ShardCount: 4 }),
  });
  settle();
  const summary = async () => {
    const { StreamDescriptionSummary } = await kinesis.DescribeStreamSummary(ORDERS);
    return StreamDescriptionSummary;
  };
  return {
    kinesis,
    clock,
    settle,
    log,
    summary,
    shards: async () => (await summary())?.OpenShardCount,
    /** A minute of so many records a second, over all shards evenly; returns how many were let in. */
    async minute(recordsPerSecond: number, bytes = 1): Promise<number> {
      let taken = 0;
      const step = 2 ** 128 / recordsPerSecond;
      const Records = Array.from({ length: recordsPerSecond }, (_, i) => ({
        Data: Buffer.alloc(bytes - 1),
        PartitionKey: 'k',
        ExplicitHashKey: BigInt(Math.floor(i * step)).toString(),
      }));
      for (let second = 0; second < 60; second += 1) {
        for (let at = 0; at < Records.length; at += 500) {
          const part = Records.slice(at, at + 500);
          const { FailedRecordCount = 0 } = await kinesis.PutRecords({ ...ORDERS, Records: part });
          taken += part.length - FailedRecordCount;
        }
        clock.advance(1000);
      }
      return taken;
    },
  };
}

describe('an on-demand stream', () => {
  it('has four shards while they carry twice its load', async () => {
    const { minute, shards, log } = await start();
    await minute(2000);
    await minute(2000);
    expect(await shards()).toBe(4);
    expect(log).toEqual([]);
  });

  it('doubles its shards after a minute of more, each split in two, and says so', async () => {
    const { kinesis, minute, settle, summary, shards, log } = await start();
    expect(await minute(2500)).toBe(150_000);
    settle();
    expect(await summary()).toMatchObject({ StreamStatus: 'ACTIVE', OpenShardCount: 8 });
    const { Shards = [] } = await kinesis.ListShards(ORDERS);
    expect(Shards.map(({ ParentShardId }) => ParentShardId?.at(-1))).toEqual([
      ...Array(4).fill(undefined),
      ...['0', '0', '1', '1', '2', '2', '3', '3'],
    ]);
    expect(log).toEqual([
      'kinesis: orders goes from 4 to 8 shards, for twice the 2500 records/s and 2.4 KiB/s of the last minute',
    ]);
    await minute(2500);
    settle();
    expect(await shards()).toBe(8);
  });

  it('counts bytes as well, and goes on doubling while the load is more than it was made for', async () => {
    const { minute, settle, shards } = await start();
    await minute(600, 5 * 1024);
    settle();
    expect(await shards()).toBe(8);
    await minute(1000, 8 * 1024);
    settle();
    expect(await shards()).toBe(16);
  });

  it('throttles what comes before it has grown', async () => {
    const { minute, settle, shards } = await start();
    const first = await minute(6000);
    expect(first).toBeLessThan(60 * 4000 + 4001);
    settle();
    expect(await shards()).toBe(8);
    expect(await minute(6000)).toBe(360_000);
    settle();
    expect(await shards()).toBe(16);
  });

  it('keeps its shards when the load is gone', async () => {
    const { minute, settle, shards, clock } = await start();
    await minute(3000);
    settle();
    clock.advance(3_600_000);
    expect(await shards()).toBe(8);
  });

  it('is followed from when it becomes one, until it is none', async () => {
    const { kinesis, minute, settle, summary, shards } = await start({}, 'PROVISIONED');
    await minute(3000);
    settle();
    expect(await shards()).toBe(4);
    const StreamARN = (await summary())?.StreamARN ?? '';
    const become = async (StreamMode: 'ON_DEMAND' | 'PROVISIONED'): Promise<void> => {
      await kinesis.UpdateStreamMode({ StreamARN, StreamModeDetails: { StreamMode } });
      settle();
    };
    await become('ON_DEMAND');
    await minute(3000);
    settle();
    expect(await shards()).toBe(8);
    await become('PROVISIONED');
    await minute(6000);
    settle();
    expect(await shards()).toBe(8);
  });

  it('keeps its shards where limits are off, and is forgotten when it is deleted', async () => {
    const off = await start({ limits: 'off' });
    await off.minute(3000);
    off.settle();
    expect(await off.shards()).toBe(4);

    const { kinesis, minute, clock, settle, log } = await start();
    await minute(3000);
    settle();
    await kinesis.DeleteStream(ORDERS);
    clock.advance(600_000);
    expect(log).toHaveLength(1);
  });
});
