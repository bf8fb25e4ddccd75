/**
 * A rate limit as a bucket: full at the start, holding one second's worth, refilled evenly. It costs nothing while nobody looks.
 * What is larger than the whole bucket gets through while nothing is owed, and leaves a debt: so a 10 MiB record passes a shard of
 * 1 MiB/s now and then, and the average still holds.
 * https://docs.aws.amazon.com/streams/latest/dev/large-records.html
 */
export class TokenBucket {
  readonly #perSecond: number;
  #tokens: number;
  #atMs: number;
  #taken = 0;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#atMs = nowMs;
  }

  /** Whether `amount` could be taken now. */
  has(amount: number, nowMs: number): boolean {
    this.#refill(nowMs);
    return amount > this.#perSecond ? this.#tokens > 0 : this.#tokens >= amount;
  }

  /** Takes `amount` if it could be taken now, and tells whether it did. */
  admit(amount: number, nowMs: number): boolean {
    if (!this.has(amount, nowMs)) return false;
    this.take(amount);
    return true;
  }

  /** Takes `amount` without asking; what is missing is owed. */
  take(amount: number): void {
    this.#tokens -= amount;
    this.#taken += amount;
  }

  /** All that was ever taken. */
  get taken(): number {
    return this.#taken;
  }

  /** Throws away what is left over, so that what is taken next is owed in full. */
  drain(): void {
    this.#tokens = Math.min(0, this.#tokens);
  }

  /** Milliseconds until there is anything in the bucket again; 0 when there is. */
  waitMs(nowMs: number): number {
    this.#refill(nowMs);
    return this.#tokens > 0 ? 0 : Math.floor((-this.#tokens * 1000) / this.#perSecond) + 1;
  }

  #refill(nowMs: number): void {
    if (nowMs > this.#atMs) {
      this.#tokens = Math.min(this.#perSecond, this.#tokens + ((nowMs - this.#atMs) * this.#perSecond) / 1000);
    }
    this.#atMs = nowMs;
  }
}

/** The buckets of one stream, or of what an account has in one region, by operation. */
export type CallBuckets = Map<string, TokenBucket>;
