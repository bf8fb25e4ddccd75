import { AwsError } from '../../../wire/aws-error.js';
import type { Calls } from '../../../wire/handlers.js';
import { Lane, type LaneHost } from './lane.js';
import { type StreamRecord, toStreamRecord } from './stream-record.js';

/** Where in a shard reading begins. */
export type StartingPoint = { type: 'LATEST' | 'TRIM_HORIZON' } | { type: 'AT_TIMESTAMP'; timestampMs: number };

/** Told of changes of the stream instead of asking for them; this often it asks all the same, which also keeps iterators from expiring. */
const IDLE_POLL_MS = 60_000;
const RETRY_MS = 200;
/** Records read ahead of the function, for each lane, in batches. */
const BATCHES_AHEAD = 2;
const READ_LIMIT = 10_000;

/** How reading a shard ended: it was closed and all of it is delivered; its stream is no more; or the mapping stopped it. */
export type PollerEnd = 'finished' | 'gone' | 'stopped';

export interface PollerHost extends Omit<LaneHost, 'shardId'> {
  kinesis: Calls['kinesis'];
  streamArn: string;
  accepts(record: StreamRecord): boolean;
  /** Something outside changed. */
  onNews(run: () => void): () => void;
}

/** Reads one shard, from its starting point to its end, and deals its records out to lanes by partition key. */
export class ShardPoller {
  readonly shardId: string;
  readonly #host: PollerHost;
  readonly #start: StartingPoint;
  #lanes: Lane[] = [];
  #iterator: string | undefined;
  #lastRead: string | undefined;
  /** How far the last reading saw, for the rare case that an iterator expired before anything was read. */
  #seenMs: number | undefined;
  /** Counts what came from outside: records, settings, a pause and its end. */
  #news = 0;
  #recheck: (() => void) | undefined;

  constructor(shardId: string, start: StartingPoint, host: PollerHost) {
    this.shardId = shardId;
    this.#start = start;
    this.#host = host;
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
        await this.#until(() => !this.#host.paused() && this.#hasRoom());
        if (signal.aborted) break;
        const seen = this.#news;
        const read = await this.#read();
        if (read === 'end') return await this.#drain();
        if (read === 'gone') return 'gone';
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
      const answer = await this.#host.kinesis.GetRecords({ ShardIterator: this.#iterator, Limit: READ_LIMIT });
      const records = answer.Records ?? [];
      for (const record of records) this.#deal(toStreamRecord(this.shardId, record));
      this.#lastRead = records.at(-1)?.SequenceNumber ?? this.#lastRead;
      this.#seenMs = askedMs;
      this.#iterator = answer.NextShardIterator;
      if (records.length > 0) this.work();
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

  #deal(record: StreamRecord): void {
    if (!this.#host.accepts(record)) return;
    this.#lane(record.partitionKey).push(record);
  }

  #lane(partitionKey: string): Lane {
    const count = this.#lanes.length;
    const lane = this.#lanes[count === 1 ? 0 : hash(partitionKey) % count];
    if (!lane) throw new Error('a poller has no lanes before its first reading');
    return lane;
  }

  /** Lets every lane go on; makes as many as the settings ask for, once none is at work. */
  work(): void {
    const { parallelization } = this.#host.settings();
    if (this.#lanes.length !== parallelization && this.#lanes.every((lane) => !lane.working))
      this.#remake(parallelization);
    for (const lane of this.#lanes) lane.work();
  }

  #remake(count: number): void {
    const before = this.#lanes;
    // A batch that was tried must come again as it was, so lanes with one stay until it is done.
    const waiting = before.map((lane) => lane.takeQueue());
    if (before.some((lane) => lane.size > 0)) {
      for (const [index, lane] of before.entries()) for (const record of waiting[index] ?? []) lane.push(record);
      return;
    }
    this.#lanes = Array.from({ length: count }, () => new Lane(this.#laneHost));
    // Records of one key were in one lane, in order; so they stay.
    for (const records of waiting) for (const record of records) this.#lane(record.partitionKey).push(record);
  }

  get #laneHost(): LaneHost {
    const host = this.#host;
    return { ...host, shardId: this.shardId, signal: host.signal, moved: () => this.#moved() };
  }

  #moved(): void {
    this.#host.moved();
    this.#recheck?.();
  }

  #hasRoom(): boolean {
    if (this.#lanes.length === 0) this.#remake(this.#host.settings().parallelization);
    const ahead = this.#lanes.reduce((sum, lane) => sum + lane.size, 0);
    return ahead <= this.#host.settings().batchSize * BATCHES_AHEAD * this.#lanes.length;
  }

  async #drain(): Promise<PollerEnd> {
    for (const lane of this.#lanes) lane.end();
    await this.#until(() => this.#lanes.every((lane) => lane.size === 0 && !lane.working));
    return this.#host.signal.aborted ? 'stopped' : 'finished';
  }

  /** Behind what was read last; undefined where the shard does not know that record, for it is another stream's shard. */
  async #resumedIterator(): Promise<string | undefined> {
    if (this.#lastRead !== undefined) {
      try {
        const { ShardIterator } = await this.#host.kinesis.GetShardIterator({
          StreamARN: this.#host.streamArn,
          ShardId: this.shardId,
          ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
          StartingSequenceNumber: this.#lastRead,
        });
        return ShardIterator;
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

  async #iteratorAt(start: StartingPoint): Promise<string | undefined> {
    const { ShardIterator } = await this.#host.kinesis.GetShardIterator({
      StreamARN: this.#host.streamArn,
      ShardId: this.shardId,
      ShardIteratorType: start.type,
      ...(start.type === 'AT_TIMESTAMP' ? { Timestamp: new Date(start.timestampMs) } : {}),
    });
    return ShardIterator;
  }

  /** Whether nothing of this shard is with the function at this moment. */
  get resting(): boolean {
    return this.#lanes.every((lane) => !lane.working);
  }
}

/** FNV-1a, to keep a key in its lane. */
function hash(key: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) state = Math.imul(state ^ key.charCodeAt(index), 0x01000193);
  return state >>> 0;
}
