import type { Holder, MemoryBudget } from '../../kit/memory-budget.js';
import { RecordChunk, type StoredRecord } from './record-chunk.js';

/** What a read found. */
export interface ReadResult {
  records: StoredRecord[];
  /** Data and keys of those records. */
  bytes: number;
  /** True when the bound on bytes ended the read. */
  full: boolean;
}

const SMALLEST_CHUNK = 16 * 1024;
const LARGEST_CHUNK = 1024 * 1024;

/**
 * The records of one shard, in order, in chunks of up to 1 MiB: a record costs its bytes, its key's bytes and 10 more.
 * What is trimmed goes by whole chunks; in between, `first` hides what is too old to be read.
 */
export class RecordLog implements Holder {
  readonly #memory: MemoryBudget;
  #chunks: RecordChunk[] = [];
  #nextChunkBytes = SMALLEST_CHUNK;
  #first = 1;
  #next = 1;
  #lastArrivedMs = 0;

  constructor(memory: MemoryBudget) {
    this.#memory = memory;
    memory.join(this);
  }

  /** Ordinal of the oldest record that can be read; equal to `next` when there is none. */
  get first(): number {
    return this.#first;
  }

  /** Ordinal that the next record will get. */
  get next(): number {
    return this.#next;
  }

  /** Arrival of the newest record there has been: not before any other's, though the clock may have gone back since. */
  get lastArrivedMs(): number {
    return this.#lastArrivedMs;
  }

  /**
   * Stores a record and returns its ordinal. Arrival never runs backwards in a shard, whatever the clock does.
   * @param keyBytes length of the partition key in UTF-8
   */
  append(
    data: Uint8Array,
    partitionKey: string | undefined,
    keyBytes: number,
    arrivedMs: number,
    encrypted: boolean,
  ): number {
    if (arrivedMs > this.#lastArrivedMs) this.#lastArrivedMs = arrivedMs;
    let chunk = this.#chunks[this.#chunks.length - 1];
    if (!chunk?.fits(data.byteLength + keyBytes, this.#lastArrivedMs)) {
      chunk?.seal();
      chunk = this.#addChunk(data.byteLength + keyBytes);
    }
    chunk.append(data, partitionKey, keyBytes, this.#lastArrivedMs, encrypted);
    return this.#next++;
  }

  /** Records from `ordinal` on: at most `maxRecords`, and as many as fit in `maxBytes` of data and keys, but at least one. */
  read(ordinal: number, maxRecords: number, maxBytes: number): ReadResult {
    const records: StoredRecord[] = [];
    let bytes = 0;
    let at = Math.max(ordinal, this.#first);
    for (let index = this.#chunkIndexOf(at); index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index] as RecordChunk;
      for (; at < chunk.endOrdinal; at++) {
        if (records.length === maxRecords) return { records, bytes, full: false };
        const size = chunk.sizeOf(at);
        if (bytes + size > maxBytes && records.length > 0) return { records, bytes, full: true };
        bytes += size;
        records.push(chunk.get(at));
      }
    }
    return { records, bytes, full: false };
  }

  /** Ordinal of the first record that arrived at `ms` or later; `next` when none did. */
  ordinalAt(ms: number): number {
    for (const chunk of this.#chunks) {
      if (chunk.lastArrivedMs >= ms) return Math.max(this.#first, chunk.ordinalAt(ms));
    }
    return this.#next;
  }

  /** Milliseconds of arrival of a record that can still be read. */
  arrivedMs(ordinal: number): number | undefined {
    if (ordinal < this.#first) return undefined;
    return this.#chunks[this.#chunkIndexOf(ordinal)]?.arrivedMs(ordinal);
  }

  /** Hides records that arrived before `ms`, for good, and frees chunks that hold nothing else. */
  trimBefore(ms: number): void {
    for (;;) {
      const chunk = this.#chunks[0];
      if (!chunk || chunk.lastArrivedMs >= ms) break;
      this.dropOldest();
    }
    const chunk = this.#chunks[0];
    if (chunk && chunk.arrivedMs(Math.max(this.#first, chunk.firstOrdinal)) < ms) this.#first = this.ordinalAt(ms);
  }

  oldestMs(): number | undefined {
    return this.#chunks[0]?.lastArrivedMs;
  }

  dropOldest(): void {
    const chunk = this.#chunks.shift();
    if (!chunk) return;
    this.#memory.count(-chunk.bytes);
    this.#first = Math.max(this.#first, chunk.endOrdinal);
  }

  /** Frees everything; the log takes no more records. */
  close(): void {
    while (this.#chunks.length > 0) this.dropOldest();
    this.#memory.leave(this);
  }

  #addChunk(recordBytes: number): RecordChunk {
    const capacity = Math.max(this.#memory.unitBytes(this.#nextChunkBytes), recordBytes);
    this.#nextChunkBytes = Math.min(LARGEST_CHUNK, this.#nextChunkBytes * 2);
    this.#memory.makeRoom(capacity);
    const chunk = new RecordChunk(this.#next, capacity, this.#lastArrivedMs, this.#memory);
    this.#chunks.push(chunk);
    return chunk;
  }

  /** Index of the chunk that holds the ordinal, or the number of chunks when it is not stored. */
  #chunkIndexOf(ordinal: number): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#chunks[middle] as RecordChunk).endOrdinal <= ordinal) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
