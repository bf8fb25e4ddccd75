import type { Holder, MemoryBudget } from '../../kit/memory-budget.js';
import type { Change } from '../dynamodb/table-items.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html: a record is kept for 24 hours. */
const RETENTION_MS = 24 * 3600 * 1000;
/** What a record takes beside its images, by a rough measure. */
const OVERHEAD_BYTES = 200;

/** A change of an item, as a stream keeps it. */
export interface StoredChange extends Change {
  /** Counts through all shards of the stream. */
  number: number;
  atMs: number;
  /** The service that made the change by itself, such as TTL. */
  byService: boolean;
}

/** A part of a stream, in the order of the writes. */
export class StreamShard implements Holder {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly createdMs: number;
  readonly #memory: MemoryBudget;
  /** The number of its first record. */
  readonly first: number;
  #closed: { last: number; atMs: number } | undefined;
  #records: StoredChange[] = [];
  #bytes = 0;

  constructor(
    at: { id: string; parentId: string | undefined; first: number; createdMs: number },
    memory: MemoryBudget,
  ) {
    ({ id: this.id, parentId: this.parentId, first: this.first, createdMs: this.createdMs } = at);
    this.#memory = memory;
    memory.join(this);
  }

  /** The number of its last record; undefined while it is open. */
  get last(): number | undefined {
    return this.#closed?.last;
  }

  /** The number that the next record gets, or would get. */
  get next(): number {
    return (this.#records.at(-1)?.number ?? this.#horizon - 1) + 1;
  }

  /** Records before this number are gone. */
  get horizon(): number {
    return this.#records[0]?.number ?? this.#horizon;
  }

  #horizonAt: number | undefined;
  get #horizon(): number {
    return this.#horizonAt ?? this.first;
  }

  append(record: StoredChange): void {
    const bytes = bytesOf(record);
    this.#memory.makeRoom(bytes);
    this.#memory.count(bytes);
    this.#bytes += bytes;
    this.#records.push(record);
  }

  close(atMs: number): void {
    this.#closed ??= { last: Math.max(this.first, this.next - 1), atMs };
  }

  /** Records from a number on. */
  read(from: number, most: number): readonly StoredChange[] {
    const start = from - this.horizon;
    return this.#records.slice(Math.max(0, start), Math.max(0, start) + most);
  }

  /** The number of the first record of a time or later. */
  numberAt(ms: number): number {
    return this.#records.find(({ atMs }) => atMs >= ms)?.number ?? this.next;
  }

  /** Lets go of records above the age. True if the shard is closed, empty, and nobody needs it any more. */
  trim(nowMs: number): boolean {
    const before = nowMs - RETENTION_MS;
    if ((this.#records[0]?.atMs ?? nowMs) < before) {
      const kept = this.#records.findIndex(({ atMs }) => atMs >= before);
      this.#drop(kept < 0 ? this.#records.length : kept);
    }
    return this.#closed !== undefined && this.#closed.atMs < before && this.#records.length === 0;
  }

  oldestMs(): number | undefined {
    return this.#records[0]?.atMs;
  }

  dropOldest(): void {
    this.#drop(Math.ceil(this.#records.length / 8));
  }

  #drop(count: number): void {
    const next = this.next;
    const dropped = this.#records.splice(0, count);
    this.#horizonAt = this.#records[0]?.number ?? next;
    const bytes = dropped.reduce((sum, record) => sum + bytesOf(record), 0);
    this.#bytes -= bytes;
    this.#memory.count(-bytes);
  }

  /** Gives its memory back: the stream is gone. */
  discard(): void {
    this.#memory.leave(this);
    this.#memory.count(-this.#bytes);
    this.#records = [];
    this.#bytes = 0;
  }
}

const bytesOf = ({ before, after }: StoredChange): number =>
  (before?.bytes ?? 0) + (after?.bytes ?? 0) + OVERHEAD_BYTES;
