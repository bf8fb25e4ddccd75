import type { Clock } from '../shared/clock.js';
import { Patience } from '../shared/patience.js';
import type { Failed } from './put-answer.js';

/** Without a rate the first calls find out what the shards take: all at once would be refused all at once. */
const FIRST_CALLS = 2;
/** So many answered calls make room for one more at the same time. */
const CALLS_PER_STEP = 4;
/** The endpoint of a run, as its patience knows it. */
const CALLER = 'PutRecords';

export interface CallWindowOptions {
  /** The most calls at the same time. */
  most: number;
  /** Whether to begin with a few calls. */
  startsSlow: boolean;
  clock: Clock;
  /** Who is called, for messages: `http://127.0.0.1:4566`. */
  who: string;
  /** Told in a sentence that nobody answers, and that the endpoint answers again. */
  onWarning(text: string): void;
}

/** How many calls may be under way: few at first, one at a time while nobody answers, and none until the next one is worth a try. */
export class CallWindow {
  readonly #options: CallWindowOptions;
  readonly #patience: Patience;
  #room: number;
  #answers = 0;
  #answeredMs = Number.NEGATIVE_INFINITY;
  /** Set while nobody answers: the next call is worth a try from here on. */
  #callAgainMs: number | undefined;

  constructor(options: CallWindowOptions) {
    this.#options = options;
    const { most, startsSlow, clock, who, onWarning } = options;
    this.#patience = new Patience({ clock, who, resumes: 'sending continues', onWarning });
    this.#room = startsSlow ? Math.min(FIRST_CALLS, most) : most;
  }

  roomAt(nowMs: number): number {
    if (this.#callAgainMs === undefined) return this.#room;
    return nowMs < this.#callAgainMs ? 0 : 1;
  }

  /** When there is room again by time alone; undefined where there is some, or where an answer makes it. */
  opensAtMs(nowMs: number): number | undefined {
    return this.#callAgainMs !== undefined && nowMs < this.#callAgainMs ? this.#callAgainMs : undefined;
  }

  /** A call was answered. */
  answered(nowMs: number): void {
    this.#patience.answered(CALLER);
    this.#callAgainMs = undefined;
    this.#answeredMs = nowMs;
    this.#answers += 1;
    if (this.#answers % CALLS_PER_STEP === 0 && this.#room < this.#options.most) this.#room += 1;
  }

  /**
   * A call was not answered, or the service itself failed.
   * @param sentMs when the call went out
   * @returns false where other calls have been answered meanwhile: this one failed by itself
   * @throws OperationError when nobody has answered for a minute
   */
  failed(error: { code: string; failed?: Failed }, sentMs: number, nowMs: number): boolean {
    if (this.#answeredMs > sentMs) return false;
    const { who } = this.#options;
    const what = error.failed === 'no-answer' ? 'stopped answering' : 'answers with errors';
    const waitMs = this.#patience.failed(CALLER, { what: `${who} ${what} (${error.code})`, cause: error });
    this.#callAgainMs = Math.max(this.#callAgainMs ?? 0, nowMs + waitMs);
    return true;
  }
}
