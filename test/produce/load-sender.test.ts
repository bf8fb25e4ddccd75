import { describe, expect, it } from 'vitest';
import { type BatchFiller, OrderedFiller, PlainFiller } from '../../src/lib/produce/batch-filler.js';
import { NO_ANSWER } from '../../src/lib/produce/fatal.js';
import { FreshRecords } from '../../src/lib/produce/fresh-records.js';
import { LoadSender } from '../../src/lib/produce/load-sender.js';
import { Meter } from '../../src/lib/produce/meter.js';
import { type KeyedShard, PacedShards } from '../../src/lib/produce/paced-shards.js';
import type { RecordSource } from '../../src/lib/produce/record-source.js';
import { DrivenClock } from '../../src/lib/shared/clock.js';
import { evenHashKeyRanges, HashKeyIndex, hashHexOf } from '../../src/lib/stream/hash-key.js';
import { shardIdOf } from '../../src/lib/stream/sequence-number.js';
import type { KinesisWire, WireAnswer } from '../../src/lib/target/kinesis-wire.js';

const CALL_MS = 5;

interface Sent {
  n: number;
  key: string;
  bytes: number;
}

/** What an answer says of one record: the shard that took it, or an error. */
type Outcome = { ShardId: string; SequenceNumber: string } | { ErrorCode: string; ErrorMessage: string };

/** A source whose records are their own numbers, as many as `count`, `pauseAt` with a wait before one of them. */
function numbers(count: number, keyOf: (n: number) => string, bytes = 10, pauseAt = -1): RecordSource {
  let n = 0;
  let paused = false;
  return {
    next(draft) {
      if (n === pauseAt && !paused) return 'wait';
      if (n === count) return 'end';
      const data = Buffer.alloc(bytes, ' ');
      data.write(String(n));
      Object.assign(draft, { n, bytes: data, start: 0, end: data.length, partitionKey: keyOf(n), dueMs: undefined });
      n += 1;
      return 'ready';
    },
    async refill() {
      paused = true;
    },
    close: async () => {},
  };
}

interface RunOptions {
  source: RecordSource;
  /** Answers a call at a time of the clock; undefined drops it without an answer. */
  answer(records: Sent[], nowMs: number, call: number): Outcome[] | WireAnswer | undefined;
  ordered?: boolean;
  paced?: boolean;
  maxAttempts?: number;
  shards?: KeyedShard[];
  stopAtMs?: number;
}

const NOWHERE = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });

/** Runs a sender on a driven clock, with a wire that answers 5 ms after each call. */
async function run({ source, answer, ordered, paced, maxAttempts = 10, shards, stopAtMs }: RunOptions) {
  const clock = new DrivenClock(0);
  const meter = new Meter();
  const givenUp: { n: number; code: string; attempts: number }[] = [];
  const warnings: string[] = [];
  const calls: number[] = [];
  const stop = new AbortController();
  const fresh = new FreshRecords(source, {
    pacer: undefined,
    unit: 'records',
    durationMs: undefined,
    count: undefined,
  });
  const options = { fresh, recordLimitBytes: 10 * 1024 * 1024, onOversized: () => {} };
  const filler: BatchFiller = ordered ? new OrderedFiller({ ...options, stream: 's' }) : new PlainFiller(options);
  const wire: KinesisWire = {
    call: (_operation, body) =>
      new Promise((resolve, reject) => {
        const call = calls.push(clock.now()) - 1;
        const { Records } = JSON.parse(Buffer.from(body as Uint8Array).toString()) as {
          Records: { Data: string; PartitionKey: string }[];
        };
        const records = Records.map(({ Data, PartitionKey }) => {
          const data = Buffer.from(Data, 'base64');
          return { n: Number(data.toString()), key: PartitionKey, bytes: data.length };
        });
        clock.after(CALL_MS, () => {
          const outcome = answer(records, clock.now(), call);
          if (outcome === undefined) return reject(NOWHERE);
          if (!Array.isArray(outcome)) return resolve(outcome);
          const failed = outcome.filter((one) => 'ErrorCode' in one).length;
          resolve({ status: 200, body: Buffer.from(JSON.stringify({ FailedRecordCount: failed, Records: outcome })) });
        });
      }),
    close: () => {},
  };
  const sender = new LoadSender({
    wire,
    stream: 's',
    filler,
    paced: paced ?? false,
    shards: new PacedShards({
      shards,
      openShards: 1,
      part: 1,
      takenBytes: (id) => meter.shards.get(id)?.bytes ?? 0,
    }),
    scheduleEndMs: undefined,
    maxInFlight: 16,
    maxAttempts,
    meter,
    clock,
    elapsedMs: () => clock.now(),
    who: 'http://endpoint',
    onGivenUp: ({ n, attempts }, code) => givenUp.push({ n, code, attempts }),
    onWarning: (text) => warnings.push(text),
    signal: stop.signal,
  });
  let done = false;
  const running = sender.run().finally(() => {
    done = true;
  });
  while (!done && clock.now() < 600_000) {
    if (stopAtMs !== undefined && clock.now() >= stopAtMs) stop.abort();
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
    clock.advance(1);
  }
  expect(done, 'the sender came to its end').toBe(true);
  await running;
  return { sender, meter, givenUp, warnings, calls, elapsedMs: clock.now() };
}

