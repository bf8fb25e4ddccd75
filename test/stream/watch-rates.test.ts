import { PutRecordsCommand, UpdateShardCountCommand } from '@aws-sdk/client-kinesis';
import { expect, it } from 'vitest';
import type { Clock } from '../../src/lib/shared/clock.js';
import { createStream } from '../../src/lib/stream/create-stream.js';
import { waitUntilActive } from '../../src/lib/stream/wait-until-active.js';
import { type ShardRate, watchRates } from '../../src/lib/stream/watch-rates.js';
import { wireSource } from '../../src/lib/stream/wire-source.js';
import { localKinesis } from './local-kinesis.js';

const parts = localKinesis();

async function put(count: number, bytes: number, stream = 'orders'): Promise<void> {
  const Records = Array.from({ length: count }, (_, index) => ({
    Data: Buffer.alloc(bytes),
    PartitionKey: `key-${index}`,
  }));
  const { FailedRecordCount } = await parts.kinesis.send(new PutRecordsCommand({ StreamName: stream, Records }));
  expect(FailedRecordCount).toBe(0);
}

it('counts what arrives each second, shard by shard, and goes on with the children after a reshard', async () => {
  const { kinesis, control, wire } = parts;
  await createStream(control, 'orders', { mode: 'PROVISIONED', shards: 2 });
  await put(50, 10); // before the watch began: not counted
  const clock = new SecondHand();
  const stop = new AbortController();
  const patience = {
    answered: () => {},
    failed: (_: string, { cause }: { cause: unknown }): number => {
      throw cause;
    },
  };
  const samples = watchRates(wireSource(wire, 'orders'), { name: 'orders', patience, signal: stop.signal, clock });
  const next = async (): Promise<ShardRate[]> => {
    const sample = samples.next();
    await clock.tick();
    return (await sample).value?.shards ?? [];
  };

  expect(await next()).toEqual([
    { shard: 'shardId-000000000000', recordsPerSecond: 0, bytesPerSecond: 0, behindMs: undefined, throttled: false },
    { shard: 'shardId-000000000001', recordsPerSecond: 0, bytesPerSecond: 0, behindMs: undefined, throttled: false },
  ]);

  await put(40, 25);
  const counted = await next();
  expect(sum(counted.map(({ recordsPerSecond }) => recordsPerSecond))).toBe(40);
  expect(sum(counted.map(({ bytesPerSecond }) => bytesPerSecond))).toBe(1000);

  await kinesis.send(
    new UpdateShardCountCommand({ StreamName: 'orders', TargetShardCount: 1, ScalingType: 'UNIFORM_SCALING' }),
  );
  await waitUntilActive(control, 'orders');
  await put(7, 1);
  const total: number[] = [];
  const shards = new Set<string>();
  for (let seconds = 0; seconds < 4; seconds += 1) {
    for (const { shard, recordsPerSecond } of await next()) {
      shards.add(shard);
      total.push(recordsPerSecond);
    }
  }
  expect(sum(total)).toBe(7);
  expect([...shards]).toContain('shardId-000000000002');
  stop.abort();
  const last = samples.next();
  await clock.tick();
  expect((await last).done).toBe(true);
});

it('says where a read was throttled, and counts what it left in the next sample; an expired iterator costs nothing', async () => {
  const { control, wire, endpoint } = parts;
  await createStream(control, 'refused', { mode: 'PROVISIONED', shards: 1 });
  const clock = new SecondHand();
  const stop = new AbortController();
  const patience = { answered: () => {}, failed: () => 0 };
  const samples = watchRates(wireSource(wire, 'refused'), { name: 'refused', patience, signal: stop.signal, clock });
  const next = async (): Promise<ShardRate | undefined> => {
    const sample = samples.next();
    await clock.tick();
    return (await sample).value?.shards[0];
  };
  await next();
  const fault = (code: string): void =>
    endpoint.faults.add({ at: 'kinesis.GetRecords', kind: 'error', code, message: 'not now' });
  await put(3, 1, 'refused');
  fault('ProvisionedThroughputExceededException');
  expect(await next()).toMatchObject({ recordsPerSecond: 0, throttled: true });
  expect(await next()).toMatchObject({ recordsPerSecond: 3, throttled: false });
  await put(4, 1, 'refused');
  fault('ExpiredIteratorException');
  expect(await next()).toMatchObject({ recordsPerSecond: 4, throttled: false });
  stop.abort();
  await samples.return(undefined);
});

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Time stands still until somebody sleeps; a tick wakes them, exactly as much later as they asked for. */
class SecondHand implements Clock {
  #now = 1_000_000;
  #sleeper: { ms: number; wake: () => void } | undefined;
  #onSleep: (() => void) | undefined;

  now(): number {
    return this.#now;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleeper = { ms, wake };
      this.#onSleep?.();
    });
  }

  after(): () => void {
    throw new Error('nobody sets a timer here');
  }

  async tick(): Promise<void> {
    if (!this.#sleeper) await new Promise<void>((resolve) => (this.#onSleep = resolve));
    const { ms, wake } = this.#sleeper ?? { ms: 0, wake: () => {} };
    this.#sleeper = undefined;
    this.#now += ms;
    wake();
  }
}
