import type { JoinSide } from '../plan/plan-node.js';
import type { TextPosition } from '../sql-error.js';
import type { Row, Value } from '../types/sql-type.js';
import { listOf, type SavedState } from './operator.js';
import { type RowKey, rowKey } from './row-key.js';
import { bytesOf, type StateBudget } from './state-budget.js';

export interface HeldRow {
  readonly row: Row;
  readonly key: RowKey | undefined;
  matched: boolean;
}

/** The rows of one side of a join that are within its window. */
export class JoinBuffer {
  readonly #side: JoinSide;
  readonly #budget: StateBudget;
  readonly #at: TextPosition;
  /** In order of ROWTIME; the first `#gone` of them have left. */
  #rows: HeldRow[] = [];
  #gone = 0;
  readonly #byKey = new Map<RowKey, Set<HeldRow>>();

  constructor(side: JoinSide, budget: StateBudget, at: TextPosition) {
    this.#side = side;
    this.#budget = budget;
    this.#at = at;
  }

  /** A null in a key equals nothing. */
  keyOf(row: Row): RowKey | undefined {
    const values = this.#side.keys.map((key) => key.evaluate(row));
    return values.includes(null) ? undefined : rowKey(values);
  }

  add(row: Row, key: RowKey | undefined, matched: boolean): HeldRow {
    const held: HeldRow = { row, key, matched };
    this.#budget.take(bytesOf(row), 'a join', this.#at);
    this.#rows.push(held);
    if (key !== undefined) {
      const same = this.#byKey.get(key);
      if (same) same.add(held);
      else this.#byKey.set(key, new Set([held]));
    }
    return held;
  }

  /** Rows that have the key, the oldest first. */
  matching(key: RowKey | undefined): Iterable<HeldRow> {
    return (key === undefined ? undefined : this.#byKey.get(key)) ?? [];
  }

  /** When the oldest row leaves the window. Rows without a window leave as soon as ROWTIME moves. */
  due(): number {
    const oldest = this.#rows[this.#gone];
    return oldest && this.#side.window.kind === 'range'
      ? Number(oldest.row[0]) + Math.max(1, this.#side.window.ms)
      : Number.POSITIVE_INFINITY;
  }

  /** Takes out what has left the window at `now`. */
  takeExpired(now: number): HeldRow[] {
    const expired: HeldRow[] = [];
    const { window } = this.#side;
    while (window.kind === 'range' ? this.due() <= now : this.#rows.length - this.#gone > window.count) {
      const held = this.#rows[this.#gone];
      if (!held) break;
      this.#gone += 1;
      this.#remove(held);
      expired.push(held);
    }
    if (this.#gone > 1024 && this.#gone * 2 > this.#rows.length) {
      this.#rows = this.#rows.slice(this.#gone);
      this.#gone = 0;
    }
    return expired;
  }

  #remove(held: HeldRow): void {
    this.#budget.give(bytesOf(held.row));
    if (held.key === undefined) return;
    const same = this.#byKey.get(held.key);
    same?.delete(held);
    if (same?.size === 0) this.#byKey.delete(held.key);
  }

  /** The ROWTIME that an unmatched row gets: the end of its window, or its own. */
  timeOf(held: HeldRow, now: number): number {
    const { window } = this.#side;
    if (window.kind === 'rows') return now;
    return Number(held.row[0]) + window.ms;
  }

  save(): SavedState {
    return this.#rows.slice(this.#gone).map(({ row, matched }) => [row as SavedState, matched]);
  }

  restore(saved: SavedState): void {
    for (const one of listOf(saved)) {
      const [values, matched] = listOf(one);
      const row = [...(listOf(values) as Value[])];
      this.add(row, this.keyOf(row), matched === true);
    }
  }
}
