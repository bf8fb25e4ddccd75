import { type BatchFiller, MAX_WAITING } from './batch-filler.js';
import type { PacedShards } from './paced-shards.js';
import { type HeldEntry, PutBatch, usersIn } from './put-batch.js';
import { RetryQueue } from './retry-queue.js';

/**
 * What was taken from the source and waits to be sent: what failed, for its time to come; and, from the first refusal on in a run without a rate, what its
 * shard does not take yet.
 */
export class WaitingEntries {
  /** Whether records wait for their shards. */
  pacing = false;
  /** Undefined in a run with a rate, whose schedule waits for no shard. */
  readonly paced: PacedShards | undefined;
  readonly #retries: RetryQueue;
  readonly #staging: PutBatch;

  constructor(stream: string, paced: PacedShards | undefined, retries = new RetryQueue()) {
    this.#staging = new PutBatch(stream);
    this.paced = paced;
    this.#retries = retries;
  }

  get size(): number {
    return this.#retries.size + (this.paced?.size ?? 0);
  }

  /** Whether no fresh records should be taken before some of these are through. */
  isFull(filler: Pick<BatchFiller, 'parked' | 'parkedBytes'>): boolean {
    if (this.pacing && this.paced?.isFull) return true;
    const bytes = this.#retries.bytes + (this.paced?.bytes ?? 0) + filler.parkedBytes;
    return this.size + filler.parked >= MAX_WAITING.entries || bytes > MAX_WAITING.bytes;
  }

  /** An entry that may go out from `atMs` on. */
  add(entry: HeldEntry, atMs: number): void {
    this.#retries.add(entry, atMs);
  }

  addAfterFailure(entry: HeldEntry, nowMs: number): void {
    this.#retries.addAfterFailure(entry, nowMs);
  }

  /** An entry that its shard's limit refused, in a run without a rate. */
  addRefused(entry: HeldEntry): void {
    this.paced?.addRefused(entry);
  }

  /** Puts into a call what may go out now. @returns how many of the users' records an earlier call has carried */
  fill(batch: PutBatch, nowMs: number): number {
    if (!this.pacing || !this.paced) return this.#fillWithRetries(batch, nowMs);
    for (let entry = this.#takeDue(nowMs); entry; entry = this.#takeDue(nowMs)) {
      if (entry.attempts > 0) this.paced.addRefused(entry);
      else this.paced.add(entry);
    }
    return this.paced.fill(batch, nowMs);
  }

  /**
   * Has fresh records made into the call, or for their shards.
   * @param make fills a batch and tells what the source is doing
   * @returns what it is doing at last, and how many of the users' records in the call an earlier call has carried
   */
  fillFresh<State>(
    batch: PutBatch,
    nowMs: number,
    filler: BatchFiller,
    make: (batch: PutBatch) => State,
  ): { state: State | undefined; resent: number } {
    if (!this.pacing || !this.paced) return { state: make(batch), resent: 0 };
    let state: State | undefined;
    let resent = 0;
    while (this.paced.isHungry(nowMs) && !this.isFull(filler)) {
      state = make(this.#staging);
      const made = this.#staging.count;
      for (let index = 0; index < made; index++) this.paced.add({ ...this.#staging.hold(index), attempts: 0 });
      this.#staging.clear();
      resent += this.paced.fill(batch, nowMs);
      if (made === 0 || !batch.fits(1)) break;
    }
    return { state, resent };
  }

  /** When something may go out. @param hasMore whether the source has records for shards for which nothing waits */
  nextAtMs(hasMore: boolean): number {
    return Math.min(
      this.#retries.nextAtMs,
      this.pacing ? (this.paced?.nextAtMs(hasMore) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY,
    );
  }

  /** Takes all that waits. */
  drain(): HeldEntry[] {
    return [...this.#retries.drain(), ...(this.paced?.drain() ?? [])];
  }

  #takeDue(nowMs: number): HeldEntry | undefined {
    return this.#retries.nextAtMs <= nowMs ? this.#retries.take() : undefined;
  }

  #fillWithRetries(batch: PutBatch, nowMs: number): number {
    let resent = 0;
    for (;;) {
      const entry = this.#retries.peek();
      if (!entry || this.#retries.nextAtMs > nowMs || !batch.fits(entry.bytes)) return resent;
      this.#retries.take();
      if (entry.attempts > 0) resent += usersIn(entry.due);
      batch.addHeld(entry);
    }
  }
}
