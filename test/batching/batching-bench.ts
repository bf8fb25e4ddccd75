// A function that answers as the test says, and a clock that the test moves.
import type { BatchRecord, BatchSettings, Delivery, Discarded } from '../../src/lib/batching/batch.js';
import { BATCH_DEFAULTS } from '../../src/lib/batching/batch.js';
import type { LaneHost } from '../../src/lib/batching/lane.js';
import type { WindowTurn } from '../../src/lib/batching/tumbling-window.js';
import { DrivenClock } from '../../src/lib/shared/clock.js';

export interface TestRecord extends BatchRecord {
  bytes: number;
}

export const record = (n: number, options: Partial<TestRecord> = {}): TestRecord => ({
  shardId: 'shardId-000000000000',
  sequenceNumber: String(n),
  partitionKey: 'key',
  arrivedMs: 1_000_000,
  bytes: 100,
  ...options,
});

export const failed = (from = 0): Delivery => ({ kind: 'failed', from, requestId: 'r' });
export const throttled = { kind: 'not-called', why: 'PROBLEM: Function call throttled' } as const;

export function batchingBench(settings: Partial<BatchSettings> = {}) {
  const clock = new DrivenClock(1_000_000);
  const stop = new AbortController();
  const bench = {
    clock,
    stop,
    settings: { ...BATCH_DEFAULTS, ...settings },
    paused: false,
    /** What the function answers, call by call; then it succeeds. */
    answers: [] as (Delivery | (() => Promise<Delivery>))[],
    /** The sequence numbers of each call. */
    batches: [] as string[],
    turns: [] as WindowTurn[],
    discarded: [] as { numbers: string; reason: string; tries: number }[],
    results: [] as string[],
    /** Lets everything run that waits for no time. */
    settle: async (): Promise<void> => {
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    },
    /** Moves the clock, and lets what falls due run. */
    pass: async (ms: number): Promise<void> => {
      clock.advance(ms);
      await bench.settle();
    },
  };
  const numbers = (records: readonly BatchRecord[]): string =>
    records.map(({ sequenceNumber }) => sequenceNumber).join(' ');
  const host: LaneHost<TestRecord> = {
    clock,
    settings: () => bench.settings,
    paused: () => bench.paused,
    signal: stop.signal,
    shardId: 'shardId-000000000000',
    sizeOf: ({ bytes }) => bytes,
    async deliver(records, turn) {
      bench.batches.push(numbers(records));
      if (turn) bench.turns.push(turn);
      const answer = bench.answers.shift() ?? { kind: 'ok', ...(turn && { state: {} }) };
      return typeof answer === 'function' ? await answer() : answer;
    },
    async discard({ records, reason, tries }: Discarded<TestRecord>) {
      bench.discarded.push({ numbers: numbers(records), reason, tries });
    },
    processed: (result) => bench.results.push(result),
    trouble: (error) => {
      throw error;
    },
    moved: () => {},
  };
  return Object.assign(bench, { host });
}
