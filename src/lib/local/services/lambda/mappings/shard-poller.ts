import type { BatchRecord } from '../../../../batching/batch.js';
import type { LaneHost } from '../../../../batching/lane.js';
import { Lanes } from '../../../../batching/lanes.js';
import type { ReadPace } from '../../../../stream/read-pace.js';
import { type ReadPatience, shardReader } from '../../../../stream/read-shard.js';
import type { ShardStart } from '../../../../stream/shard-position.js';
import { readerSource } from '../../../kit/reader-source.js';
import type { ReadFrom, ShardSource } from '../../../ports.js';

/** Where in a shard reading begins. */
export type StartingPoint = { type: 'LATEST' | 'TRIM_HORIZON' } | { type: 'AT_TIMESTAMP'; timestampMs: number };

/** Told of changes of the stream instead of asking for them; this often it asks all the same, which also keeps iterators from expiring. */
const IDLE_POLL_MS = 60_000;
const RETRY_MS = 200;

/** How reading a shard ended: it was closed and all of it is delivered; its stream is no more; or the mapping stopped it. */
export type PollerEnd = 'finished' | 'gone' | 'stopped';

export interface PollerHost extends Omit<LaneHost<BatchRecord>, 'shardId'> {
  source: ShardSource;
  accepts(record: BatchRecord): boolean;
  /** Something outside changed. */
  onNews(run: () => void): () => void;
}

/** Reads one shard, from its starting point to its end, and deals its records out to lanes by partition key. */
export class ShardPoller {
  readonly shardId: string;
  readonly #host: PollerHost;
  readonly #start: StartingPoint;
  readonly #lanes: Lanes<BatchRecord>;
  /** Taken when the poller opened, for its first reading. */
  #opened: string | undefined;
  #openedMs = 0;
  /** Counts what came from outside: records, settings, a pause and its end. */
  #news = 0;
  /** The news before the reading under way. */
  #seen = 0;
  /** The news up to which everything has been read. */
  #readTo = -1;
  #recheck: (() => void) | undefined;

  constructor(shardId: string, start: StartingPoint, host: PollerHost) {
    this.shardId = shardId;
    this.#start = start;
    this.#host = host;
    this.#lanes = new Lanes({ ...host, shardId, moved: () => this.#moved() });
  }

  /** Takes the position in the shard: from here on, LATEST means after this moment. */
  async open(): Promise<void> {
    this.#openedMs = this.#host.clock.now();
    this.#opened = await this.#host.source.iterator(this.shardId, this.#start);
  }

  /** Reads until the shard is at its end and everything in it is delivered, or something ends it before. */
  async run(): Promise<PollerEnd> {
    const { clock, signal } = this.#host;
    const stopListening = this.#host.onNews(() => {
      this.#news += 1;
      this.#recheck?.();
    });
    const onAbort = (): void => this.#recheck?.();
    signal.addEventListener('abort', onAbort, { once: true });
    const read = shardReader({ source: this.#source(), clock, pace: () => this.#pace(), patience: PATIENCE });
    try {
      await this.#untilRoom();
      signal.throwIfAborted();
      await read({
        shardId: this.shardId,
        start: this.#start.type === 'AT_TIMESTAMP' ? { since: this.#start.timestampMs } : STARTS[this.#start.type],
        deliver: async ({ records }) => this.#deal(records),
        onProgress: () => {},
        onReady: () => {},
        onWarning: () => {},
        signal,
      });
      return await this.#drain();
    } catch (error) {
      if (signal.aborted) return 'stopped';
      if (error instanceof StreamGone) return 'gone';
      throw error;
    } finally {
      stopListening();
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** The next reading goes when the stream has news and the lanes have room. */
  #pace(): ReadPace {
    return {
      readsAhead: false,
      wait: async (more) => {
        if (!more) {
          this.#readTo = this.#seen;
          await this.#until(() => this.#news !== this.#seen, IDLE_POLL_MS);
        }
        await this.#untilRoom();
        this.#host.signal.throwIfAborted();
        this.#seen = this.#news;
      },
      pause: (ms, signal) => this.#host.clock.sleep(ms, signal),
      throttled: () => {},
    };
  }

  #untilRoom(): Promise<void> {
    return this.#until(() => !this.#host.paused() && this.#lanes.hasRoom);
  }

  /** Waits until the condition holds, asked again at every change; or until time is up, or the mapping stops. */
  #until(condition: () => boolean, atMostMs?: number): Promise<void> {
    if (condition() || this.#host.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#recheck = undefined;
        cancel?.();
        resolve();
      };
      const cancel = atMostMs === undefined ? undefined : this.#host.clock.after(atMostMs, done);
      this.#recheck = () => {
        if (condition() || this.#host.signal.aborted) done();
      };
    });
  }

  #deal(records: readonly BatchRecord[]): number {
    for (const record of records) if (this.#host.accepts(record)) this.#lanes.push(record);
    if (records.length > 0) this.#lanes.work();
    return records.length;
  }

  /** Lets what is waiting go on, with the settings of this moment. */
  work(): void {
    this.#lanes.work();
  }

  #moved(): void {
    this.#host.moved();
    this.#recheck?.();
  }

  async #drain(): Promise<PollerEnd> {
    this.#lanes.end();
    await this.#until(() => this.#lanes.done);
    return this.#host.signal.aborted ? 'stopped' : 'finished';
  }

  /** The source as the reader of streams takes it. */
  #source() {
    const { source } = this.#host;
    return readerSource(source, async (shardId, position) => {
      const opened = this.#opened;
      this.#opened = undefined;
      return opened ?? (await source.iterator(shardId, this.#from(position)));
    });
  }

  #from(position: ShardStart): ReadFrom {
    if ('after' in position) return { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: position.after };
    // An iterator at LATEST that expired before the first record: it was right when the poller opened.
    const isLatest = this.#start.type === 'LATEST';
    return isLatest ? { type: 'AT_TIMESTAMP', timestampMs: this.#openedMs } : this.#start;
  }

  /** Whether the function has all that the shard holds, and is done with it. */
  get idle(): boolean {
    return this.#readTo === this.#news && this.#lanes.idle;
  }

  /** Whether nothing of this shard is with the function at this moment. */
  get resting(): boolean {
    return this.#lanes.resting;
  }
}

const STARTS = { LATEST: { latest: true }, TRIM_HORIZON: { oldest: true } } as const;

class StreamGone extends Error {}

/** A mapping never gives up: only the end of its stream ends a reading. */
const PATIENCE: ReadPatience = {
  answered: () => {},
  failed(_, { kind }) {
    if (kind === 'gone') throw new StreamGone();
    return RETRY_MS;
  },
};
