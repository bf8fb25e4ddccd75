import { expect, it } from 'vitest';
import { Lane } from '../../src/lib/batching/lane.js';
import { SYNC_PAYLOAD_BYTES } from '../../src/lib/shared/payload-limit.js';
import { batchingBench, failed, record, throttled } from './batching-bench.js';

function laneOf(settings: Parameters<typeof batchingBench>[0] = {}) {
  const bench = batchingBench(settings);
  const lane = new Lane(bench.host);
  const push = async (...records: ReturnType<typeof record>[]): Promise<void> => {
    for (const each of records) lane.push(each);
    lane.work();
    await bench.settle();
  };
  return Object.assign(bench, { lane, push });
}

it('cuts batches at the batch size, and hands on what is there without a window', async () => {
  const { batches, push } = laneOf({ batchSize: 2 });
  await push(record(1), record(2), record(3));
  expect(batches).toEqual(['1 2', '3']);
});

it('waits for a full batch as long as its window, from the first record on, and not longer', async () => {
  const { batches, push, pass } = laneOf({ batchSize: 3, windowSeconds: 10 });
  await push(record(1));
  await pass(6000);
  await push(record(2));
  await pass(3999);
  expect(batches).toEqual([]);
  await pass(1);
  expect(batches).toEqual(['1 2']);
  await push(record(3), record(4), record(5), record(6));
  expect(batches).toEqual(['1 2', '3 4 5']);
  await pass(9999);
  expect(batches).toHaveLength(2);
  await pass(1);
  expect(batches[2]).toBe('6');
});

it('cuts a batch before an invocation grows too large', async () => {
  const { batches, push } = laneOf();
  await push(record(1, { bytes: 3_000_000 }), record(2, { bytes: 3_000_000 }), record(3, { bytes: 1 }));
  expect(batches).toEqual(['1 2', '3']);
});

it('gives a record up that no invocation takes, without a try, and one of exactly the limit not', async () => {
  const { batches, discarded, push } = laneOf({ batchSize: 1 });
  await push(record(1, { bytes: SYNC_PAYLOAD_BYTES }), record(2, { bytes: SYNC_PAYLOAD_BYTES + 1 }));
  expect(batches).toEqual(['1']);
  expect(discarded).toEqual([{ numbers: '2', reason: 'RecordTooLarge', tries: 0 }]);
});

it('keeps a batch whose function is throttled or gone, and uses up no try of it', async () => {
  const { answers, batches, discarded, results, push, pass } = laneOf({ maximumRetryAttempts: 0 });
  const gone = { kind: 'not-called', why: 'PROBLEM: Function not found' } as const;
  answers.push(throttled, throttled, gone);
  await push(record(1), record(2));
  expect(batches).toEqual(['1 2']);
  await push(record(3)); // waits behind it
  for (let round = 0; round < 3; round++) await pass(100);
  expect(batches).toEqual(['1 2', '1 2', '1 2', '1 2', '3']);
  expect(discarded).toEqual([]);
  expect(results).toEqual([throttled.why, throttled.why, gone.why, 'OK', 'OK']);
});

it('tries a failed batch again before anything else, later after each failure, 10 s at most', async () => {
  const { answers, batches, clock, push, pass } = laneOf();
  answers.push(...Array.from({ length: 9 }, () => failed()));
  await push(record(1));
  await push(record(2));
  const pauses: number[] = [];
  for (let from = clock.now(); batches.length < 10; ) {
    const seen = batches.length;
    await pass(100);
    if (batches.length === seen) continue;
    pauses.push(clock.now() - from);
    from = clock.now();
  }
  expect(pauses).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  expect(batches.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => '1'));
  expect(batches[10]).toBe('2');
});

it('gives a batch up after its last retry, and goes on', async () => {
  const { answers, batches, discarded, push, pass } = laneOf({ maximumRetryAttempts: 2 });
  answers.push(failed(), failed(), failed());
  await push(record(1));
  await pass(100);
  expect(discarded).toEqual([]);
  await push(record(2));
  await pass(200);
  expect(discarded).toEqual([{ numbers: '1', reason: 'RetryAttemptsExhausted', tries: 3 }]);
  expect(batches).toEqual(['1', '1', '1', '2']);
});

