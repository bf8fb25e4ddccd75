import { keyByteLength } from './ascii-key.js';
import type { FreshRecords, FreshState } from './fresh-records.js';
import { type Due, type HeldEntry, PutBatch } from './put-batch.js';

/** What may wait to be sent, or sent again; beyond it no fresh records are taken until some are through. */
export const MAX_WAITING = { entries: 20_000, bytes: 64 * 1024 * 1024 };

/** What a filler may ask of its sender between two calls. */
export interface FillerHost {
  /** These may go out now. */
  release(entries: readonly HeldEntry[]): void;
  giveUp(entry: HeldEntry, code: string, message: string): void;
}

/** Puts fresh records into calls: one by one, in order per key, or aggregated. */
export interface BatchFiller {
  readonly state: FreshState;
  /** When the next record is due; meaningful while the state is `later`. */
  readonly nextDueMs: number;
  /** Records that were taken and wait here, for an earlier one with their key. */
  readonly parked: number;
  /** Keys and data of what is parked. */
  readonly parkedBytes: number;
  attach(host: FillerHost): void;
  /** Fills a call with what is due by `horizonMs` and fits. The answer says what the next record is doing. */
  fill(batch: PutBatch, horizonMs: number): FreshState;
  /** Told when an entry is acknowledged or given up. The answer is the next entry of its key, or its shard, if one waited. */
  settled(partitionKey: string, due: Due): HeldEntry | undefined;
  /** Takes over an aggregate that was acknowledged by another shard than its own: what of it is there, and what must go out again. */
  strayed(entry: HeldEntry, shardId: string, atMs: number): void;
  /** Hands out what it has taken over and not settled: the run ends. */
  abandon(): HeldEntry[];
  refill(): Promise<void>;
  stop(): void;
}

export interface FillerOptions {
  fresh: FreshRecords;
  /** Key and data of the largest record that the stream takes. */
  recordLimitBytes: number;
  onOversized(n: number, bytes: number): void;
}

/** What is not aggregated is wherever it arrives. */
abstract class SingleRecords {
  attach(): void {}

  strayed(): void {}

  abandon(): HeldEntry[] {
    return [];
  }
}

/** Each record by itself, in the order they fall due. */
export class PlainFiller extends SingleRecords implements BatchFiller {
  readonly parked = 0;
  readonly parkedBytes = 0;
  state: FreshState = 'later';
  readonly #options: FillerOptions;

  constructor(options: FillerOptions) {
    super();
    this.#options = options;
  }

  get nextDueMs(): number {
    return this.#options.fresh.dueMs;
  }

  fill(batch: PutBatch, horizonMs: number): FreshState {
    const { fresh, recordLimitBytes, onOversized } = this.#options;
    const { draft } = fresh;
    while ((this.state = fresh.peek(horizonMs)) === 'ready') {
      const keyBytes = keyByteLength(draft.partitionKey);
      const bytes = draft.end - draft.start + keyBytes;
      if (bytes > recordLimitBytes) {
        fresh.take();
        onOversized(draft.n, bytes);
        continue;
      }
      if (!batch.fits(bytes)) break;
      batch.add(draft.bytes, draft.start, draft.end, draft.partitionKey, keyBytes, draft.n, fresh.dueMs);
      fresh.take();
    }
    return this.state;
  }

  settled(): undefined {
    return undefined;
  }

  refill(): Promise<void> {
    return this.#options.fresh.refill();
  }

  stop(): void {
    this.#options.fresh.stop();
    this.state = 'end';
  }
}

/**
 * Keeps the order of each partition key, whatever is refused: PutRecords may take the second record of a key and refuse the first, so one
 * of a key is under way at a time, and those behind it wait here.
 */
export class OrderedFiller extends SingleRecords implements BatchFiller {
  state: FreshState = 'later';
  parked = 0;
  parkedBytes = 0;
  readonly #options: FillerOptions & { stream: string };
  readonly #lanes = new Map<string, HeldEntry[]>();
  readonly #scratch: PutBatch;

  constructor(options: FillerOptions & { stream: string }) {
    super();
    this.#options = options;
    this.#scratch = new PutBatch(options.stream);
  }

  get nextDueMs(): number {
    return this.#options.fresh.dueMs;
  }

  fill(batch: PutBatch, horizonMs: number): FreshState {
    const { fresh, recordLimitBytes, onOversized } = this.#options;
    const { draft } = fresh;
    while (
      this.parked < MAX_WAITING.entries &&
      this.parkedBytes < MAX_WAITING.bytes &&
      (this.state = fresh.peek(horizonMs)) === 'ready'
    ) {
      const { n, bytes: data, start, end, partitionKey } = draft;
      const keyBytes = keyByteLength(partitionKey);
      const bytes = end - start + keyBytes;
      const lane = this.#lanes.get(partitionKey);
      if (bytes > recordLimitBytes) onOversized(n, bytes);
      else if (lane) {
        lane.push(this.#hold(data, start, end, partitionKey, keyBytes, n, fresh.dueMs));
        this.parked += 1;
        this.parkedBytes += bytes;
      } else if (batch.fits(bytes)) {
        this.#lanes.set(partitionKey, []);
        batch.add(data, start, end, partitionKey, keyBytes, n, fresh.dueMs);
      } else break;
      fresh.take();
    }
    return this.state;
  }

  settled(partitionKey: string): HeldEntry | undefined {
    const lane = this.#lanes.get(partitionKey);
    const next = lane?.shift();
    if (next) {
      this.parked -= 1;
      this.parkedBytes -= next.bytes;
    } else this.#lanes.delete(partitionKey);
    return next;
  }

  refill(): Promise<void> {
    return this.#options.fresh.refill();
  }

  stop(): void {
    this.#options.fresh.stop();
    this.state = 'end';
  }

  #hold(data: Buffer, start: number, end: number, key: string, keyBytes: number, n: number, dueMs: number): HeldEntry {
    this.#scratch.clear();
    this.#scratch.add(data, start, end, key, keyBytes, n, dueMs);
    return { ...this.#scratch.hold(0), attempts: 0 };
  }
}
