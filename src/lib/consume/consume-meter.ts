import type { BatchRecord } from '../batching/batch.js';
import { LatencyHistogram } from '../shared/latency-histogram.js';

/** Figures of one shard. */
export interface ShardFigures {
  shardId: string;
  records: number;
  /** How far its reader was behind the newest record at its last read. */
  behindMs: number;
}

/** Counts what a run reads, hands to its handler and gives up. */
export class ConsumeMeter {
  /** Records read, and those of them that no filter lets pass. */
  read = 0;
  filtered = 0;
  /** Records that the handler processed. */
  processed = 0;
  batches = 0;
  /** Invocations that failed, or reported a record as failed. */
  failures = 0;
  givenUpBatches = 0;
  givenUpRecords = 0;
  readonly batchMs = new LatencyHistogram();
  readonly ageMs = new LatencyHistogram();
  #firstAtMs: number | undefined;
  #lastAtMs = 0;
  readonly #shards = new Map<string, ShardFigures>();

  shard(shardId: string): ShardFigures {
    let figures = this.#shards.get(shardId);
    if (!figures) this.#shards.set(shardId, (figures = { shardId, records: 0, behindMs: 0 }));
    return figures;
  }

  /** Records processed a second, from the first invocation to the last answer. */
  get recordsPerSecond(): number {
    return (this.processed / Math.max(this.#lastAtMs - (this.#firstAtMs ?? 0), 1)) * 1000;
  }

  get shards(): ShardFigures[] {
    return [...this.#shards.values()].sort((a, b) => a.shardId.localeCompare(b.shardId));
  }

  /** A batch went to the handler. Its age is that of its last record, as IteratorAge is. */
  began(records: readonly BatchRecord[], nowMs: number): void {
    this.#firstAtMs ??= nowMs;
    const last = records.at(-1);
    if (last) this.ageMs.record(nowMs - last.arrivedMs);
  }

  /** @param processed records of the batch that are done */
  ended(failed: boolean, processed: number, durationMs: number, nowMs: number): void {
    this.#lastAtMs = nowMs;
    this.batches += 1;
    if (failed) this.failures += 1;
    this.processed += processed;
    this.batchMs.record(durationMs);
  }
}
