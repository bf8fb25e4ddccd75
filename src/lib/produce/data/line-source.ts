import { isUtf8 } from 'node:buffer';
import { OperationError } from '../../shared/errors.js';
import { isJsonText } from '../../shared/is-json-text.js';
import { type KeyPlan, keyChooser, keyFromField } from '../partition-keys.js';
import type { InputHooks, RecordDraft, RecordSource, SourceState } from '../record-source.js';
import { type Chunks, openChunks } from './chunks.js';
import { padBytes } from './padding.js';
import { Random } from './random.js';
import { timeFromField } from './time-field.js';

export interface LineSourceOptions extends InputHooks {
  /** `-` is stdin. */
  path: string;
  /** Whether the input is compressed with gzip. */
  gzip?: boolean | undefined;
  /** Whether each line must be JSON; else a line is a record as it is. */
  json: boolean;
  /** Where each record's own time stands; the first one sets the zero. */
  timeField: readonly string[] | undefined;
  /** How many times faster than the times tell. */
  speed: number;
  keys: KeyPlan;
  seed: number;
  sizeBytes: number | undefined;
  worker: number;
  workers: number;
}

/** A longer line cannot be a record, whatever the stream's limit, and is not kept in memory. */
const LONGEST_LINE_BYTES = 16 * 1024 * 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The lines of a file, in order. A line that cannot be a record is reported, and the next one follows. Empty lines are none. */
export function lineSource(options: LineSourceOptions): RecordSource {
  return new LineSource(options);
}

class LineSource implements RecordSource {
  readonly #options: LineSourceOptions;
  readonly #chunks: Chunks;
  readonly #random: Random;
  readonly #chooseKey: ((random: Random) => string) | undefined;
  readonly #keyPath: readonly string[];
  /** Only a look at the value tells more than whether a line is JSON. */
  readonly #parses: boolean;
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Every whole line in the buffer is UTF-8: found out for all of them at once, which costs next to nothing. */
  #allUtf8 = false;
  #line = 0;
  #ended = false;
  #skipping = false;
  #firstMs: number | undefined;
  #lastDueMs = 0;

  constructor(options: LineSourceOptions) {
    this.#options = options;
    this.#chunks = openChunks(options.path, options.gzip === true);
    this.#random = new Random(options.seed);
    this.#chooseKey = options.keys.kind === 'field' ? undefined : keyChooser(options.keys);
    this.#keyPath = options.keys.kind === 'field' ? options.keys.path : [];
    this.#parses = options.timeField !== undefined || options.keys.kind === 'field';
  }

  next(draft: RecordDraft): SourceState {
    const { worker, workers } = this.#options;
    for (;;) {
      const feed = this.#buffer.indexOf(LINE_FEED, this.#at);
      if (feed === -1 && !this.#ended) return 'wait';
      if (feed === -1 && this.#at >= this.#buffer.length) return 'end';
      let start = this.#at;
      let end = feed === -1 ? this.#buffer.length : feed;
      this.#at = end + 1;
      const n = this.#line++;
      if (n === 0 && this.#options.json && this.#buffer.subarray(0, 3).equals(BYTE_ORDER_MARK)) start = 3;
      if (this.#skipping) {
        this.#skipping = false; // the rest of a line that was too long, reported when it was
        continue;
      }
      if (workers > 1 && n % workers !== worker) continue;
      if (this.#buffer[end - 1] === CARRIAGE_RETURN && end > start) end -= 1;
      if (
        start === end ||
        (this.#options.json && (this.#buffer[start] as number) <= SPACE && this.#isBlank(start, end))
      ) {
        this.#options.onBlank();
        continue;
      }
      if (this.#fill(draft, n, start, end)) return 'ready';
    }
  }

  async refill(): Promise<void> {
    if (this.#ended) return;
    let rest = this.#buffer.subarray(this.#at);
    if (this.#skipping) rest = Buffer.alloc(0);
    else if (rest.length > LONGEST_LINE_BYTES) {
      const mine = this.#line % this.#options.workers === this.#options.worker; // every worker reads it, one tells of it
      if (mine) this.#reject(this.#line, `longer than ${LONGEST_LINE_BYTES} bytes, not kept`, undefined);
      this.#skipping = true;
      rest = Buffer.alloc(0);
    }
    let next: Buffer | undefined;
    try {
      next = await this.#chunks.after(rest);
    } catch (error) {
      throw new OperationError(`cannot read ${this.#options.path}: ${(error as Error).message}`);
    }
    if (next === undefined) {
      this.#ended = true;
      return;
    }
    this.#buffer = next;
    this.#at = 0;
    this.#allUtf8 = isUtf8(this.#buffer.subarray(0, this.#buffer.lastIndexOf(LINE_FEED) + 1));
  }

  async close(): Promise<void> {
    this.#chunks.close();
  }

  /** @returns false when the line was rejected */
  #fill(draft: RecordDraft, n: number, start: number, end: number): boolean {
    const { json, timeField, sizeBytes } = this.#options;
    draft.n = n;
    draft.bytes = this.#buffer;
    draft.start = start;
    draft.end = end;
    draft.dueMs = undefined;
    this.#random.startRecord(n);
    try {
      if (this.#parses) {
        const text = this.#buffer.toString('utf8', start, end);
        const value: unknown = parse(text);
        if (timeField) draft.dueMs = this.#dueOf(timeFromField(value, timeField));
        if (!this.#chooseKey) draft.partitionKey = keyFromField(value, this.#keyPath, text);
      } else if (json && !isJsonText(this.#buffer, start, end)) throw new Error('not JSON');
      const known = this.#allUtf8 && end < this.#buffer.length;
      if (json && !known && !isUtf8(this.#buffer.subarray(start, end))) throw new Error('not UTF-8');
    } catch (error) {
      this.#reject(n, (error as Error).message, this.#buffer.subarray(start, end));
      return false;
    }
    if (this.#chooseKey) draft.partitionKey = this.#chooseKey(this.#random);
    if (sizeBytes !== undefined && end - start < sizeBytes) {
      draft.bytes = padBytes(this.#buffer.subarray(start, end), sizeBytes, json);
      draft.start = 0;
      draft.end = draft.bytes.length;
    }
    return true;
  }

  /** A record that tells an earlier time than the one before it follows at once: lines keep their order. */
  #dueOf(epochMs: number): number {
    this.#firstMs ??= epochMs;
    this.#lastDueMs = Math.max(this.#lastDueMs, (epochMs - this.#firstMs) / this.#options.speed);
    return this.#lastDueMs;
  }

  /** White space alone: JSON allows it around a value, and here is none. */
  #isBlank(start: number, end: number): boolean {
    let at = start;
    while (at < end && (this.#buffer[at] === SPACE || this.#buffer[at] === TAB || this.#buffer[at] === CARRIAGE_RETURN))
      at += 1;
    return at === end;
  }

  #reject(n: number, reason: string, line: Buffer | undefined): void {
    this.#options.onRejected({ line: n + 1, reason, data: line?.toString('base64') });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('not JSON');
  }
}
