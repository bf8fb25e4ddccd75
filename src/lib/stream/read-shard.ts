import type { Clock } from '../shared/clock.js';
import type { Deliver, ReadRecord, StreamRecord } from './delivery.js';
import type { ReadPace } from './read-pace.js';
import type { ShardPosition, ShardStart } from './shard-position.js';
import { ReadFailure, type ShardEnd, type ShardPage, type ShardSource } from './shard-source.js';

const BACKOFF_FIRST_MS = 300;
const BACKOFF_LONGEST_MS = 5000;
/** The clock of this machine may be a little ahead of the service's, which refuses times to come. */
const CLOCK_MARGIN_MS = 2000;
/** A new iterator that is refused at once, this often in a row, is no matter of its age. */
const MOST_RENEWALS = 5;
/** How often a reader that is to finish tries a read that fails. */
const LAST_TRIES = 6;

/** What a reader does about calls that fail. */
export interface ReadPatience {
  /**
   * @param tries failures in a row, this one included
   * @returns how long to wait before the next call, milliseconds
   * @throws what ends the reading
   */
  failed(shardId: string, failure: ReadFailure, tries: number): number;
  answered(shardId: string): void;
}

export interface ReaderOptions<R extends ReadRecord = StreamRecord> {
  source: ShardSource<R>;
  clock: Clock;
  /** A pace of its own for each shard. */
  pace(shardId: string): ReadPace;
  patience: ReadPatience;
}

export interface ShardRead<R extends ReadRecord = StreamRecord> {
  shardId: string;
  start: ShardStart;
  /** Records that arrived at this time or later are not wanted. */
  untilMs?: number | undefined;
  deliver: Deliver<R>;
  /** Told how far reading has come, also when nothing was there to deliver. */
  onProgress(position: ShardPosition): void;
  /** Told once, when the reader stands in its place and misses nothing from here on. */
  onReady(): void;
  onWarning(text: string): void;
  signal: AbortSignal;
  /** Once it aborts, what is there now is read, and then the reading ends as reached. */
  finish?: AbortSignal | undefined;
}

/** Reads one shard from a position to its end. */
export type ReadShard<R extends ReadRecord = StreamRecord> = (read: ShardRead<R>) => Promise<ShardEnd>;

/** The reader that asks: iterators are renewed behind the last record, throttles and failures are waited out as `patience` says. */
export function shardReader<R extends ReadRecord>(options: ReaderOptions<R>): ReadShard<R> {
  return (read) => new ShardReader(options, read).run();
}

/** Waits a little longer after each failure in a row. @param random 0 to 1; keeps readers apart that failed together */
export function backoffMs(tries: number, random = Math.random()): number {
  const bound = Math.min(BACKOFF_LONGEST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(tries - 1, 10));
  return bound / 2 + (random * bound) / 2;
}

/** Thrown inside, when a reader that is to finish cannot read. */
class Unreadable extends Error {}

class ShardReader<R extends ReadRecord> {
  readonly #options: ReaderOptions<R>;
  readonly #read: ShardRead<R>;
  readonly #pace: ReadPace;
  /** Aborts when there is nothing to wait for any longer. */
  readonly #waiting: AbortSignal;
  #position: ShardStart;
  #failures = 0;
  #renewals = 0;
  #calledAtMs = 0;
  /** When the iterator in hand was right: what LATEST meant, if it expires before the first record. */
  #latestSinceMs = 0;

  constructor(options: ReaderOptions<R>, read: ShardRead<R>) {
    this.#options = options;
    this.#read = read;
    this.#pace = options.pace(read.shardId);
    this.#waiting = read.finish ? AbortSignal.any([read.signal, read.finish]) : read.signal;
    this.#position = read.start;
  }

  async run(): Promise<ShardEnd> {
    try {
      return await this.#follow();
    } catch (error) {
      if (error instanceof Unreadable) return { kind: 'reached' };
      throw error;
    }
  }

