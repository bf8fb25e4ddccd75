import type { HeldEntry } from './put-batch.js';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

interface Waiting {
  entry: HeldEntry;
  atMs: number;
}

/** Entries that wait to be sent again, soonest first. */
export class RetryQueue {
  /** Keys and data of all that waits. */
  bytes = 0;
  readonly #heap: Waiting[] = [];
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  get size(): number {
    return this.#heap.length;
  }

  get nextAtMs(): number {
    return this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Full jitter: anywhere between now and a bound that doubles with each attempt, so that refused records do not come back all at once.
   * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
   */
  addAfterFailure(entry: HeldEntry, nowMs: number): void {
    const bound = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (entry.attempts - 1));
    this.add(entry, nowMs + this.#random() * bound);
  }

  add(entry: HeldEntry, atMs: number): void {
    this.bytes += entry.bytes;
    const heap = this.#heap;
    let at = heap.length;
    heap.push({ entry, atMs });
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((heap[parent]?.atMs ?? 0) <= (heap[at]?.atMs ?? 0)) break;
      swap(heap, at, parent);
      at = parent;
    }
  }

  peek(): HeldEntry | undefined {
    return this.#heap[0]?.entry;
  }

  take(): HeldEntry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last) return undefined;
    this.bytes -= first.entry.bytes;
    if (heap.length === 0) return first.entry;
    heap[0] = last;
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if ((heap[child]?.atMs ?? Number.POSITIVE_INFINITY) < (heap[least]?.atMs ?? 0)) least = child;
      }
      if (least === at) return first.entry;
      swap(heap, at, least);
      at = least;
    }
  }

  /** Takes all that waits. */
  drain(): HeldEntry[] {
    this.bytes = 0;
    return this.#heap.splice(0).map((waiting) => waiting.entry);
  }
}

function swap(heap: Waiting[], a: number, b: number): void {
  const held = heap[a] as Waiting;
  heap[a] = heap[b] as Waiting;
  heap[b] = held;
}
