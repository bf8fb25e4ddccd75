import { keyByteLength } from './ascii-key.js';
import type { FreshRecords, FreshState } from './fresh-records.js';
import { type HeldEntry, PutBatch } from './put-batch.js';

/** Puts fresh records into calls: one by one, in order per key, or aggregated. */
export interface BatchFiller {
  readonly state: FreshState;
  /** When the next record is due; meaningful while the state is `later`. */
  readonly nextDueMs: number;
  /** Records that were taken and wait here, for an earlier one with their key. */
  readonly parked: number;
  /** Fills a call with what is due by `horizonMs` and fits. The answer says what the next record is doing. */
  fill(batch: PutBatch, horizonMs: number): FreshState;
  /** Told when an entry is acknowledged (on which shard) or given up (undefined). The answer is the next entry of its key, if one waited. */
  settled(partitionKey: string, shardId: string | undefined): HeldEntry | undefined;
  refill(): Promise<void>;
  stop(): void;
}

export interface FillerOptions {
  fresh: FreshRecords;
  /** Key and data of the largest record that the stream takes. */
  recordLimitBytes: number;
  onOversized(n: number, bytes: number): void;
}

/** Each record by itself, in the order they fall due. */
export class PlainFiller implements BatchFiller {
  readonly parked = 0;
  state: FreshState = 'later';
  readonly #options: FillerOptions;

  constructor(options: FillerOptions) {
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
export class OrderedFiller implements BatchFiller {
  state: FreshState = 'later';
  parked = 0;
  readonly #options: FillerOptions & { stream: string };
  readonly #lanes = new Map<string, HeldEntry[]>();
  readonly #scratch: PutBatch;

  constructor(options: FillerOptions & { stream: string }) {
    this.#options = options;
    this.#scratch = new PutBatch(options.stream);
  }

  get nextDueMs(): number {
    return this.#options.fresh.dueMs;
  }

  fill(batch: PutBatch, horizonMs: number): FreshState {
    const { fresh, recordLimitBytes, onOversized } = this.#options;
    const { draft } = fresh;
    while (this.parked < MAX_PARKED && (this.state = fresh.peek(horizonMs)) === 'ready') {
      const { n, bytes: data, start, end, partitionKey } = draft;
      const keyBytes = keyByteLength(partitionKey);
      const bytes = end - start + keyBytes;
      const lane = this.#lanes.get(partitionKey);
      if (bytes > recordLimitBytes) onOversized(n, bytes);
      else if (lane) {
        lane.push(this.#hold(data, start, end, partitionKey, keyBytes, n, fresh.dueMs));
        this.parked += 1;
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
    if (next) this.parked -= 1;
    else this.#lanes.delete(partitionKey);
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

const MAX_PARKED = 20_000;
