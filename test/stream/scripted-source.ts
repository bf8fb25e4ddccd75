// A stream that answers as the test says, and readers on a clock that the test moves.
import { DrivenClock } from '../../src/lib/shared/clock.js';
import type { Delivery, StreamRecord } from '../../src/lib/stream/delivery.js';
import { pollPace } from '../../src/lib/stream/read-pace.js';
import { type ReadPatience, type ReadShard, type ShardRead, shardReader } from '../../src/lib/stream/read-shard.js';
import type { ShardPosition, ShardStart } from '../../src/lib/stream/shard-position.js';
import {
  type FailureKind,
  type ListedShard,
  ReadFailure,
  type ShardEnd,
  type ShardPage,
  type ShardSource,
} from '../../src/lib/stream/shard-source.js';

export const SHARD = 'shardId-000000000000';

export const record = (n: number, arrivedMs = 0): StreamRecord => ({
  shardId: SHARD,
  sequenceNumber: String(n),
  partitionKey: 'k',
  arrivedMs,
  data: Buffer.from(String(n)),
});

export const failure = (kind: FailureKind): ReadFailure => new ReadFailure(kind, new Error(kind));

/** Lets everything run that waits for no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await new Promise((resolve) => setImmediate(resolve));
}

type Answer<T> = T | Error;

export interface Scripted {
  source: ShardSource;
  clock: DrivenClock;
  /** Answers of GetRecords, call by call; then an empty page with an iterator. */
  pages: Answer<Partial<ShardPage>>[];
  iterators: Answer<string>[];
  lists: ListedShard[][];
  /** Where iterators were asked for. */
  positions: ShardStart[];
  reads: { iterator: string; atMs: number }[];
  failures: { kind: FailureKind; tries: number }[];
  patience: ReadPatience;
  pass(ms: number): Promise<void>;
}

export function scripted(startAt = 1_000_000): Scripted {
  const clock = new DrivenClock(startAt);
  const take = <T>(answers: Answer<T>[], otherwise: T): T => {
    const answer = answers.shift() ?? otherwise;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  let made = 0;
  const script: Scripted = {
    clock,
    pages: [],
    iterators: [],
    lists: [],
    positions: [],
    reads: [],
    failures: [],
    patience: {
      answered: () => {},
      failed(_, { kind, cause }, tries) {
        script.failures.push({ kind, tries });
        if (kind === 'gone' || kind === 'refused' || kind === 'expired') throw cause;
        return 1000 * tries;
      },
    },
    source: {
      list: async () => take(script.lists, []),
      async iterator(_, position) {
        script.positions.push(position);
        return take(script.iterators, `iterator-${++made}`);
      },
      async records(_, iterator) {
        script.reads.push({ iterator, atMs: clock.now() });
        return { records: [], next: `after ${iterator}`, behindMs: 0, children: undefined, ...take(script.pages, {}) };
      },
    },
    async pass(ms) {
      clock.advance(ms);
      await settle();
    },
  };
  return script;
}

export interface Reading {
  numbers: string[];
  deliveries: Delivery[];
  progress: ShardPosition[];
  warnings: string[];
  ready: boolean;
  end: Promise<ShardEnd>;
  stop: AbortController;
  finish: AbortController;
}

export function readWith(reader: ReadShard, options: Partial<ShardRead> = {}): Reading {
  const stop = new AbortController();
  const finish = new AbortController();
  const reading: Omit<Reading, 'end'> = {
    numbers: [],
    deliveries: [],
    progress: [],
    warnings: [],
    ready: false,
    stop,
    finish,
  };
  const end = reader({
    shardId: SHARD,
    start: { oldest: true },
    async deliver(delivery) {
      reading.deliveries.push(delivery);
      reading.numbers.push(...delivery.records.map(({ sequenceNumber }) => sequenceNumber));
      return delivery.records.length;
    },
    onProgress: (position) => reading.progress.push(position),
    onReady: () => {
      reading.ready = true;
    },
    onWarning: (text) => reading.warnings.push(text),
    signal: stop.signal,
    finish: finish.signal,
    ...options,
  });
  end.catch(() => {});
  return Object.assign(reading, { end });
}

export const pollingReader = ({ source, clock, patience }: Scripted, eager = false): ReadShard =>
  shardReader({ source, clock, patience, pace: () => pollPace({ clock, idleMs: 250, moreMs: 210, eager }) });