const taken = (shard = 0): Outcome => ({ ShardId: shardIdOf(shard), SequenceNumber: '1' });
const throttle = (shard = 0): Outcome => ({
  ErrorCode: 'ProvisionedThroughputExceededException',
  ErrorMessage: `Rate exceeded for shard ${shardIdOf(shard)} in stream s under account 000000000000.`,
});
const failure: Outcome = { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal service failure.' };

const shardsOf = (count: number): KeyedShard[] =>
  evenHashKeyRanges(count).map(({ start, end }, index) => ({
    shardId: shardIdOf(index),
    startHashKey: String(start),
    endHashKey: String(end),
  }));

/** Shards that take so many records and bytes a second each, and save up a second's worth. */
function limited(count: number, limit: { records: number; bytes: number } = { records: 1000, bytes: 1024 * 1024 }) {
  const index = new HashKeyIndex(evenHashKeyRanges(count).map((range, shard) => [range, shard] as const));
  const buckets = Array.from({ length: count }, () => ({ ...limit, atMs: 0 }));
  const stored: number[][] = Array.from({ length: count }, () => []);
  const answer = (records: Sent[], nowMs: number): Outcome[] =>
    records.map(({ n, key, bytes }) => {
      const shard = index.find(hashHexOf(key)) ?? 0;
      const bucket = buckets[shard] ?? { ...limit, atMs: 0 };
      for (const unit of ['records', 'bytes'] as const)
        bucket[unit] = Math.min(limit[unit], bucket[unit] + ((nowMs - bucket.atMs) * limit[unit]) / 1000);
      bucket.atMs = nowMs;
      if (bucket.records < 1 || (bytes > limit.bytes ? bucket.bytes <= 0 : bucket.bytes < bytes))
        return throttle(shard);
      bucket.records -= 1;
      bucket.bytes -= bytes;
      stored[shard]?.push(n);
      return taken(shard);
    });
  return { answer, stored };
}

describe('without a rate, what shards refuse', () => {
  it('slows the run to their pace and uses up no attempt: all is acknowledged in the time that they allow', async () => {
    const stream = limited(4);
    const { meter, givenUp, elapsedMs } = await run({
      source: numbers(60_000, (n) => `k${n}`),
      answer: stream.answer,
      shards: shardsOf(4),
      maxAttempts: 1,
    });
    expect(givenUp).toEqual([]);
    expect(meter.counts).toMatchObject({ sent: 60_000, acknowledged: 60_000, failed: 0 });
    expect(stream.stored.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 60_000 }, (_, n) => n));
    expect(elapsedMs).toBeLessThan(17_000);
    expect(meter.counts.resent).toBe(meter.counts.throttled);
    expect(meter.counts.resent).toBeLessThan(60_000 * 0.05);
  });

  it('is found out where a shard takes less, or more, than AWS documents', async () => {
    for (const records of [300, 20_000]) {
      const count = records * 20;
      const { meter, elapsedMs } = await run({
        source: numbers(count, (n) => `k${n}`),
        answer: limited(1, { records, bytes: 1e12 }).answer,
        shards: shardsOf(1),
        maxAttempts: 1,
      });
      expect(meter.counts).toMatchObject({ acknowledged: count, failed: 0 });
      expect(elapsedMs).toBeLessThan(45_000);
    }
  });

  it('by bytes waits for the debt of a large record', async () => {
    const { meter, elapsedMs } = await run({
      source: numbers(6, (n) => `k${n}`, 3 * 1024 * 1024),
      answer: limited(1).answer,
      shards: shardsOf(1),
      maxAttempts: 1,
    });
    expect(meter.counts).toMatchObject({ acknowledged: 6, failed: 0 });
    expect(elapsedMs).toBeLessThan(20_000);
    expect(meter.counts.resent).toBeLessThan(20);
  });

  it('holds up no other shard', async () => {
    const stream = limited(2);
    const index = new HashKeyIndex(evenHashKeyRanges(2).map((range, shard) => [range, shard] as const));
    const slow = ['a', 'b', 'c', 'd', 'e', 'f'].find((key) => index.find(hashHexOf(key)) === 0) ?? '';
    const quick = ['a', 'b', 'c', 'd', 'e', 'f'].find((key) => index.find(hashHexOf(key)) === 1) ?? '';
    const { meter } = await run({
      source: numbers(5000, (n) => (n % 5 === 0 ? quick : slow)),
      answer: stream.answer,
      shards: shardsOf(2),
    });
    expect(meter.counts).toMatchObject({ acknowledged: 5000, failed: 0 });
    expect(meter.shards.get(shardIdOf(1))?.throttled).toBe(0);
  });

  it('goes on where the source reads for a while, and where nobody knows the shards', async () => {
    const { meter } = await run({
      source: numbers(6000, (n) => `k${n}`, 10, 4000),
      answer: limited(1).answer,
    });
    expect(meter.counts).toMatchObject({ acknowledged: 6000, failed: 0 });
  });

  it('keeps the order of a key with --ordered, and leaves no holes', async () => {
    const stream = limited(2);
    await run({
      source: numbers(5000, (n) => `k${n % 50}`),
      answer: stream.answer,
      shards: shardsOf(2),
      ordered: true,
      maxAttempts: 1,
    });
    const last = new Map<number, number>();
    for (const n of stream.stored.flat()) {
      expect(n).toBe((last.get(n % 50) ?? (n % 50) - 50) + 50);
      last.set(n % 50, n);
    }
    expect(stream.stored.flat()).toHaveLength(5000);
  });

  it('is left five seconds after Ctrl-C, and counted', async () => {
    const { meter, givenUp, elapsedMs } = await run({
      source: numbers(1e9, (n) => `k${n}`),
      answer: limited(1, { records: 100, bytes: 1e9 }).answer,
      shards: shardsOf(1),
      stopAtMs: 3000,
    });
    const { sent, acknowledged, failed } = meter.counts;
    expect(elapsedMs).toBeLessThan(9000);
    expect(acknowledged + failed).toBeGreaterThanOrEqual(sent);
    expect(givenUp).toHaveLength(failed);
    expect(new Set(givenUp.map(({ code }) => code))).toEqual(new Set(['NotSent']));
  });
});

