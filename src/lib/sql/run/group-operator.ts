import type { AggregateState } from '../functions/aggregates.js';
import type { AggregateNode, PlannedAggregate } from '../plan/plan-node.js';
import type { Row, Value } from '../types/sql-type.js';
import { type Guard, listOf, type Operator, type RowSink, type SavedState } from './operator.js';
import { evaluateAll, type RowKey, rowKey } from './row-key.js';
import { bytesOf, type StateBudget } from './state-budget.js';

interface Group {
  readonly keys: readonly Value[];
  readonly start: number;
  end: number;
  readonly states: (AggregateState | undefined)[];
  /** Values that a DISTINCT aggregate has counted. */
  readonly seen: (Map<RowKey, Value> | undefined)[];
  bytes: number;
}

/** GROUP BY over windows of every kind: tumbling, those of window table functions, stagger and session. */
export class GroupOperator implements Operator {
  readonly #node: AggregateNode;
  readonly #out: RowSink;
  readonly #budget: StateBudget;
  readonly #guard: Guard;
  /** By the end of their window, the earliest first; each window by key. */
  readonly #windows = new Map<number, Map<RowKey, Group>>();
  /** Stagger and session: the open group of each key. */
  readonly #open = new Map<RowKey, Group>();
  #latestEnd = Number.NEGATIVE_INFINITY;
  #due = Number.POSITIVE_INFINITY;
  #highest: Value = null;

  constructor(node: AggregateNode, out: RowSink, budget: StateBudget, guard: Guard) {
    this.#node = node;
    this.#out = out;
    this.#budget = budget;
    this.#guard = guard;
  }