  async #follow(): Promise<ShardEnd> {
    const { finish, onReady, untilMs } = this.#read;
    let iterator: string | undefined = await this.#openIterator();
    onReady();
    let ahead: Promise<ShardPage<R> | undefined> | undefined;
    for (;;) {
      const finishing = finish?.aborted === true;
      const page: ShardPage<R> | undefined = await (ahead ?? this.#readPage(iterator ?? ''));
      ahead = undefined;
      if (!page) {
        iterator = await this.#openIterator();
        continue;
      }
      iterator = page.next;
      const more = page.behindMs > 0;
      if (iterator !== undefined && more && page.records.length > 0 && this.#pace.readsAhead) {
        ahead = this.#readPage(iterator);
        ahead.catch(() => {}); // told by the await above
      }
      if (!(await this.#hand(page))) return { kind: 'reached' };
      if (iterator === undefined) return { kind: 'closed', children: page.children };
      if (!more && finishing) return { kind: 'reached' };
      if (untilMs !== undefined && !more && this.#options.clock.now() >= untilMs) return { kind: 'reached' };
      if (ahead === undefined) await this.#wait((signal) => this.#pace.wait(more, this.#calledAtMs, signal));
    }
  }

  /** @returns false when nothing more is wanted */
  async #hand({ records, behindMs }: ShardPage<R>): Promise<boolean> {
    const { shardId, deliver, untilMs, onProgress } = this.#read;
    const wanted = untilMs === undefined ? records : records.filter(({ arrivedMs }) => arrivedMs < untilMs);
    const taken = await deliver({ shardId, records: wanted, behindMs });
    const last = wanted[taken - 1];
    if (last) onProgress((this.#position = { after: last.sequenceNumber }));
    return taken >= records.length;
  }

  async #openIterator(): Promise<string> {
    const { shardId, onProgress, onWarning, signal } = this.#read;
    const { source, clock } = this.#options;
    for (;;) {
      const beforeMs = clock.now();
      try {
        const iterator = await this.#call(() => source.iterator(shardId, this.#position, signal));
        if ('latest' in this.#position) {
          this.#latestSinceMs = beforeMs - CLOCK_MARGIN_MS;
          // A reader that starts again must not miss what comes from now on.
          onProgress({ since: this.#latestSinceMs });
        }
        return iterator;
      } catch (error) {
        if (!(error instanceof ReadFailure)) throw error;
        if (error.kind !== 'unknown-position' || !('after' in this.#position)) throw error.cause;
        onWarning(
          `${shardId}: the last record read is no longer in the stream; reading continues at the oldest record`,
        );
        this.#position = { oldest: true };
      }
    }
  }

  /** @returns undefined when a new iterator is needed */
  async #readPage(iterator: string): Promise<ShardPage<R> | undefined> {
    const { shardId, signal } = this.#read;
    const { source, clock, patience } = this.#options;
    try {
      const page = await this.#call(() => {
        this.#calledAtMs = clock.now();
        return source.records(shardId, iterator, signal);
      });
      this.#renewals = 0;
      return page;
    } catch (error) {
      if (!(error instanceof ReadFailure)) throw error;
      this.#renewals += 1;
      if (error.kind !== 'expired') throw error.cause;
      if (this.#renewals > MOST_RENEWALS)
        await this.#pace.pause(patience.failed(shardId, error, this.#renewals - MOST_RENEWALS), signal);
      // LATEST again would skip what came meanwhile.
      if ('latest' in this.#position) this.#position = { since: this.#latestSinceMs };
      return undefined;
    }
  }

  /** Makes a call until it is answered. @throws ReadFailure for what only its caller can act on */
  async #call<T>(call: () => Promise<T>): Promise<T> {
    const { signal, finish, shardId } = this.#read;
    const { patience } = this.#options;
    for (;;) {
      try {
        const answer = await call();
        this.#failures = 0;
        patience.answered(shardId);
        return answer;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ReadFailure)) throw error;
        if (error.kind === 'expired' || error.kind === 'unknown-position') throw error;
        if (error.kind === 'throttled') this.#pace.throttled();
        this.#failures += 1;
        const ms = patience.failed(shardId, error, this.#failures);
        if (finish?.aborted && (error.kind !== 'throttled' || this.#failures >= LAST_TRIES)) throw new Unreadable();
        await this.#pace.pause(ms, signal);
      }
    }
  }

  /** The end of waiting is no error where it is time to finish. */
  async #wait(wait: (signal: AbortSignal) => Promise<void>): Promise<void> {
    await wait(this.#waiting).catch((error: unknown) => {
      if (this.#read.signal.aborted || !this.#waiting.aborted) throw error;
    });
  }
}
