import type { MemoryBudget } from '../../kit/memory-budget.js';

const ENCRYPTED = 0x8000;
const NO_KEY = 0x4000;
const ASCII_KEY = 0x2000;
const KEY_BYTES = 0x1fff;
const FIRST_SLOTS = 64;
/** 4 bytes of end offset, 4 of arrival, 2 of key length and flags. */
const SLOT_BYTES = 10;
const LONGEST_SPAN_MS = 0xffff_ffff;

/** One record as it is stored. */
export interface StoredRecord {
  /** Place in the shard, counted from 1. */
  ordinal: number;
  /** A view of the log's own memory; never written again. */
  data: Uint8Array;
  /** Undefined when the producer gave none, as it may on a stream with the AUTO distribution strategy. */
  partitionKey: string | undefined;
  arrivedMs: number;
  encrypted: boolean;
}

/**
 * Consecutive records of a shard in one buffer, key then data, with an index of 10 bytes a record beside it.
 * One object for thousands of records is what keeps both memory and the garbage collector's work small.
 */
export class RecordChunk {
  readonly firstOrdinal: number;
  readonly #memory: MemoryBudget;
  readonly #buffer: Buffer;
  readonly #startMs: number;
  #ends = new Uint32Array(FIRST_SLOTS);
  #arrivals = new Uint32Array(FIRST_SLOTS);
  #keys = new Uint16Array(FIRST_SLOTS);
  #count = 0;
  #used = 0;

  constructor(firstOrdinal: number, capacityBytes: number, startMs: number, memory: MemoryBudget) {
    this.firstOrdinal = firstOrdinal;
    this.#startMs = startMs;
    this.#memory = memory;
    this.#buffer = Buffer.allocUnsafeSlow(capacityBytes);
    memory.count(this.bytes);
  }

  /** What the chunk takes of the memory budget. */
  get bytes(): number {
    return this.#buffer.length + this.#ends.length * SLOT_BYTES;
  }

  get endOrdinal(): number {
    return this.firstOrdinal + this.#count;
  }

  get lastArrivedMs(): number {
    return this.#startMs + (this.#arrivals[this.#count - 1] ?? 0);
  }

  fits(recordBytes: number, arrivedMs: number): boolean {
    return this.#used + recordBytes <= this.#buffer.length && arrivedMs - this.#startMs <= LONGEST_SPAN_MS;
  }

  append(
    data: Uint8Array,
    partitionKey: string | undefined,
    keyBytes: number,
    arrivedMs: number,
    encrypted: boolean,
  ): void {
    const slot = this.#count;
    if (slot === this.#ends.length) this.#resize(slot * 2);
    let flags = encrypted ? ENCRYPTED : 0;
    if (partitionKey === undefined) flags |= NO_KEY;
    else if (keyBytes === partitionKey.length) {
      flags |= ASCII_KEY;
      this.#buffer.write(partitionKey, this.#used, keyBytes, 'latin1');
    } else this.#buffer.write(partitionKey, this.#used, keyBytes, 'utf8');
    this.#buffer.set(data, this.#used + keyBytes);
    this.#used += keyBytes + data.byteLength;
    this.#ends[slot] = this.#used;
    this.#arrivals[slot] = arrivedMs - this.#startMs;
    this.#keys[slot] = keyBytes | flags;
    this.#count = slot + 1;
  }

  /** Bytes of key and data. */
  sizeOf(ordinal: number): number {
    const slot = ordinal - this.firstOrdinal;
    return (this.#ends[slot] as number) - (slot === 0 ? 0 : (this.#ends[slot - 1] as number));
  }

  arrivedMs(ordinal: number): number {
    return this.#startMs + (this.#arrivals[ordinal - this.firstOrdinal] as number);
  }

  get(ordinal: number): StoredRecord {
    const slot = ordinal - this.firstOrdinal;
    const start = slot === 0 ? 0 : (this.#ends[slot - 1] as number);
    const key = this.#keys[slot] as number;
    const dataStart = start + (key & KEY_BYTES);
    return {
      ordinal,
      data: this.#buffer.subarray(dataStart, this.#ends[slot]),
      partitionKey:
        key & NO_KEY ? undefined : this.#buffer.toString(key & ASCII_KEY ? 'latin1' : 'utf8', start, dataStart),
      arrivedMs: this.#startMs + (this.#arrivals[slot] as number),
      encrypted: (key & ENCRYPTED) !== 0,
    };
  }

  /** Ordinal of the first record that arrived at `ms` or later, by halving: arrivals never decrease. */
  ordinalAt(ms: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#startMs + (this.#arrivals[middle] as number) < ms) low = middle + 1;
      else high = middle;
    }
    return this.firstOrdinal + low;
  }

  /** Gives back the part of the index that no record will use. */
  seal(): void {
    this.#resize(this.#count);
  }

  #resize(slots: number): void {
    this.#memory.count((slots - this.#ends.length) * SLOT_BYTES);
    this.#ends = resized(this.#ends, new Uint32Array(slots));
    this.#arrivals = resized(this.#arrivals, new Uint32Array(slots));
    this.#keys = resized(this.#keys, new Uint16Array(slots));
  }
}

function resized<T extends Uint32Array | Uint16Array>(from: T, to: T): T {
  to.set(from.subarray(0, to.length));
  return to;
}
