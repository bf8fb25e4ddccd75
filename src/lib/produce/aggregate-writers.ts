import type { AggregatedRecord } from './aggregated-records.js';
import { keyByteLength } from './ascii-key.js';
import { KplAggregateWriter } from './kpl-aggregate-writer.js';
import { type HeldEntry, PutBatch } from './put-batch.js';

/** The KPL's own default: larger aggregates meet a shard's limit of 1 MiB/s in lumps. */
const AGGREGATE_BYTES = 51_200;

/** What a user record takes, with its aggregate's key, where it has an aggregate of its own. */
export const bytesAlone = (dataBytes: number, keyBytes: number): number =>
  KplAggregateWriter.cost(dataBytes, keyBytes) + keyBytes + 24;

/** Puts what a writer holds into a call. @param moves how often it was sent before, to other shards */
export function addAggregate(batch: PutBatch, writer: KplAggregateWriter, shardId: string, moves: number): void {
  const data = writer.finish();
  const { partitionKey } = writer;
  const contents = writer.contents();
  const keyBytes = keyByteLength(partitionKey);
  batch.add(data, 0, data.length, partitionKey, keyBytes, contents.numbers[0] ?? 0, { ...contents, shardId, moves });
}

/** Writers of aggregates, used again and again. */
export class AggregateWriters {
  readonly #scratch: PutBatch;
  readonly #spare: KplAggregateWriter[] = [];
  readonly #maxBytes: number;
  readonly #keysRepeat: boolean;

  constructor(stream: string, recordLimitBytes: number, keysRepeat: boolean) {
    this.#scratch = new PutBatch(stream);
    this.#maxBytes = Math.min(AGGREGATE_BYTES, recordLimitBytes);
    this.#keysRepeat = keysRepeat;
  }

  /** A writer for a record and those that come after it; one that is larger than an aggregate's usual size gets one of its own. */
  take(dataBytes: number, keyBytes: number): KplAggregateWriter {
    const alone = bytesAlone(dataBytes, keyBytes);
    if (alone > this.#maxBytes) return new KplAggregateWriter(alone, false);
    return this.#spare.pop() ?? new KplAggregateWriter(this.#maxBytes, this.#keysRepeat);
  }

  takeBack(writer: KplAggregateWriter): void {
    writer.clear();
    if (writer.maxBytes === this.#maxBytes) this.#spare.push(writer);
  }

  /** What a writer holds, as an entry that waits. */
  hold(
    writer: KplAggregateWriter,
    shardId: string,
    { moves, attempts }: { moves: number; attempts: number },
  ): HeldEntry {
    this.#scratch.clear();
    addAggregate(this.#scratch, writer, shardId, moves);
    return { ...this.#scratch.hold(0), attempts };
  }

  /** Aggregates of their own for records that were sent before, in their order, each for one shard. */
  pack<Lane extends { shardId: string }>(
    records: readonly AggregatedRecord[],
    laneOf: (partitionKey: string) => Lane,
    moves: number,
  ): [Lane, HeldEntry][] {
    const packed: [Lane, HeldEntry][] = [];
    const writers = new Map<Lane, KplAggregateWriter>();
    const close = (lane: Lane, writer: KplAggregateWriter): void => {
      packed.push([lane, this.hold(writer, lane.shardId, { moves, attempts: 1 })]);
      this.takeBack(writer);
    };
    for (const { data, partitionKey, keyBytes, n, dueMs } of records) {
      const lane = laneOf(partitionKey);
      let writer = writers.get(lane);
      if (writer && !writer.fits(data.length, keyBytes)) {
        close(lane, writer);
        writer = undefined;
      }
      writer ??= this.take(data.length, keyBytes);
      writers.set(lane, writer);
      writer.add(data, 0, data.length, partitionKey, keyBytes, n, dueMs);
    }
    for (const [lane, writer] of writers) close(lane, writer);
    return packed;
  }
}
