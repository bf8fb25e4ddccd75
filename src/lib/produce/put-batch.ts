// The body of one PutRecords call, written as the bytes that go out: no object per record, no second copy.
import { PUT_RECORDS } from '../stream/capacity.js';

const START_BYTES = 192 * 1024;
/** What one entry needs besides data and key: the member names and quotes. */
const ENTRY_FRAME_BYTES = 64;

/** What an aggregate holds. */
export interface Aggregated {
  /** When each user record was due, milliseconds after the start. */
  due: Float64Array;
  /** Each user record's number. */
  numbers: Float64Array;
  /** The shard whose keys they have. */
  shardId: string;
  /** How often they went out again because they had arrived on another shard. */
  moves: number;
}

/** When a record was due, milliseconds after the start; for an aggregate what it holds. */
export type Due = number | Aggregated;

/** Records as the user counts them. */
export const usersIn = (due: Due): number => (typeof due === 'number' ? 1 : due.due.length);

/** One entry taken out of a batch to be sent again, or reported. */
export interface HeldEntry {
  /** The entry's JSON as it stands in the body. */
  json: Buffer;
  /** The record's number; for an aggregate the number of its first user record. */
  n: number;
  partitionKey: string;
  /** Key and data, as AWS counts them. */
  bytes: number;
  /** How many calls have carried it. */
  attempts: number;
  /** How many of these do not count against it: its shard was at its limit and no rate was asked for, or nobody answered. */
  excused?: number;
  due: Due;
}

export class PutBatch {
  readonly keys: string[] = [];
  readonly numbers: number[] = [];
  readonly due: Due[] = [];
  readonly attempts: number[] = [];
  readonly sizes: number[] = [];
  /** Keys and data, as AWS counts them. */
  payloadBytes = 0;
  /** Records as the user counts them: an aggregate holds many. */
  userRecords = 0;
  /** Of the few entries that have any: see {@link HeldEntry.excused}. */
  readonly #excused = new Map<number, number>();
  readonly #ends: number[] = [];
  readonly #head: string;
  #body: Buffer = Buffer.allocUnsafeSlow(START_BYTES);
  #length = 0;

  /** @param stream the stream's name, or its ARN */
  constructor(stream: string) {
    const member = stream.startsWith('arn:') ? 'StreamARN' : 'StreamName';
    this.#head = `{"${member}":${JSON.stringify(stream)},"Records":[`;
    this.clear();
  }

  get count(): number {
    return this.keys.length;
  }

  clear(): void {
    this.keys.length = 0;
    this.numbers.length = 0;
    this.due.length = 0;
    this.attempts.length = 0;
    this.sizes.length = 0;
    this.#ends.length = 0;
    if (this.#excused.size > 0) this.#excused.clear();
    this.payloadBytes = 0;
    this.userRecords = 0;
    this.#length = this.#body.write(this.#head, 0, 'latin1');
  }

  /** Whether one more record of so many bytes, key and data, keeps within what one call takes. */
  fits(bytes: number): boolean {
    return this.count < PUT_RECORDS.maxRecords && this.payloadBytes + bytes <= PUT_RECORDS.maxBytes;
  }

  add(data: Buffer, start: number, end: number, partitionKey: string, keyBytes: number, n: number, due: Due): void {
    const dataBytes = end - start;
    // A byte of a key may take six of JSON (\u0000).
    this.#reserve(Math.ceil(dataBytes / 3) * 4 + keyBytes * 6 + ENTRY_FRAME_BYTES);
    const body = this.#body;
    let at = this.count === 0 ? this.#length : append(body, this.#length, COMMA);
    at = append(body, at, OPEN);
    at += body.write(data.toString('base64', start, end), at, 'latin1');
    at = append(body, at, MIDDLE);
    at = appendKey(body, at, partitionKey);
    this.#length = append(body, at, CLOSE);
    this.#note(partitionKey, n, due, 1, dataBytes + keyBytes);
  }

  /** Puts an entry back that an earlier call carried. */
  addHeld(entry: HeldEntry): void {
    this.#reserve(entry.json.length + 1);
    if (this.count > 0) this.#length = append(this.#body, this.#length, COMMA);
    this.#length += entry.json.copy(this.#body, this.#length);
    if (entry.excused) this.#excused.set(this.count, entry.excused);
    this.#note(entry.partitionKey, entry.n, entry.due, entry.attempts + 1, entry.bytes);
  }

  /** The whole body; valid until the batch is cleared. */
  finish(): Buffer {
    this.#reserve(2);
    this.#body.write(']}', this.#length, 'latin1');
    return this.#body.subarray(0, this.#length + 2);
  }

  /** A copy of an entry, to outlive the batch. */
  hold(index: number): HeldEntry {
    const start = index === 0 ? this.#head.length : (this.#ends[index - 1] ?? 0) + 1;
    return {
      json: Buffer.from(this.#body.subarray(start, this.#ends[index])),
      n: this.numbers[index] ?? 0,
      partitionKey: this.keys[index] ?? '',
      bytes: this.sizes[index] ?? 0,
      attempts: this.attempts[index] ?? 1,
      excused: this.#excused.get(index) ?? 0,
      due: this.due[index] ?? 0,
    };
  }

  #note(key: string, n: number, due: Due, attempts: number, bytes: number): void {
    this.keys.push(key);
    this.numbers.push(n);
    this.due.push(due);
    this.attempts.push(attempts);
    this.sizes.push(bytes);
    this.#ends.push(this.#length);
    this.payloadBytes += bytes;
    this.userRecords += usersIn(due);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#body.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#body.length * 2));
    this.#body.copy(larger, 0, 0, this.#length);
    this.#body = larger;
  }
}

const COMMA = Buffer.from(',');
const OPEN = Buffer.from('{"Data":"');
const MIDDLE = Buffer.from('","PartitionKey":"');
const CLOSE = Buffer.from('"}');
const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const TILDE = 0x7e;

/** For a few bytes a loop is faster than a call into Node. */
function append(body: Buffer, start: number, bytes: Buffer): number {
  for (let index = 0; index < bytes.length; index++) body[start + index] = bytes[index] as number;
  return start + bytes.length;
}

/** Keys are nearly always themselves in JSON, byte for byte; the first character that is not takes the long way. */
function appendKey(body: Buffer, start: number, key: string): number {
  for (let index = 0; index < key.length; index++) {
    const code = key.charCodeAt(index);
    if (code < SPACE || code > TILDE || code === QUOTE || code === BACKSLASH)
      return start + body.write(JSON.stringify(key).slice(1, -1), start, 'utf8');
    body[start + index] = code;
  }
  return start + key.length;
}

/** The data of an entry, out of its JSON. */
export function dataOf(entry: HeldEntry): Buffer {
  return Buffer.from((JSON.parse(entry.json.toString('utf8')) as { Data: string }).Data, 'base64');
}
