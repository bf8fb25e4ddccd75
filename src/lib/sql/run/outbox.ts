import type { Row, Value } from '../types/sql-type.js';
import { listOf, type SavedState } from './operator.js';

/** One row of an in-application stream. */
export interface OutputRow {
  /** Rises by one with each row of the application, over all streams. */
  readonly number: number;
  /** ROWTIME, in milliseconds since the epoch. */
  readonly rowtime: number;
  /** One for each column of the stream. */
  readonly values: readonly Value[];
}

/** Rows of one stream, in order. */
export interface OutputBatch {
  readonly stream: string;
  readonly rows: readonly OutputRow[];
  /** A run before this one may have delivered them already: this one continues from a snapshot that is older than its end. */
  readonly mayRepeat: boolean;
}

/** Rows on their way out. With acknowledgements it keeps them, so that a snapshot holds what nobody has yet. */
export class Outbox {
  readonly #fresh: Map<string, OutputRow[]>;
  #kept: { readonly stream: string; readonly row: OutputRow }[] = [];
  readonly #keeps: boolean;
  #number = 0;
  #acknowledged = 0;
  /** Records that arrived before this instant may have been read by the run before. */
  #repeatsUntil: number | undefined;

  /** @param keeps whether rows stay until they are acknowledged */
  constructor(streams: readonly string[], keeps: boolean) {
    this.#keeps = keeps;
    this.#fresh = new Map(streams.map((stream) => [stream, []]));
  }

  add(stream: string, row: Row): void {
    this.#number += 1;
    this.#fresh.get(stream)?.push({ number: this.#number, rowtime: Number(row[0]), values: row.slice(1) });
  }

  /** A record that arrived after this run began cannot have been read before it. */
  sawRecord(arrivalTime: number | undefined): void {
    if (this.#repeatsUntil !== undefined && arrivalTime !== undefined && arrivalTime > this.#repeatsUntil)
      this.#repeatsUntil = undefined;
  }

  take(): OutputBatch[] {
    const batches: OutputBatch[] = [];
    for (const [stream, rows] of this.#fresh) {
      if (rows.length === 0) continue;
      this.#fresh.set(stream, []);
      batches.push({ stream, rows, mayRepeat: this.#repeatsUntil !== undefined });
      if (this.#keeps) for (const row of rows) this.#kept.push({ stream, row });
    }
    return batches;
  }

  acknowledge(lastNumber: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, lastNumber);
    this.#kept = this.#kept.filter(({ row }) => row.number > this.#acknowledged);
  }

  save(): SavedState {
    return [
      this.#number,
      this.#kept.map(({ stream, row }) => [stream, row.number, row.rowtime, row.values as SavedState]),
    ];
  }

  restore(saved: SavedState, at: number): void {
    const [number, kept] = listOf(saved);
    this.#number = Number(number);
    this.#repeatsUntil = at;
    for (const one of listOf(kept)) {
      const [stream, rowNumber, rowtime, values] = listOf(one);
      this.#fresh
        .get(String(stream))
        ?.push({ number: Number(rowNumber), rowtime: Number(rowtime), values: listOf(values) as readonly Value[] });
    }
  }
}