  push(row: Row): void {
    if (this.#node.window.kind === 'monotonic') this.#rise(this.#node.window.value.evaluate(row), Number(row[0]));
    const keys = evaluateAll(this.#node.keys, row);
    const values = this.#node.aggregates.map(({ argument }) => argument.evaluate(row));
    const group = this.#groupOf(row, keys);
    for (let index = 0; index < values.length; index += 1) {
      const planned = this.#node.aggregates[index];
      if (planned) this.#add(group, index, planned, values[index] ?? null);
    }
  }

  /** A larger value ends all groups at the ROWTIME of its row. */
  #rise(value: Value, time: number): void {
    if (value === null || (this.#highest !== null && value <= this.#highest)) return;
    this.#highest = value;
    const groups = [...(this.#windows.get(Number.POSITIVE_INFINITY)?.values() ?? [])];
    this.#windows.clear();
    for (const group of groups) this.#give(group, time);
  }

  #give(group: Group, end: number): void {
    this.#budget.give(group.bytes);
    group.end = end;
    this.#guard(() => this.#out(this.#result(group)));
  }

  #add(group: Group, index: number, { aggregate, distinct }: PlannedAggregate, value: Value): void {
    const lifted = aggregate.lift(value);
    if (lifted === undefined) return;
    if (distinct) {
      const seen = (group.seen[index] ??= new Map());
      const key = rowKey([value]);
      if (seen.has(key)) return;
      seen.set(key, value);
      this.#grow(group, bytesOf([value]));
    }
    const state = group.states[index];
    group.states[index] = state === undefined ? lifted : aggregate.combine(state, lifted);
  }

  #grow(group: Group, bytes: number): void {
    group.bytes += bytes;
    this.#budget.take(bytes, 'GROUP BY', this.#node.at);
  }

  #groupOf(row: Row, keys: readonly Value[]): Group {
    const { window } = this.#node;
    const time = Number(row[0]);
    const key = rowKey(keys);
    if (window.kind === 'stagger' || window.kind === 'session') {
      const length = window.kind === 'stagger' ? window.rangeMs : window.gapMs;
      const open = this.#open.get(key);
      if (open === undefined) {
        const group = this.#newGroup(keys, key, time, time + length);
        this.#open.set(key, group);
        return group;
      }
      if (window.kind === 'session' && open.end !== time + length) this.#extend(open, key, time + length);
      return open;
    }
    const [start, end] = boundsOf(window, row, time);
    return this.#windows.get(end)?.get(key) ?? this.#newGroup(keys, key, start, end);
  }

  #newGroup(keys: readonly Value[], key: RowKey, start: number, end: number): Group {
    const group: Group = { keys, start, end, states: new Array(this.#node.aggregates.length), seen: [], bytes: 0 };
    this.#windowOf(end).set(key, group);
    this.#grow(group, bytesOf(keys) + 64 + 48 * this.#node.aggregates.length);
    return group;
  }

  #extend(group: Group, key: RowKey, end: number): void {
    this.#windows.get(group.end)?.delete(key);
    if (this.#windows.get(group.end)?.size === 0) this.#windows.delete(group.end);
    group.end = end;
    this.#windowOf(end).set(key, group);
    this.#findDue();
  }

  #windowOf(end: number): Map<RowKey, Group> {
    const known = this.#windows.get(end);
    if (known) return known;
    const window = new Map<RowKey, Group>();
    this.#windows.set(end, window);
    if (end < this.#latestEnd) this.#sortWindows();
    this.#latestEnd = Math.max(this.#latestEnd, end);
    this.#due = Math.min(this.#due, end);
    return window;
  }

  /** Windows are made in order of their ends; only a condition on a window's end breaks that. */
  #sortWindows(): void {
    const sorted = [...this.#windows].sort(([one], [other]) => one - other);
    this.#windows.clear();
    for (const [end, window] of sorted) this.#windows.set(end, window);
  }

  #findDue(): void {
    const [first] = this.#windows.keys();
    this.#due = first ?? Number.POSITIVE_INFINITY;
  }

  due(): number {
    return this.#due;
  }

  advance(now: number): void {
    for (const [end, window] of this.#windows) {
      if (end > now) break;
      this.#windows.delete(end);
      for (const [key, group] of window) {
        if (this.#open.get(key) === group) this.#open.delete(key);
        this.#give(group, end);
      }
    }
    this.#findDue();
  }

  #result({ keys, states, start, end }: Group): Row {
    return [
      end,
      ...keys,
      ...this.#node.aggregates.map(({ aggregate }, index) => aggregate.result(states[index])),
      start,
      end,
    ];
  }

  save(): SavedState {
    const groups = [...this.#windows.values()].flatMap((window) =>
      [...window.values()].map(({ keys, start, end, states, seen }) => [
        keys as SavedState,
        start,
        end,
        states.map((state) => (state === undefined ? [] : [state as SavedState])),
        this.#node.aggregates.map((_, index) => [...(seen[index]?.values() ?? [])] as SavedState),
      ]),
    );
    return [groups, this.#highest];
  }

  restore(saved: SavedState): void {
    const [groups, highest] = listOf(saved);
    this.#highest = (highest ?? null) as Value;
    for (const one of listOf(groups)) {
      const [keys, start, end, states, seen] = listOf(one);
      const values = listOf(keys) as readonly Value[];
      const key = rowKey(values);
      const group = this.#newGroup(values, key, Number(start), Number(end));
      for (const [index, state] of listOf(states).entries())
        group.states[index] = listOf(state)[0] as AggregateState | undefined;
      for (const [index, list] of listOf(seen).entries()) {
        const counted = listOf(list) as readonly Value[];
        if (counted.length === 0) continue;
        group.seen[index] = new Map(counted.map((value) => [rowKey([value]), value]));
        this.#grow(group, bytesOf(counted));
      }
      if (this.#node.window.kind === 'stagger' || this.#node.window.kind === 'session') this.#open.set(key, group);
    }
  }
}

function boundsOf(
  window: Exclude<AggregateNode['window'], { kind: 'stagger' | 'session' }>,
  row: Row,
  time: number,
): [start: number, end: number] {
  if (window.kind === 'tumbling') return [time, window.endOf(time)];
  if (window.kind === 'monotonic') return [time, Number.POSITIVE_INFINITY];
  return [Number(row[window.startIndex]), Number(row[window.endIndex])];
}
