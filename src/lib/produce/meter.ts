import { LatencyHistogram, type PlainHistogram } from '../shared/latency-histogram.js';

/** Slots in which sending is counted, to tell how even it was. */
export const SENT_SLOT_MS = 100;

export interface ShardCounts {
  records: number;
  bytes: number;
  throttled: number;
}

/** Counts of a run, or of one worker's part of it. Records are the user's own; an aggregate counts as what it holds. */
export interface Counts {
  /** Handed to the first call that carried them. */
  sent: number;
  acknowledged: number;
  acknowledgedBytes: number;
  /** Times that a record was sent once more. */
  resent: number;
  /** Times that a shard's limit refused a record. */
  throttled: number;
  /** Given up: refused until no attempt was left, or by an error that no attempt mends. */
  failed: number;
  /** Never sent: what the input held cannot be a record. */
  rejected: number;
  /** Lines of the input with nothing in them. */
  blank: number;
  /** Records sent again because a call got no answer: it may have been carried out, so these may be doubled. */
  uncertain: number;
  calls: number;
  failedCalls: number;
  /** Kinesis records acknowledged: fewer than the user's own where they are aggregated. */
  kinesisRecords: number;
  /** User records sent again because a reshard had put their aggregate on a shard that their keys do not belong to. */
  rerouted: number;
}

const NOTHING: Counts = {
  sent: 0,
  acknowledged: 0,
  acknowledgedBytes: 0,
  resent: 0,
  throttled: 0,
  failed: 0,
  rejected: 0,
  blank: 0,
  uncertain: 0,
  calls: 0,
  failedCalls: 0,
  kinesisRecords: 0,
  rerouted: 0,
};

/** A meter as it crosses from one thread to another. */
export interface PlainMeter {
  counts: Counts;
  latency: PlainHistogram;
  service: PlainHistogram;
  sentBySlot: number[];
  shards: [string, ShardCounts][];
  failureCodes: [string, number][];
  lastAcknowledgedMs: number;
}

export class Meter {
  readonly counts: Counts = { ...NOTHING };
  /** From the time a record was due until its acknowledgement. */
  readonly latency = new LatencyHistogram();
  /** From sending a call until its answer. */
  readonly service = new LatencyHistogram();
  readonly sentBySlot: number[] = [];
  readonly shards = new Map<string, ShardCounts>();
  readonly failureCodes = new Map<string, number>();
  lastAcknowledgedMs = 0;

  sent(records: number, atMs: number): void {
    this.counts.sent += records;
    const slot = Math.floor(atMs / SENT_SLOT_MS);
    while (this.sentBySlot.length <= slot) this.sentBySlot.push(0);
    this.sentBySlot[slot] = (this.sentBySlot[slot] ?? 0) + records;
  }

  /** @param due of the record, or of each user record of an aggregate; `bytes` are all of theirs */
  acknowledged(due: number | ArrayLike<number>, bytes: number, shardId: string, atMs: number): void {
    const { counts, latency } = this;
    const users = typeof due === 'number' ? 1 : due.length;
    counts.acknowledged += users;
    counts.acknowledgedBytes += bytes;
    if (typeof due === 'number') latency.record(atMs - due);
    else for (let index = 0; index < users; index++) latency.record(atMs - (due[index] as number));
    const shard = this.shard(shardId);
    shard.records += users;
    shard.bytes += bytes;
  }

  shard(id: string): ShardCounts {
    let counts = this.shards.get(id);
    if (!counts) this.shards.set(id, (counts = { records: 0, bytes: 0, throttled: 0 }));
    return counts;
  }

  failed(code: string, records: number): void {
    this.counts.failed += records;
    this.failureCodes.set(code, (this.failureCodes.get(code) ?? 0) + records);
  }

  toPlain(): PlainMeter {
    return {
      counts: this.counts,
      latency: this.latency.toPlain(),
      service: this.service.toPlain(),
      sentBySlot: this.sentBySlot,
      shards: [...this.shards],
      failureCodes: [...this.failureCodes],
      lastAcknowledgedMs: this.lastAcknowledgedMs,
    };
  }

  add(other: PlainMeter): void {
    for (const key of Object.keys(NOTHING) as (keyof Counts)[]) this.counts[key] += other.counts[key];
    this.latency.add(other.latency);
    this.service.add(other.service);
    other.sentBySlot.forEach((count, slot) => {
      while (this.sentBySlot.length <= slot) this.sentBySlot.push(0);
      this.sentBySlot[slot] = (this.sentBySlot[slot] ?? 0) + count;
    });
    for (const [id, counts] of other.shards) {
      const mine = this.shard(id);
      mine.records += counts.records;
      mine.bytes += counts.bytes;
      mine.throttled += counts.throttled;
    }
    for (const [code, count] of other.failureCodes)
      this.failureCodes.set(code, (this.failureCodes.get(code) ?? 0) + count);
    this.lastAcknowledgedMs = Math.max(this.lastAcknowledgedMs, other.lastAcknowledgedMs);
  }
}
