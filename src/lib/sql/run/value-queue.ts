import type { Aggregate, AggregateState } from '../functions/aggregates.js';

type State = AggregateState | undefined;

interface Entry<Mark> {
  readonly mark: Mark;
  readonly states: readonly State[];
}

/**
 * The values of a window that slides, with their aggregates. Two stacks: values go onto the back one, which knows its total; the front one knows
 * at every depth the total of what is left. So a value goes in and out in constant time on average, and nothing is ever subtracted.
 */
export class ValueQueue<Mark> {
  readonly #aggregates: readonly Aggregate[];
  #back: Entry<Mark>[] = [];
  #backTotal: State[];
  /** The oldest last. Each entry's totals cover it and everything in front that is younger. */
  #front: { readonly entry: Entry<Mark>; readonly totals: readonly State[] }[] = [];

  constructor(aggregates: readonly Aggregate[]) {
    this.#aggregates = aggregates;
    this.#backTotal = new Array(aggregates.length);
  }

  get size(): number {
    return this.#back.length + this.#front.length;
  }

  oldest(): Mark | undefined {
    return (this.#front.at(-1)?.entry ?? this.#back[0])?.mark;
  }

  push(mark: Mark, states: readonly State[]): void {
    this.#back.push({ mark, states });
    this.#backTotal = this.#combine(this.#backTotal, states);
  }

  shift(): void {
    if (this.#front.length === 0) this.#turn();
    this.#front.pop();
  }

  #turn(): void {
    let totals: readonly State[] = new Array(this.#aggregates.length);
    for (const entry of this.#back.reverse()) {
      totals = this.#combine(entry.states, totals);
      this.#front.push({ entry, totals });
    }
    this.#back = [];
    this.#backTotal = new Array(this.#aggregates.length);
  }

  totals(): State[] {
    const front = this.#front.at(-1)?.totals;
    return front ? this.#combine(front, this.#backTotal) : this.#backTotal;
  }

  #combine(first: readonly State[], second: readonly State[]): State[] {
    return this.#aggregates.map((aggregate, index) => {
      const [one, other] = [first[index], second[index]];
      return one === undefined ? other : other === undefined ? one : aggregate.combine(one, other);
    });
  }

  /** From the oldest to the youngest. */
  entries(): { mark: Mark; states: readonly State[] }[] {
    return [...this.#front.map(({ entry }) => entry).reverse(), ...this.#back];
  }
}
