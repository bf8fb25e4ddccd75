import type { Clock } from './clock.js';
import { OperationError } from './errors.js';

/** An endpoint that is gone for longer is not restarting. */
const PATIENCE_MS = 60_000;
const SHORTEST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5000;
/** A failure that the next call mends is not worth a sentence. */
const SAY_AFTER_MS = 500;

/** A failure that waiting may mend, in words. */
export interface Outage {
  /** `http://127.0.0.1:4566 stopped answering`: who, and what happened, without a period. */
  what: string;
  /** What to do if it stays so. */
  hint?: string | undefined;
  cause: unknown;
}

export interface PatienceOptions {
  clock: Clock;
  /** Who is waited for: `http://127.0.0.1:4566`. */
  who: string;
  /** `reading continues after the last record read`: what happens when the endpoint answers again. */
  resumes: string;
  onWarning(text: string): void;
  /** 0 to 1; keeps callers apart that failed together. */
  random?: () => number;
}

/**
 * How long readers and writers wait for an endpoint that stopped answering: longer after each failure, a minute at most. It says once who
 * stopped answering, and once that it answers again, for all the callers that share it. Throttling is no outage and does not count here.
 */
export class Patience {
  readonly #options: PatienceOptions;
  readonly #random: () => number;
  /** Since when each caller has failed. */
  readonly #failing = new Map<string, number>();
  #said = false;

  constructor(options: PatienceOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
  }

  /** Whether this caller has failed since its last answer. */
  isFailing(caller: string): boolean {
    return this.#failing.has(caller);
  }

  /**
   * A call failed.
   * @param caller whose failures count together: a shard, say
   * @returns how long to wait before the next call, milliseconds
   * @throws OperationError when this caller has had no answer for a minute
   */
  failed(caller: string, outage: Outage): number {
    const { clock, onWarning } = this.#options;
    const now = clock.now();
    const since = this.#failing.get(caller) ?? now;
    this.#failing.set(caller, since);
    const forMs = now - since;
    if (forMs >= PATIENCE_MS) {
      const { what, hint, cause } = outage;
      throw new OperationError(`${what}; pipectl gave up after 1 minute.`, {
        cause,
        ...(hint !== undefined && { hint }),
      });
    }
    if (!this.#said && forMs >= SAY_AFTER_MS) {
      this.#said = true;
      onWarning(`${outage.what}; retrying for 1 minute`);
    }
    // As long again as it has been failing: doubles by itself, however many calls fail at the same time.
    const bound = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, forMs));
    return bound / 2 + (this.#random() * bound) / 2;
  }

  /** A call of this caller was answered. */
  answered(caller: string): void {
    if (this.#failing.size === 0 || !this.#failing.delete(caller)) return;
    if (this.#failing.size > 0 || !this.#said) return;
    this.#said = false;
    this.#options.onWarning(`${this.#options.who} answers again; ${this.#options.resumes}`);
  }
}
