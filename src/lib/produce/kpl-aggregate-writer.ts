// Writes the aggregation format of the Kinesis Producer Library into one growing buffer: a key goes into the table right before the first record that
// uses it, which protobuf allows (only the order within one repeated field counts).
// https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
import { hash } from 'node:crypto';
import { KPL_DIGEST_BYTES, KPL_MAGIC } from '../decode/kpl-aggregate.js';
import { writeKey } from './ascii-key.js';

const KEY_TABLE = 0x0a; // field 1, length-delimited
const RECORD = 0x1a; // field 3, length-delimited
const KEY_INDEX = 0x08; // field 1 of a record, varint
const DATA = 0x1a; // field 3 of a record, length-delimited

/** User records that there is room for at first, each in eight bytes for its number and eight for when it was due. */
const FIRST_COUNT = 256;

export class KplAggregateWriter {
  readonly maxBytes: number;
  /** The key of the first user record; the aggregate goes by it. */
  partitionKey = '';
  count = 0;
  #due = new Float64Array(FIRST_COUNT);
  #numbers = new Float64Array(FIRST_COUNT);
  readonly #buffer: Buffer;
  /** Where each key stands in the table; undefined where no key is expected twice. */
  readonly #indexes: Map<string, number> | undefined;
  #keys = 0;
  #length = KPL_MAGIC.length;

  /**
   * @param maxBytes of the whole, with magic number and checksum
   * @param keysRepeat whether to look for each key in the table before adding it, which costs more than all the rest
   */
  constructor(maxBytes: number, keysRepeat: boolean) {
    this.maxBytes = maxBytes;
    this.#indexes = keysRepeat ? new Map() : undefined;
    this.#buffer = Buffer.allocUnsafeSlow(maxBytes);
    this.#buffer.set(KPL_MAGIC, 0);
  }

  /** When the first user record was due. */
  get firstDueMs(): number {
    return this.#due[0] as number;
  }

  /** When each user record was due, and its number. */
  contents(): { due: Float64Array; numbers: Float64Array } {
    return { due: this.#due.slice(0, this.count), numbers: this.#numbers.slice(0, this.count) };
  }

  /** The most that one user record adds. */
  static cost(dataBytes: number, keyBytes: number): number {
    return dataBytes + keyBytes + 24;
  }

  fits(dataBytes: number, keyBytes: number): boolean {
    return this.#length + KplAggregateWriter.cost(dataBytes, keyBytes) + KPL_DIGEST_BYTES <= this.maxBytes;
  }

  add(
    data: Buffer,
    start: number,
    end: number,
    partitionKey: string,
    keyBytes: number,
    n: number,
    dueMs: number,
  ): void {
    if (this.count === 0) this.partitionKey = partitionKey;
    const buffer = this.#buffer;
    let at = this.#length;
    let index = this.#indexes?.get(partitionKey);
    if (index === undefined) {
      index = this.#keys++;
      this.#indexes?.set(partitionKey, index);
      buffer[at++] = KEY_TABLE;
      at = writeVarint(buffer, at, keyBytes);
      at = writeKey(buffer, at, partitionKey);
    }
    const dataBytes = end - start;
    buffer[at++] = RECORD;
    at = writeVarint(buffer, at, 1 + varintBytes(index) + 1 + varintBytes(dataBytes) + dataBytes);
    buffer[at++] = KEY_INDEX;
    at = writeVarint(buffer, at, index);
    buffer[at++] = DATA;
    at = writeVarint(buffer, at, dataBytes);
    at += data.copy(buffer, at, start, end);
    this.#length = at;
    if (this.count === this.#due.length) this.#grow();
    this.#due[this.count] = dueMs;
    this.#numbers[this.count++] = n;
  }

  /** The whole aggregate; valid until the writer is cleared. */
  finish(): Buffer {
    const digest = hash('md5', this.#buffer.subarray(KPL_MAGIC.length, this.#length), 'buffer');
    this.#buffer.set(digest, this.#length);
    return this.#buffer.subarray(0, this.#length + KPL_DIGEST_BYTES);
  }

  clear(): void {
    this.count = 0;
    this.#indexes?.clear();
    this.#keys = 0;
    this.#length = KPL_MAGIC.length;
  }

  #grow(): void {
    const { due, numbers } = this.contents();
    this.#due = new Float64Array(2 * this.count);
    this.#due.set(due);
    this.#numbers = new Float64Array(2 * this.count);
    this.#numbers.set(numbers);
  }
}

function varintBytes(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
}

function writeVarint(buffer: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  while (rest > 0x7f) {
    buffer[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  buffer[at++] = rest;
  return at;
}
