import type { BatchRecord } from '../../../../batching/batch.js';
import type { LaneHost } from '../../../../batching/lane.js';
import { Lanes } from '../../../../batching/lanes.js';
import type { ReadFrom, ShardSource } from '../../../ports.js';
import { AwsError } from '../../../wire/aws-error.js';

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
  #iterator: string | undefined;
  #lastRead: string | undefined;
  /** How far the last reading saw, for the rare case that an iterator expired before anything was read. */
  #seenMs: number | undefined;
  /** Counts what came from outside: records, settings, a pause and its end. */
  #news = 0;
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
    this.#iterator = await this.#iteratorAt(this.#start);
    this.#seenMs = this.#host.clock.now();
  }

  /** Reads until the shard is at its end and everything in it is delivered, or something ends it before. */
  async run(): Promise<PollerEnd> {
    const { signal } = this.#host;
    const stopListening = this.#host.onNews(() => {
      this.#news += 1;
      this.#recheck?.();
    });
    const onAbort = (): void => this.#recheck?.();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        await this.#until(() => !this.#host.paused() && this.#lanes.hasRoom);
        if (signal.aborted) break;
        const seen = this.#news;
        const read = await this.#read();
        if (read === 'end') return await this.#drain();
        if (read === 'gone') return 'gone';
        if (read === 'nothing') this.#readTo = seen;
        if (read === 'nothing') await this.#until(() => this.#news !== seen, IDLE_POLL_MS);
        else if (read === 'failed') await this.#host.clock.sleep(RETRY_MS, signal).catch(() => {});
      }
      return 'stopped';
    } finally {
      stopListening();
      signal.removeEventListener('abort', onAbort);
    }
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

  async #read(): Promise<'records' | 'nothing' | 'end' | 'failed' | 'gone'> {
    try {
      this.#iterator ??= await this.#resumedIterator();
      if (this.#iterator === undefined) return 'gone';
      const askedMs = this.#host.clock.now();
      const { records, next } = await this.#host.source.records(this.shardId, this.#iterator);
      for (const record of records) this.#deal(record);
      this.#lastRead = records.at(-1)?.sequenceNumber ?? this.#lastRead;
      this.#seenMs = askedMs;
      this.#iterator = next;
      if (records.length > 0) this.#lanes.work();
      if (this.#iterator === undefined) return 'end';
      return records.length > 0 ? 'records' : 'nothing';
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // Of another stream of that name too: an iterator belongs to one stream, not to its name.
      if (error.code === 'ResourceNotFoundException') return 'gone';
      if (error.code === 'ExpiredIteratorException' || error.code === 'InvalidArgumentException')
        this.#iterator = undefined;
      return 'failed';
    }
  }

  #deal(record: BatchRecord): void {
    if (this.#host.accepts(record)) this.#lanes.push(record);
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

  /** Behind what was read last; undefined where the shard does not know that record, for it is another stream's shard. */
  async #resumedIterator(): Promise<string | undefined> {
    if (this.#lastRead !== undefined) {
      try {
        return await this.#iteratorAt({ type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: this.#lastRead });
      } catch (error) {
        if (error instanceof AwsError && error.code === 'InvalidArgumentException') return undefined;
        throw error;
      }
    }
    const start = this.#start;
    return start.type === 'LATEST' && this.#seenMs !== undefined
      ? this.#iteratorAt({ type: 'AT_TIMESTAMP', timestampMs: this.#seenMs })
      : this.#iteratorAt(start);
  }

  #iteratorAt(from: ReadFrom): Promise<string | undefined> {
    return this.#host.source.iterator(this.shardId, from);
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