describe('with a rate, what shards refuse', () => {
  it('uses up attempts and is given up', async () => {
    const { meter, givenUp } = await run({
      source: numbers(20, () => 'k'),
      answer: (records) => records.map(() => throttle()),
      paced: true,
      maxAttempts: 3,
    });
    expect(meter.counts).toMatchObject({ sent: 20, acknowledged: 0, failed: 20, throttled: 60, resent: 40 });
    expect(givenUp.map(({ attempts }) => attempts)).toEqual(Array.from({ length: 20 }, () => 3));
  });
});

describe('what fails', () => {
  it('is sent as often as is allowed, throttled or not', async () => {
    const { givenUp, calls } = await run({
      source: numbers(1, () => 'k'),
      answer: (records) => records.map(() => failure),
      maxAttempts: 4,
    });
    expect(givenUp).toEqual([{ n: 0, code: 'InternalFailure', attempts: 4 }]);
    expect(calls).toHaveLength(4);
  });

  it('with --ordered takes along nothing that waits behind it: each is sent in its turn, and counted', async () => {
    const { meter, givenUp } = await run({
      source: numbers(30, () => 'k'),
      answer: (records) => records.map(({ n }) => (n === 7 ? failure : taken())),
      ordered: true,
      maxAttempts: 2,
    });
    expect(givenUp).toEqual([{ n: 7, code: 'InternalFailure', attempts: 2 }]);
    expect(meter.counts).toMatchObject({ sent: 30, acknowledged: 29, failed: 1 });
  });

  it('for good ends the run, and what waits behind it with --ordered is given up and counted', async () => {
    const body = Buffer.from('{"__type":"ResourceNotFoundException","message":"Stream s not found"}');
    const { sender, meter, givenUp } = await run({
      source: numbers(30, () => 'k'),
      answer: () => ({ status: 400, body }),
      ordered: true,
    });
    expect(sender.fatal).toEqual({ code: 'ResourceNotFoundException', message: 'Stream s not found' });
    expect(givenUp.map(({ n }) => n).sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n));
    expect(meter.counts.failed).toBe(30);
  });

  it('after an answer that names fewer records than were sent is not believed', async () => {
    const { sender, meter } = await run({
      source: numbers(5, () => 'k'),
      answer: (records) => records.slice(1).map(() => taken()),
    });
    expect(sender.fatal?.message).toContain('4 records, the call had 5');
    expect(meter.counts).toMatchObject({ acknowledged: 0, failed: 5 });
  });
});

