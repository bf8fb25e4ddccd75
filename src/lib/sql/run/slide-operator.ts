import type { SlideNode } from '../plan/plan-node.js';
import type { Row, Value } from '../types/sql-type.js';
import { type Guard, listOf, type Operator, type RowSink, type SavedState } from './operator.js';
import { SlidingWindowState } from './sliding-window.js';
import { bytesOf, type StateBudget } from './state-budget.js';

/** Rows that wait until all rows of their ROWTIME have come: each of them counts the others too. */
interface Waiting {
  readonly row: Row;
  readonly results: readonly (() => Value[])[];
}

/** Aggregates with OVER: one row out for each row in. */
export class SlideOperator implements Operator {
  readonly #node: SlideNode;
  readonly #out: RowSink;
  readonly #guard: Guard;
  readonly #budget: StateBudget;
  readonly #windows: readonly SlidingWindowState[];
  #waiting: Waiting[] = [];

  constructor(node: SlideNode, out: RowSink, budget: StateBudget, guard: Guard) {
    this.#node = node;
    this.#out = out;
    this.#guard = guard;
    this.#budget = budget;
    this.#windows = node.windows.map((window) => new SlidingWindowState(window, budget, node.at));
  }

  push(row: Row): void {
    this.advance(Number(row[0]));
    let waits = false;
    const results = this.#windows.map((window, index) => {
      const result = window.add(row);
      if (this.#node.windows[index]?.frame.kind === 'range') {
        waits = true;
        return result;
      }
      const values = result();
      return () => values;
    });
    if (!waits) this.#emit({ row, results });
    else {
      this.#budget.take(bytesOf(row), 'a sliding window', this.#node.at);
      this.#waiting.push({ row, results });
    }
  }

  #emit({ row, results }: Waiting): void {
    this.#guard(() => {
      const extended = row.slice(0, this.#node.width);
      while (extended.length < this.#node.width) extended.push(null);
      for (const result of results) extended.push(...result());
      this.#out(extended);
    }, row);
  }

  due(): number {
    const [first] = this.#waiting;
    return first ? Number(first.row[0]) + 1 : Number.POSITIVE_INFINITY;
  }

  advance(now: number): void {
    if (this.due() > now) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      this.#budget.give(bytesOf(one.row));
      this.#emit(one);
    }
  }

  save(): SavedState {
    return [
      this.#windows.map((window) => window.save()),
      this.#waiting.map(({ row, results }) => [row, ...results.map((result) => result())] as SavedState),
    ];
  }

  restore(saved: SavedState): void {
    const [windows, waiting] = listOf(saved);
    for (const [index, state] of listOf(windows).entries()) this.#windows[index]?.restore(state);
    // What was computed when the snapshot was made: rows of the same ROWTIME that came later are not counted with them.
    for (const one of listOf(waiting)) {
      const [row, ...results] = listOf(one);
      this.#waiting.push({
        row: [...(listOf(row) as Value[])],
        results: results.map((values) => () => [...(listOf(values) as Value[])]),
      });
      this.#budget.take(bytesOf(this.#waiting.at(-1)?.row ?? []), 'a sliding window', this.#node.at);
    }
  }
}