it('halves a failing batch, the first half first, until the one bad record is alone; splitting uses up no try', async () => {
  const { answers, batches, discarded, push, pass } = laneOf({ bisect: true, maximumRetryAttempts: 0 });
  answers.push(failed(), { kind: 'ok' }, failed(), failed());
  await push(record(1), record(2), record(3), record(4), record(5));
  for (let round = 0; round < 4; round++) await pass(100);
  expect(batches).toEqual(['1 2 3 4 5', '1 2 3', '4 5', '4', '5']);
  expect(discarded).toEqual([{ numbers: '4', reason: 'RetryAttemptsExhausted', tries: 1 }]);
});

it('goes on at the record that a function reports, whose tries count from there', async () => {
  const { answers, batches, discarded, push, pass } = laneOf({ maximumRetryAttempts: 1 });
  answers.push(failed(2), failed(0));
  await push(record(1), record(2), record(3), record(4));
  await pass(100);
  expect(batches).toEqual(['1 2 3 4', '3 4']);
  expect(discarded).toEqual([{ numbers: '3 4', reason: 'RetryAttemptsExhausted', tries: 2 }]);
});

it('gives up what a function reports at once where nothing may be tried again', async () => {
  const { answers, batches, discarded, push, pass } = laneOf({ maximumRetryAttempts: 0 });
  answers.push(failed(1));
  await push(record(1), record(2));
  await pass(10_000);
  expect(batches).toEqual(['1 2']);
  expect(discarded).toEqual([{ numbers: '2', reason: 'RetryAttemptsExhausted', tries: 1 }]);
});

it('gives records up that are too old, also between the tries of their batch, and delivers the younger ones', async () => {
  const { answers, batches, discarded, push, pass } = laneOf({ maximumRecordAgeSeconds: 60 });
  answers.push(throttled);
  await push(record(1, { arrivedMs: 939_999 }), record(2, { arrivedMs: 940_000 }), record(3));
  expect(batches).toEqual(['2 3']); // of exactly 60 s is not too old
  expect(discarded).toEqual([{ numbers: '1', reason: 'RecordAgeExceeded', tries: 0 }]);
  await pass(100);
  expect(batches).toEqual(['2 3', '3']);
  expect(discarded.slice(1)).toEqual([{ numbers: '2', reason: 'RecordAgeExceeded', tries: 0 }]);
});

it('rests while it is paused, with a failing batch too, and loses nothing of it', async () => {
  const bench = laneOf();
  bench.answers.push(failed());
  await bench.push(record(1));
  bench.paused = true;
  await bench.pass(100);
  expect(bench.batches).toEqual(['1']);
  expect(bench.lane.working).toBe(false);
  expect(bench.lane.size).toBe(1);
  bench.paused = false;
  await bench.push(record(2));
  expect(bench.batches).toEqual(['1', '1', '2']);
});

it('hands on what is left at the end of a shard without waiting', async () => {
  const { batches, lane, push, settle } = laneOf({ batchSize: 10, windowSeconds: 300 });
  await push(record(1));
  lane.end();
  await settle();
  expect(batches).toEqual(['1']);
});

it('starts nothing when its host ends while a batch is with the function', async () => {
  const bench = laneOf({ maximumRetryAttempts: 0 });
  bench.answers.push(async () => {
    bench.stop.abort();
    return failed();
  });
  await bench.push(record(1), record(2));
  await bench.pass(60_000);
  expect(bench.batches).toEqual(['1 2']);
  expect(bench.discarded).toEqual([]);
});

it('ends a tumbling window by its time with a call of its own, and starts the next with a fresh state', async () => {
  const bench = laneOf({ tumblingSeconds: 60 });
  const at = (ms: number) => ({ arrivedMs: ms });
  bench.answers.push({ kind: 'ok', state: { sum: 1 } }, { kind: 'ok', state: { sum: 3 } });
  await bench.push(record(1, at(960_000)));
  await bench.push(record(2, at(1_019_999)));
  expect(bench.batches).toEqual(['1', '2']);
  await bench.pass(20_999); // the window ends at 1,020,000, and a second later it is closed
  expect(bench.batches).toHaveLength(2);
  await bench.pass(1);
  expect(bench.batches).toEqual(['1', '2', '']);
  await bench.push(record(3, at(1_020_000)));
  const parts = bench.turns.map(({ window, shardId, isFinal }) => window.part(shardId, 'arn', isFinal));
  expect(parts.map(({ isFinalInvokeForWindow }) => isFinalInvokeForWindow)).toEqual([false, false, true, false]);
  expect(parts[2]?.window).toEqual({ start: '1970-01-01T00:16:00Z', end: '1970-01-01T00:17:00Z' });
  expect(bench.turns[3]?.window).not.toBe(bench.turns[2]?.window);
});
