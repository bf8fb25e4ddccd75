import type { JoinNode } from '../plan/plan-node.js';
import type { Row } from '../types/sql-type.js';
import { type HeldRow, JoinBuffer } from './join-buffer.js';
import { type Guard, listOf, type Operator, type RowSink, type SavedState } from './operator.js';
import type { StateBudget } from './state-budget.js';

type SideName = 'left' | 'right';

/**
 * A join of two streams. A row meets the rows of the other side that are within its window; a side without a window takes part with the rows of the
 * current ROWTIME only (SQL Reference, "JOIN clause").
 */
export class JoinOperator implements Operator {
  readonly #node: JoinNode;
  readonly #out: RowSink;
  readonly #guard: Guard;
  readonly #sides: Readonly<Record<SideName, JoinBuffer>>;

  constructor(node: JoinNode, out: RowSink, budget: StateBudget, guard: Guard) {
    this.#node = node;
    this.#out = out;
    this.#guard = guard;
    this.#sides = {
      left: new JoinBuffer(node.left, budget, node.at),
      right: new JoinBuffer(node.right, budget, node.at),
    };
  }

  push(side: SideName, row: Row): void {
    const time = Number(row[0]);
    this.advance(time);
    const [own, other] =
      side === 'left' ? [this.#sides.left, this.#sides.right] : [this.#sides.right, this.#sides.left];
    const key = own.keyOf(row);
    const held = own.add(row, key, false);
    for (const candidate of other.matching(key)) {
      this.#guard(() => {
        const pair = side === 'left' ? this.#pair(time, row, candidate.row) : this.#pair(time, candidate.row, row);
        if (this.#node.condition && this.#node.condition.evaluate(pair) !== true) return;
        held.matched = true;
        candidate.matched = true;
        this.#out(pair);
      }, row);
    }
    // A window of rows moves with the row that has come.
    for (const gone of own.takeExpired(time)) this.#leave(side, gone, time);
  }

  #pair(time: number, left: Row | undefined, right: Row | undefined): Row {
    const pair: Row = new Array(1 + this.#node.left.width + this.#node.right.width).fill(null);
    pair[0] = time;
    for (let index = 0; index < this.#node.left.width; index += 1) pair[1 + index] = left?.[index] ?? null;
    for (let index = 0; index < this.#node.right.width; index += 1)
      pair[1 + this.#node.left.width + index] = right?.[index] ?? null;
    return pair;
  }

  #leave(side: SideName, held: HeldRow, now: number): void {
    const kept = this.#node.join === 'FULL' || this.#node.join === side.toUpperCase();
    if (!kept || held.matched) return;
    const time = this.#sides[side].timeOf(held, now);
    this.#guard(
      () => this.#out(side === 'left' ? this.#pair(time, held.row, undefined) : this.#pair(time, undefined, held.row)),
      held.row,
    );
  }

  due(): number {
    return Math.min(this.#sides.left.due(), this.#sides.right.due());
  }

  advance(now: number): void {
    const gone = (['left', 'right'] as const).flatMap((side) =>
      this.#sides[side].takeExpired(now).map((held) => ({ side, held })),
    );
    const sorted = gone.sort(
      (one, other) => this.#sides[one.side].timeOf(one.held, now) - this.#sides[other.side].timeOf(other.held, now),
    );
    for (const { side, held } of sorted) this.#leave(side, held, now);
  }

  save(): SavedState {
    return [this.#sides.left.save(), this.#sides.right.save()];
  }

  restore(saved: SavedState): void {
    const [left, right] = listOf(saved);
    this.#sides.left.restore(left ?? []);
    this.#sides.right.restore(right ?? []);
  }
}
