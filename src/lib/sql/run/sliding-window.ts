import type { Aggregate, AggregateState } from '../functions/aggregates.js';
import type { SlidingWindow } from '../plan/plan-node.js';
import type { TextPosition } from '../sql-error.js';
import type { Row, Value } from '../types/sql-type.js';
import { listOf, type SavedState } from './operator.js';
import { evaluateAll, type RowKey, rowKey } from './row-key.js';
import { bytesOf, type StateBudget } from './state-budget.js';
import { ValueQueue } from './value-queue.js';

interface Partition {
  readonly keys: readonly Value[];
  readonly queue: ValueQueue<number>;
  /** All values so far, for a window without a beginning. */
  totals: (AggregateState | undefined)[];
  latest: number;
}

/** One window of the WINDOW clause: the rows before the current one, by partition. */
export class SlidingWindowState {
  readonly #window: SlidingWindow;
  readonly #aggregates: readonly Aggregate[];
  readonly #budget: StateBudget;
  readonly #at: TextPosition;
  /** The partition that was quiet for longest first. */
  readonly #partitions = new Map<RowKey, Partition>();

  constructor(window: SlidingWindow, budget: StateBudget, at: TextPosition) {
    this.#window = window;
    this.#aggregates = window.aggregates.map(({ aggregate, distinct }) =>
      distinct ? distinctOf(aggregate) : aggregate,
    );
    this.#budget = budget;
    this.#at = at;
  }

  /** Adds a row; the answer gives the aggregates of its window, now or when all rows of its ROWTIME are there. */
  add(row: Row): () => Value[] {
    const time = Number(row[0]);
    const keys = evaluateAll(this.#window.partition, row);
    const states = this.#window.aggregates.map(({ argument }, index) =>
      this.#aggregates[index]?.lift(argument.evaluate(row)),
    );
    const partition = this.#partitionOf(keys, time);
    this.#addTo(partition, time, states);
    return () => this.#results(partition);
  }

  #partitionOf(keys: readonly Value[], time: number): Partition {
    const key = rowKey(keys);
    const known = this.#partitions.get(key);
    if (known) {
      // Behind all others again.
      this.#partitions.delete(key);
      this.#partitions.set(key, known);
      known.latest = time;
      return known;
    }
    this.#forgetQuiet(time);
    return this.#newPartition(keys, time);
  }

  #newPartition(keys: readonly Value[], time: number): Partition {
    const partition: Partition = { keys, queue: new ValueQueue(this.#aggregates), totals: [], latest: time };
    this.#budget.take(bytesOf(keys) + 200, 'a sliding window', this.#at);
    this.#partitions.set(rowKey(keys), partition);
    return partition;
  }

  #addTo(partition: Partition, time: number, states: readonly (AggregateState | undefined)[]): void {
    const { frame } = this.#window;
    if (frame.kind === 'unbounded') {
      partition.totals = this.#aggregates.map((aggregate, index) => {
        const [one, other] = [partition.totals[index], states[index]];
        return one === undefined ? other : other === undefined ? one : aggregate.combine(one, other);
      });
      return;
    }
    if (frame.kind === 'range') this.#dropUntil(partition, time - frame.ms);
    partition.queue.push(time, states);
    this.#budget.take(this.#entryBytes(), 'a sliding window', this.#at);
    if (frame.kind === 'rows' && partition.queue.size > frame.preceding + 1) this.#drop(partition);
  }

  /** DG, "Sliding Windows": a row that is exactly as old as the window is long is no longer in it. */
  #dropUntil(partition: Partition, time: number): void {
    for (
      let oldest = partition.queue.oldest();
      oldest !== undefined && oldest <= time;
      oldest = partition.queue.oldest()
    )
      this.#drop(partition);
  }

  #drop(partition: Partition): void {
    partition.queue.shift();
    this.#budget.give(this.#entryBytes());
  }

  #entryBytes(): number {
    return 48 + 32 * this.#aggregates.length;
  }

  #results(partition: Partition): Value[] {
    const totals = this.#window.frame.kind === 'unbounded' ? partition.totals : partition.queue.totals();
    return this.#aggregates.map((aggregate, index) => aggregate.result(totals[index]));
  }

  /** Partitions whose rows have all left the window. */
  #forgetQuiet(now: number): void {
    const { frame } = this.#window;
    if (frame.kind !== 'range') return;
    for (const [key, partition] of this.#partitions) {
      if (partition.latest > now - frame.ms) break;
      this.#dropUntil(partition, now - frame.ms);
      this.#partitions.delete(key);
      this.#budget.give(bytesOf(partition.keys) + 200);
    }
  }

  save(): SavedState {
    return [...this.#partitions.values()].map(({ keys, queue, totals, latest }) => [
      keys as SavedState,
      latest,
      queue.entries().map(({ mark, states }) => [mark, ...states.map(optional)]),
      totals.map(optional),
    ]);
  }

  restore(saved: SavedState): void {
    for (const one of listOf(saved)) {
      const [keys, latest, entries, totals] = listOf(one);
      const partition = this.#newPartition(listOf(keys) as readonly Value[], Number(latest));
      for (const entry of listOf(entries)) {
        const [mark, ...states] = listOf(entry);
        partition.queue.push(Number(mark), states.map(given));
        this.#budget.take(this.#entryBytes(), 'a sliding window', this.#at);
      }
      partition.totals = listOf(totals).map(given);
    }
  }
}

function optional(state: AggregateState | undefined): SavedState {
  return state === undefined ? [] : [state as SavedState];
}

function given(saved: SavedState): AggregateState | undefined {
  return listOf(saved)[0] as AggregateState | undefined;
}

/** DISTINCT in a window that slides: the state is the values themselves. */
function distinctOf(aggregate: Aggregate): Aggregate {
  return {
    type: aggregate.type,
    lift: (value) => (aggregate.lift(value) === undefined ? undefined : [value as AggregateState]),
    combine: (first, second) => [...new Set([...(first as AggregateState[]), ...(second as AggregateState[])])],
    result: (state) => {
      let total: AggregateState | undefined;
      for (const value of (state as AggregateState[] | undefined) ?? []) {
        const lifted = aggregate.lift(value as Value);
        total = total === undefined || lifted === undefined ? lifted : aggregate.combine(total, lifted);
      }
      return aggregate.result(total);
    },
  };
}
