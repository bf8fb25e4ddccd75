import { compareValues } from '../plan/compare.js';
import type { DistinctNode, SortNode } from '../plan/plan-node.js';
import type { Row, Value } from '../types/sql-type.js';
import { type Guard, listOf, type Operator, type RowSink, type SavedState } from './operator.js';
import { type RowKey, rowKey } from './row-key.js';
import { bytesOf, type StateBudget } from './state-budget.js';

/** ORDER BY: holds the rows of a window and gives them out in order when it ends, with that ROWTIME. */
export class SortOperator implements Operator {
  readonly #node: SortNode;
  readonly #out: RowSink;
  readonly #budget: StateBudget;
  readonly #guard: Guard;
  #rows: Row[] = [];
  #end = Number.POSITIVE_INFINITY;

  constructor(node: SortNode, out: RowSink, budget: StateBudget, guard: Guard) {
    this.#node = node;
    this.#out = out;
    this.#budget = budget;
    this.#guard = guard;
  }

  push(row: Row): void {
    const time = Number(row[0]);
    this.advance(time);
    this.#budget.take(bytesOf(row), 'ORDER BY', this.#node.at);
    this.#rows.push(row);
    this.#end = Math.min(this.#end, this.#node.endOf(time));
  }

  due(): number {
    return this.#end;
  }

  advance(now: number): void {
    if (this.#end > now) return;
    const [rows, end] = [this.#rows, this.#end];
    this.#rows = [];
    this.#end = Number.POSITIVE_INFINITY;
    const keyed: { row: Row; keys: Value[] }[] = [];
    for (const row of rows) {
      this.#budget.give(bytesOf(row));
      this.#guard(() => keyed.push({ row, keys: this.#node.keys.map(({ bound }) => bound.evaluate(row)) }), row);
    }
    keyed.sort((one, other) => this.#compare(one.keys, other.keys));
    for (const { row } of keyed) {
      // One millisecond is no window: such rows keep their time.
      const time = end - Number(row[0]) === 1 ? Number(row[0]) : end;
      this.#guard(() => this.#out([time, ...row.slice(1)]), row);
    }
  }

  #compare(left: readonly Value[], right: readonly Value[]): number {
    for (const [index, { descending }] of this.#node.keys.entries()) {
      const order = compareValues(left[index] ?? null, right[index] ?? null);
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  }

  save(): SavedState {
    return [this.#rows as SavedState, Number.isFinite(this.#end) ? this.#end : null];
  }

  restore(saved: SavedState): void {
    const [rows, end] = listOf(saved);
    this.#rows = listOf(rows).map((row) => [...(listOf(row) as Value[])]);
    this.#end = end === null || end === undefined ? Number.POSITIVE_INFINITY : Number(end);
    for (const row of this.#rows) this.#budget.take(bytesOf(row), 'ORDER BY', this.#node.at);
  }
}

/** SELECT STREAM DISTINCT: a row passes when its window has not had it yet. */
export class DistinctOperator implements Operator {
  readonly #node: DistinctNode;
  readonly #out: RowSink;
  readonly #budget: StateBudget;
  readonly #seen = new Map<RowKey, readonly Value[]>();
  #end = Number.POSITIVE_INFINITY;

  constructor(node: DistinctNode, out: RowSink, budget: StateBudget) {
    this.#node = node;
    this.#out = out;
    this.#budget = budget;
  }

  push(row: Row): void {
    const time = Number(row[0]);
    this.advance(time);
    this.#end = Math.min(this.#end, this.#node.endOf(time));
    const compared = row.filter((_, index) => index > 0 && !this.#node.ignored.includes(index));
    if (this.#remember(compared)) this.#out(row);
  }

  #remember(values: readonly Value[]): boolean {
    const key = rowKey(values);
    if (this.#seen.has(key)) return false;
    this.#budget.take(bytesOf(values), 'DISTINCT', this.#node.at);
    this.#seen.set(key, values);
    return true;
  }

  due(): number {
    return this.#end;
  }

  advance(now: number): void {
    if (this.#end > now) return;
    for (const values of this.#seen.values()) this.#budget.give(bytesOf(values));
    this.#seen.clear();
    this.#end = Number.POSITIVE_INFINITY;
  }

  save(): SavedState {
    return [[...this.#seen.values()] as SavedState, Number.isFinite(this.#end) ? this.#end : null];
  }

  restore(saved: SavedState): void {
    const [rows, end] = listOf(saved);
    for (const values of listOf(rows)) this.#remember(listOf(values) as readonly Value[]);
    this.#end = end === null || end === undefined ? Number.POSITIVE_INFINITY : Number(end);
  }
}
