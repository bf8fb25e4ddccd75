import { type Clock, systemClock } from '../shared/clock.js';
import { OperationError } from '../shared/errors.js';
import { isKinesisError } from '../target/kinesis-call.js';
import type { Delivery } from './delivery.js';
import type { ReadPace } from './read-pace.js';
import { type ReadPatience, type ReadShard, shardReader } from './read-shard.js';
import type { ShardSource } from './shard-source.js';
import { listPatiently, walkShards } from './walk-shards.js';

/** What one shard carried since the sample before. */
export interface ShardRate {
  shard: string;
  recordsPerSecond: number;
  /** Of the records' data; partition keys are not counted. */
  bytesPerSecond: number;
  /** How far the reading is behind the newest record, when it could not keep up: the true rate is higher. */
  behindMs: number | undefined;
  /** The shard refused a read; what this sample lacks is in the next one. */
  throttled: boolean;
}

export interface RateSample {
  at: Date;
  shards: ShardRate[];
}

/** One read a sample, and more while the shard holds more than one answer takes: of the five a second, one is always left to others. */
const READS_A_SAMPLE = 4;

export interface RatesOptions {
  /** The stream, for sentences. */
  name: string;
  patience: ReadPatience;
  signal: AbortSignal;
  clock?: Clock;
  everyMs?: number;
}

/**
 * Counts what arrives, by reading every open shard from now on, once a second: the one way that works on every endpoint. It takes one of
 * the five reads a second that a shard gives to all its readers together. Shards that follow a reshard join in; ends when the signal
 * aborts.
 */
export async function* watchRates(source: ShardSource, options: RatesOptions): AsyncGenerator<RateSample> {
  const { name, patience, clock = systemClock, everyMs = 1000 } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const rounds = new Rounds(clock);
  // A throttled read is a thing to show, and the next round reads what it left.
  const shown: ReadPatience = {
    answered: (shard) => patience.answered(shard),
    failed: (shard, failure, tries) => (failure.kind === 'throttled' ? 0 : patience.failed(shard, failure, tries)),
  };
  const read = shardReader({ source, clock, patience: shown, pace: (shard) => rounds.pace(shard) });
  let isReady = (): void => {};
  const ready = new Promise<void>((resolve) => (isReady = resolve));
  const walking = walkShards({
    from: { kind: 'latest' },
    clock,
    list: () => listPatiently({ source, clock, patience: shown }, signal),
    read: (shard) => rounds.follow(read, shard),
    deliver: async (delivery) => rounds.count(delivery),
    onReady: () => isReady(),
    signal,
  }).catch((error: unknown) => {
    const gone = isKinesisError(error, 'ResourceNotFoundException');
    throw gone ? new OperationError(`Stream "${name}" was deleted.`, { cause: error }) : error;
  });
  try {
    await Promise.race([ready, walking]);
    for (let due = clock.now() + everyMs; ; due = Math.max(due + everyMs, clock.now())) {
      await clock.sleep(Math.max(0, due - clock.now()), signal);
      // The end of the walk counts first: a round without shards is over at once.
      await Promise.race([walking, rounds.next(signal)]);
      yield { at: new Date(clock.now()), shards: rounds.sample() };
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stop.abort();
    await walking.catch(() => {});
  }
}

interface Tally {
  records: number;
  bytes: number;
  behindMs: number;
  throttled: boolean;
  reads: number;
  sinceMs: number;
  ended: boolean;
}

/** Lets all shards read at the same time, once a round, and counts what they read. */
class Rounds {
  readonly #clock: Clock;
  readonly #tallies = new Map<string, Tally>();
  readonly #reading = new Set<string>();
  #begin: () => void = () => {};
  #begun = this.#newRound();
  #allRest: () => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Reads one shard, which is part of the rounds until it ends. */
  async follow(read: ReadShard, shard: Parameters<ReadShard>[0]): ReturnType<ReadShard> {
    const { shardId } = shard;
    const tally: Tally = {
      records: 0,
      bytes: 0,
      behindMs: 0,
      throttled: false,
      reads: 0,
      sinceMs: this.#clock.now(),
      ended: false,
    };
    this.#tallies.set(shardId, tally);
    this.#reading.add(shardId);
    try {
      return await read(shard);
    } finally {
      tally.ended = true;
      this.#rests(shardId);
    }
  }

  count({ shardId, records, behindMs }: Delivery): number {
    const tally = this.#tallies.get(shardId);
    if (!tally) return records.length;
    tally.records += records.length;
    for (const { data } of records) tally.bytes += data.length;
    tally.behindMs = behindMs;
    return records.length;
  }

  pace(shardId: string): ReadPace {
    const nextRound = async (signal: AbortSignal): Promise<void> => {
      this.#rests(shardId);
      await aborted(this.#begun, signal);
      this.#reading.add(shardId);
    };
    return {
      readsAhead: false,
      wait: async (more, _, signal) => {
        const tally = this.#tallies.get(shardId);
        if (tally && more && ++tally.reads < READS_A_SAMPLE) return;
        if (tally) tally.reads = 0;
        await nextRound(signal);
      },
      pause: (_, signal) => nextRound(signal),
      throttled: () => {
        const tally = this.#tallies.get(shardId);
        if (tally) tally.throttled = true;
      },
    };
  }

  /** Begins a round; resolves when all shards have read. */
  async next(signal: AbortSignal): Promise<void> {
    const rest = new Promise<void>((resolve) => (this.#allRest = resolve));
    const begin = this.#begin;
    for (const [shardId, { ended }] of this.#tallies) if (!ended) this.#reading.add(shardId);
    this.#begun = this.#newRound();
    begin();
    if (this.#reading.size > 0) await aborted(rest, signal);
  }

  /** What was counted since the last sample. */
  sample(): ShardRate[] {
    const now = this.#clock.now();
    const rates = [...this.#tallies].map(([shard, tally]) => {
      const seconds = Math.max(1, now - tally.sinceMs) / 1000;
      const { records, bytes, behindMs, throttled } = tally;
      Object.assign(tally, { records: 0, bytes: 0, throttled: false, sinceMs: now });
      if (tally.ended) this.#tallies.delete(shard);
      return {
        shard,
        recordsPerSecond: records / seconds,
        bytesPerSecond: bytes / seconds,
        behindMs: throttled ? undefined : behindMs || undefined,
        throttled,
      };
    });
    return rates.sort((a, b) => (a.shard < b.shard ? -1 : 1));
  }

  #newRound(): Promise<void> {
    return new Promise((resolve) => (this.#begin = resolve));
  }

  #rests(shardId: string): void {
    this.#reading.delete(shardId);
    if (this.#reading.size === 0) this.#allRest();
  }
}

/** What the promise answers, or the signal's reason as soon as it aborts. */
function aborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
