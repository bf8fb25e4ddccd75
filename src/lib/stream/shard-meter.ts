import type { Clock } from '../shared/clock.js';
import { isKinesisError } from '../target/kinesis-call.js';
import type { ControlOutput, KinesisControl } from '../target/kinesis-control.js';

type Page = ControlOutput<'GetRecords'>;

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

export interface ShardSample {
  rate: ShardRate;
  /** Set when the shard is closed and read to its end: the shards that follow it. */
  children: string[] | undefined;
}

/** One read a sample, and more while the shard holds more than one answer takes: of the five a second, one is always left to others. */
const READS_A_SAMPLE = 4;

/** Counts what arrives in one shard. */
export class ShardMeter {
  readonly #kinesis: KinesisControl;
  readonly #stream: string;
  readonly #shard: string;
  readonly #clock: Clock;
  #from: 'LATEST' | 'TRIM_HORIZON';
  #iterator: string | undefined;
  #lastSequence: string | undefined;
  #sampledAt: number;

  constructor(
    kinesis: KinesisControl,
    place: { stream: string; shard: string; from: 'LATEST' | 'TRIM_HORIZON' },
    clock: Clock,
  ) {
    this.#kinesis = kinesis;
    this.#stream = place.stream;
    this.#shard = place.shard;
    this.#from = place.from;
    this.#clock = clock;
    this.#sampledAt = clock.now();
  }

  /** Takes the position from which to count. */
  async open(signal: AbortSignal): Promise<void> {
    const position =
      this.#lastSequence === undefined
        ? { ShardIteratorType: this.#from }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' as const, StartingSequenceNumber: this.#lastSequence };
    const input = { StreamName: this.#stream, ShardId: this.#shard, ...position };
    const answer = await this.#kinesis.call('GetShardIterator', input, signal);
    this.#iterator = answer.ShardIterator;
  }

  /** Reads what has arrived since the sample before. */
  async sample(signal: AbortSignal): Promise<ShardSample> {
    let records = 0;
    let bytes = 0;
    let page: Page | 'throttled' | undefined;
    for (let reads = 0; reads < READS_A_SAMPLE; reads += 1) {
      page = await this.#read(signal);
      if (page === 'throttled') break;
      records += page.Records?.length ?? 0;
      for (const { Data } of page.Records ?? []) bytes += Buffer.byteLength(Data ?? '', 'base64');
      this.#lastSequence = page.Records?.at(-1)?.SequenceNumber ?? this.#lastSequence;
      this.#iterator = page.NextShardIterator;
      if (this.#iterator === undefined || !page.MillisBehindLatest) break;
    }
    const now = this.#clock.now();
    const seconds = Math.max(1, now - this.#sampledAt) / 1000;
    this.#sampledAt = now;
    const throttled = page === 'throttled';
    const last = page === 'throttled' ? undefined : page;
    const closed = last !== undefined && last.NextShardIterator === undefined;
    return {
      rate: {
        shard: this.#shard,
        recordsPerSecond: records / seconds,
        bytesPerSecond: bytes / seconds,
        behindMs: last?.MillisBehindLatest || undefined,
        throttled,
      },
      children: closed ? (last.ChildShards ?? []).map(({ ShardId }) => ShardId ?? '') : undefined,
    };
  }

  async #read(signal: AbortSignal): Promise<Page | 'throttled'> {
    try {
      return await this.#kinesis.call('GetRecords', { ShardIterator: this.#iterator }, signal);
    } catch (error) {
      if (isKinesisError(error, 'ProvisionedThroughputExceededException')) return 'throttled';
      if (!isKinesisError(error, 'ExpiredIteratorException')) throw error;
      // The machine slept: go on after the last record seen, or from here if there was none.
      await this.open(signal);
      return this.#read(signal);
    }
  }
}
