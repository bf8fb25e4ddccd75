import type { TopItemsNode } from '../plan/plan-node.js';
import type { Row, Value } from '../types/sql-type.js';
import { type Guard, listOf, type Operator, type RowSink, type SavedState } from './operator.js';
import { type RowKey, rowKey } from './row-key.js';
import { bytesOf, type StateBudget } from './state-budget.js';

/** TOP_K_ITEMS_TUMBLING and COUNT_DISTINCT_ITEMS_TUMBLING: exact counts, given out when the window ends. */
export class TopItemsOperator implements Operator {
  readonly #node: TopItemsNode;
  readonly #out: RowSink;
  readonly #budget: StateBudget;
  readonly #guard: Guard;
  readonly #counts = new Map<RowKey, { readonly item: Value; count: number }>();
  #end = Number.POSITIVE_INFINITY;

  constructor(node: TopItemsNode, out: RowSink, budget: StateBudget, guard: Guard) {
    this.#node = node;
    this.#out = out;
    this.#budget = budget;
    this.#guard = guard;
  }

  push(row: Row): void {
    const time = Number(row[0]);
    this.advance(time);
    const item = this.#node.item.evaluate(row);
    if (!Number.isFinite(this.#end)) this.#end = (Math.floor(time / this.#node.windowMs) + 1) * this.#node.windowMs;
    if (item !== null) this.#count(item, 1);
  }

  #count(item: Value, times: number): void {
    const key = rowKey([item]);
    const known = this.#counts.get(key);
    if (known) known.count += times;
    else {
      this.#budget.take(bytesOf([item]) + 64, 'a table function', this.#node.at);
      this.#counts.set(key, { item, count: times });
    }
  }

  due(): number {
    return this.#end;
  }

  advance(now: number): void {
    if (this.#end > now) return;
    const end = this.#end;
    const counts = [...this.#counts.values()];
    for (const { item } of counts) this.#budget.give(bytesOf([item]) + 64);
    this.#counts.clear();
    this.#end = Number.POSITIVE_INFINITY;
    if (this.#node.count === undefined) {
      this.#guard(() => this.#out([end, BigInt(counts.length)]));
      return;
    }
    const top = counts.sort((one, other) => other.count - one.count).slice(0, this.#node.count);
    for (const { item, count } of top) this.#guard(() => this.#out([end, item, BigInt(count)]));
  }

  save(): SavedState {
    return [
      [...this.#counts.values()].map(({ item, count }) => [item as SavedState, count]),
      Number.isFinite(this.#end) ? this.#end : null,
    ];
  }

  restore(saved: SavedState): void {
    const [counts, end] = listOf(saved);
    for (const one of listOf(counts)) this.#count((listOf(one)[0] ?? null) as Value, Number(listOf(one)[1]));
    this.#end = end === null || end === undefined ? Number.POSITIVE_INFINITY : Number(end);
  }
}
