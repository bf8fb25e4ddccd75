/**
 * How far a shard is processed: lanes finish records out of order, and a checkpoint may only pass a record when all before it are done.
 * Records are named by their sequence numbers.
 */
export class ShardProgress {
  /** Records that are handed out, in the order of the shard, from `#head` on. */
  #order: string[] = [];
  #head = 0;
  readonly #done = new Set<string>();
  readonly #onProgress: (sequenceNumber: string) => void;

  /** @param onProgress told of the last record before which, itself included, everything is done */
  constructor(onProgress: (sequenceNumber: string) => void) {
    this.#onProgress = onProgress;
  }

  take(sequenceNumber: string): void {
    this.#order.push(sequenceNumber);
  }

  finish(sequenceNumbers: Iterable<string>): void {
    for (const sequenceNumber of sequenceNumbers) this.#done.add(sequenceNumber);
    let last: string | undefined;
    for (let next = this.#order[this.#head]; next !== undefined && this.#done.delete(next); ) {
      last = next;
      this.#head += 1;
      next = this.#order[this.#head];
    }
    if (last === undefined) return;
    if (this.#head > 1000 && this.#head * 2 > this.#order.length) {
      this.#order = this.#order.slice(this.#head);
      this.#head = 0;
    }
    this.#onProgress(last);
  }
}
