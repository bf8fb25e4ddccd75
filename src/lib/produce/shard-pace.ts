import { SHARD_WRITE } from '../stream/capacity.js';

/** What a shard takes in one slot goes out together: a call for each record would cost more than the record. */
export const PACE_SLOT_MS = 50;
/** A little below what AWS documents, so that a shard that nobody else writes to refuses next to nothing from the start. */
const FIRST_SHARE = 0.95;
const GAIN_PER_SECOND = 0.02;
/** The gain doubles this often without a refusal, so that a target with higher limits than AWS's is found out too. */
const GAIN_DOUBLES_MS = 4000;
/** However much of a call was refused: the shard had taken what came before it. */
const LARGEST_CUT = 0.3;
const SMALLEST_CUT = 0.05;
const LONGEST_PAUSE_MS = 1000;
/** What a late timer left over may be used later. */
const CREDIT_MS = 100;
/** A shard saves up what it takes in a second: so much is no debt. */
const BURST_MS = 1000;

/**
 * How fast one shard takes records, learned from what it refuses: the share of AWS's limits grows while nothing is refused and is cut when
 * something is (additive increase, multiplicative decrease). Pure: it tells when the next record may go.
 */
export class ShardPace {
  /** Of what AWS documents for one shard. */
  share: number;
  #recordsFreeMs: number;
  #bytesFreeMs: number;
  /** What went out before was not spent here. */
  readonly #sinceMs: number;
  #spentMs: number;
  #cutMs: number;
  #pausedMs: number;
  #pauseMs = 0;
  /** Since the share was cut: what is refused before it was cut for already. */
  #tookSomething = true;

  /**
   * @param takenBytes what the shard has taken since time 0: a record larger than a second's worth leaves a debt
   * @param part of the shard that this pace may use: one of several workers has its part
   */
  constructor(nowMs: number, takenBytes = 0, part = 1) {
    this.share = FIRST_SHARE * part;
    this.#recordsFreeMs = nowMs + PACE_SLOT_MS; // it has just refused something
    this.#bytesFreeMs = Math.max(nowMs, (takenBytes / SHARD_WRITE.bytesPerSecond) * 1000 - BURST_MS);
    this.#sinceMs = nowMs;
    this.#spentMs = nowMs;
    this.#cutMs = nowMs;
    this.#pausedMs = nowMs;
  }

  /** When the next record may go out. */
  get readyAtMs(): number {
    return Math.max(this.#recordsFreeMs, this.#bytesFreeMs);
  }

  /** A record goes out. A large one may go when nothing is owed, and leaves a debt. */
  spend(bytes: number, nowMs: number): void {
    const grownMs = Math.min(Math.max(0, nowMs - this.#spentMs), 2 * PACE_SLOT_MS);
    this.share += (GAIN_PER_SECOND * grownMs * 2 ** ((nowMs - this.#cutMs) / GAIN_DOUBLES_MS)) / 1000;
    this.#spentMs = Math.max(this.#spentMs, nowMs);
    const leastMs = nowMs - CREDIT_MS;
    this.#recordsFreeMs = Math.max(this.#recordsFreeMs, leastMs) + this.#recordMs;
    this.#bytesFreeMs = Math.max(this.#bytesFreeMs, leastMs) + bytes * this.#byteMs;
  }

  /** A call was answered that the shard took all of. */
  accepted(): void {
    this.#pauseMs = 0;
    this.#tookSomething = true;
  }

  /**
   * The shard refused something of a call.
   * @param refused records and bytes, of `sent` records that the call had for this shard
   * @param sentMs when the call went out: what was under way when the share was cut tells nothing new
   */
  refused(refused: { records: number; bytes: number }, sent: number, sentMs: number, nowMs: number): void {
    if (sentMs >= this.#sinceMs) {
      this.#recordsFreeMs -= refused.records * this.#recordMs; // they were not taken, so they cost nothing
      this.#bytesFreeMs -= refused.bytes * this.#byteMs;
    }
    if (refused.records < sent) this.#tookSomething = true;
    if (sentMs >= this.#pausedMs) {
      this.#pausedMs = nowMs;
      this.#pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(PACE_SLOT_MS, this.#pauseMs * 2));
    }
    if (sentMs >= this.#cutMs && this.#tookSomething) {
      const cut = Math.min(LARGEST_CUT, Math.max(SMALLEST_CUT, refused.records / Math.max(1, sent)));
      this.share *= 1 - cut;
      this.#cutMs = nowMs;
      this.#tookSomething = false;
    }
    this.#recordsFreeMs = Math.max(this.#recordsFreeMs, nowMs + this.#pauseMs);
  }

  get #recordMs(): number {
    return 1000 / (SHARD_WRITE.recordsPerSecond * this.share);
  }

  get #byteMs(): number {
    return 1000 / (SHARD_WRITE.bytesPerSecond * this.share);
  }
}
