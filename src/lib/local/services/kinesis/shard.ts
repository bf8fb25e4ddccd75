import { FAN_OUT_BYTES_PER_SECOND, GET_RECORDS, SHARD_READ, SHARD_WRITE } from '../../../stream/capacity.js';
import type { HashKeyRange } from '../../../stream/hash-key.js';
import { SequenceNumbers, shardIdOf } from '../../../stream/sequence-number.js';
import type { MemoryBudget } from '../../kit/memory-budget.js';
import { RecordLog } from './record-log.js';
import { TokenBucket } from './token-bucket.js';

/** How a shard came to be: from no other, by a split (one parent) or by a merge (two). */
export interface Lineage {
  parentShardId?: string;
  adjacentParentShardId?: string;
}

/** The rates one shard allows, as AWS has them. */
export interface ShardLimits {
  recordsIn: TokenBucket;
  bytesIn: TokenBucket;
  iterators: TokenBucket;
  callsOut: TokenBucket;
  bytesOut: TokenBucket;
}

/** One shard: a range of hash keys, a log of records, and the rates at which it takes and gives them. */
export class Shard {
  readonly id: string;
  readonly index: number;
  readonly range: HashKeyRange;
  readonly lineage: Lineage;
  readonly createdMs: number;
  readonly numbers: SequenceNumbers;
  readonly log: RecordLog;
  /** Undefined where limits are off. */
  readonly limits: ShardLimits | undefined;
  /** Set when the shard is split or merged; it then takes no more records. */
  closed: { atMs: number; children: Shard[] } | undefined;
  readonly #listeners = new Set<() => void>();

  /** @param createdSec second in the shard's sequence numbers; later than its parents', whatever the clock says */
  constructor(options: {
    index: number;
    range: HashKeyRange;
    lineage: Lineage;
    nowMs: number;
    createdSec: number;
    memory: MemoryBudget;
    limited: boolean;
  }) {
    this.index = options.index;
    this.id = shardIdOf(options.index);
    this.range = options.range;
    this.lineage = options.lineage;
    this.createdMs = options.nowMs;
    this.numbers = new SequenceNumbers(options.index, options.createdSec);
    this.log = new RecordLog(options.memory);
    if (options.limited) {
      const bucket = (perSecond: number): TokenBucket => new TokenBucket(perSecond, options.nowMs);
      this.limits = {
        recordsIn: bucket(SHARD_WRITE.recordsPerSecond),
        bytesIn: bucket(SHARD_WRITE.bytesPerSecond),
        iterators: bucket(SHARD_READ.iteratorsPerSecond),
        callsOut: bucket(SHARD_READ.callsPerSecond),
        bytesOut: bucket(SHARD_READ.bytesPerSecond),
      };
    }
  }

  get open(): boolean {
    return this.closed === undefined;
  }

  /** Whether a record of this size may come in now; if so it is counted. */
  admit(bytes: number, nowMs: number): boolean {
    const limits = this.limits;
    if (!limits) return true;
    if (!limits.recordsIn.has(1, nowMs) || !limits.bytesIn.has(bytes, nowMs)) return false;
    limits.recordsIn.take(1);
    limits.bytesIn.take(bytes);
    return true;
  }

  /** Stores a record and returns its sequence number. */
  store(
    data: Uint8Array,
    partitionKey: string | undefined,
    keyBytes: number,
    nowMs: number,
    encrypted: boolean,
  ): string {
    const ordinal = this.log.append(data, partitionKey, keyBytes, nowMs, encrypted);
    return this.numbers.at(ordinal, Math.floor(this.log.lastArrivedMs / 1000));
  }

  /** Whether a GetShardIterator call may be answered now; if so it is counted. */
  admitIterator(nowMs: number): boolean {
    return this.limits?.iterators.admit(1, nowMs) ?? true;
  }

  /**
   * Whether a GetRecords call may be answered now; if so it is counted.
   * @param counted false for readers inside the endpoint, whose calls do not count (their bytes do)
   */
  admitRead(counted: boolean, nowMs: number): boolean {
    const limits = this.limits;
    if (!limits) return true;
    if (limits.bytesOut.waitMs(nowMs) > 0) return false;
    return !counted || limits.callsOut.admit(1, nowMs);
  }

  /**
   * Counts what a GetRecords call returned. A full answer makes the shard pause for five seconds, as AWS documents: whatever
   * was left in the bucket is not counted towards it.
   */
  countRead(bytes: number, full: boolean): void {
    if (full) this.limits?.bytesOut.drain();
    this.limits?.bytesOut.take(full ? GET_RECORDS.maxBytes : bytes);
  }

  /** A rate of its own for one enhanced fan-out consumer. */
  fanOutLimit(nowMs: number): TokenBucket | undefined {
    return this.limits && new TokenBucket(FAN_OUT_BYTES_PER_SECOND, nowMs);
  }

  /** Calls `notify` whenever records arrive or the shard is closed; the answer unsubscribes. */
  onChange(notify: () => void): () => void {
    this.#listeners.add(notify);
    return () => this.#listeners.delete(notify);
  }

  changed(): void {
    for (const notify of this.#listeners) notify();
  }

  close(nowMs: number, children: Shard[]): void {
    this.closed = { atMs: nowMs, children };
    this.changed();
  }
}