describe('an endpoint that stops answering', () => {
  it('is called less and less, named once, and given up after a minute with everything counted', async () => {
    const { sender, meter, givenUp, warnings, calls, elapsedMs } = await run({
      source: numbers(2000, (n) => `k${n}`),
      answer: () => undefined,
      maxAttempts: 2,
    });
    expect(sender.fatal).toMatchObject({
      code: NO_ANSWER,
      message: expect.stringContaining('http://endpoint stopped answering (ECONNREFUSED)'),
    });
    expect(warnings).toEqual([expect.stringContaining('http://endpoint stopped answering (ECONNREFUSED)')]);
    expect(calls.length).toBeLessThan(45);
    expect(elapsedMs).toBeGreaterThanOrEqual(60_000);
    expect(elapsedMs).toBeLessThan(70_000);
    expect(meter.counts).toMatchObject({ acknowledged: 0, failed: meter.counts.sent, uncertain: 0 });
    expect(givenUp).toHaveLength(meter.counts.sent);
  });

  it('and answers again gets everything, with no attempt used up', async () => {
    const { sender, meter, warnings } = await run({
      source: numbers(3000, (n) => `k${n}`),
      answer: (records, nowMs) => (nowMs > 100 && nowMs < 30_000 ? undefined : records.map(() => taken())),
      maxAttempts: 1,
      shards: shardsOf(1),
      paced: false,
    });
    expect(sender.fatal).toBeUndefined();
    expect(meter.counts).toMatchObject({ acknowledged: 3000, failed: 0 });
    expect(warnings.length).toBeLessThanOrEqual(2);
  });

  it('that fails one call beside others uses up an attempt of its records alone', async () => {
    const { meter, givenUp, warnings } = await run({
      source: numbers(3000, (n) => `k${n}`),
      answer: (records, _now, call) =>
        records.some(({ n }) => n === 700) && call < 40 ? undefined : records.map(() => taken()),
      maxAttempts: 10,
    });
    expect(givenUp).toEqual([]);
    expect(meter.counts).toMatchObject({ acknowledged: 3000, failed: 0 });
    expect(warnings.length).toBeLessThanOrEqual(2);
  });
});
