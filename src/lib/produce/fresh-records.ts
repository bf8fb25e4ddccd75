import { keyByteLength } from './ascii-key.js';
import type { Pacer } from './pacer.js';
import { emptyDraft, type RecordDraft, type RecordSource } from './record-source.js';

export interface Schedule {
  /** undefined sets no pace: a record is due as soon as there is room for it. */
  pacer: Pacer | undefined;
  unit: 'records' | 'bytes';
  /** Records due from here on are not part of the run. */
  durationMs: number | undefined;
  count: number | undefined;
}

/** `later`: the next record is not due yet. `wait`: the source is reading. */
export type FreshState = 'ready' | 'later' | 'wait' | 'end';

/**
 * The records of a run in the order in which they fall due. A record is made only when it is due and somebody takes it, so being behind
 * schedule costs no memory: the backlog is the difference of two numbers.
 */
export class FreshRecords {
  readonly draft: RecordDraft = emptyDraft();
  /** When the draft, or the next record, is due. */
  dueMs = 0;
  taken = 0;
  /** What was taken in the schedule's unit: records, or bytes of keys and data. */
  units = 0;
  /** When the record that was taken last was due. */
  lastDueMs = 0;
  /** The source had no more, or the schedule none that will ever be due. */
  exhausted = false;
  readonly #source: RecordSource;
  readonly #schedule: Schedule;
  #holds = false;
  #ended = false;

  constructor(source: RecordSource, schedule: Schedule) {
    this.#source = source;
    this.#schedule = schedule;
  }

  /** Whether a record that is due by `horizonMs` stands in the draft. */
  peek(horizonMs: number): FreshState {
    if (this.#ended) return 'end';
    if (!this.#holds) {
      const { pacer, durationMs, count } = this.#schedule;
      if (count !== undefined && this.taken >= count) return this.#end();
      this.dueMs = pacer ? pacer.dueAtMs(this.units) : horizonMs;
      if (durationMs !== undefined && this.dueMs >= durationMs) return this.#end();
      if (this.dueMs === Number.POSITIVE_INFINITY) return this.#exhaust(); // a ramp down to nothing
      if (this.dueMs > horizonMs) return 'later';
      const state = this.#source.next(this.draft, this.dueMs);
      if (state === 'wait') return 'wait';
      if (state === 'end') return this.#exhaust();
      if (this.draft.dueMs !== undefined) {
        this.dueMs = this.draft.dueMs;
        if (durationMs !== undefined && this.dueMs >= durationMs) return this.#end();
      }
      this.#holds = true;
    }
    return this.dueMs > horizonMs ? 'later' : 'ready';
  }

  take(): void {
    this.#holds = false;
    this.taken += 1;
    this.lastDueMs = this.dueMs;
    const { start, end, partitionKey } = this.draft;
    this.units += this.#schedule.unit === 'bytes' ? end - start + keyByteLength(partitionKey) : 1;
  }

  refill(): Promise<void> {
    return this.#source.refill();
  }

  /** No more records from now on. */
  stop(): void {
    this.#ended = true;
  }

  #exhaust(): 'end' {
    this.exhausted = true;
    return this.#end();
  }

  #end(): 'end' {
    this.#ended = true;
    return 'end';
  }
}
