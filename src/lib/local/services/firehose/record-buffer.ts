import type { Clock } from '../../../shared/clock.js';
import type { HoseRecord } from './hose-record.js';

export interface BufferHints {
  bytes: number;
  intervalMs: number;
}

/** Collects records until they are as many bytes, or the first is as old, as the hints say. */
export class RecordBuffer {
  readonly #clock: Clock;
  readonly #hints: BufferHints;
  readonly #hand: (records: HoseRecord[]) => void;
  #records: HoseRecord[] = [];
  #bytes = 0;
  #cancel: () => void = () => {};

  /** @param hand takes a batch, which is never empty */
  constructor(clock: Clock, hints: BufferHints, hand: (records: HoseRecord[]) => void) {
    this.#clock = clock;
    this.#hints = hints;
    this.#hand = hand;
  }

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  push(record: HoseRecord): void {
    if (this.#bytes + record.data.byteLength > this.#hints.bytes) this.flush();
    if (this.#records.length === 0) this.#cancel = this.#clock.after(this.#hints.intervalMs, () => this.flush());
    this.#records.push(record);
    this.#bytes += record.data.byteLength;
    if (this.#bytes >= this.#hints.bytes) this.flush();
  }

  flush(): void {
    this.#cancel();
    if (this.#records.length === 0) return;
    const records = this.#records;
    this.#records = [];
    this.#bytes = 0;
    this.#hand(records);
  }
}

export const bytesOf = (records: readonly HoseRecord[]): number =>
  records.reduce((sum, { data }) => sum + data.byteLength, 0);
