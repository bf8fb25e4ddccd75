import type { Invocation, Outcome } from './function-spec.js';
import type { Verdict } from './verdict.js';

/** An invocation that a process works on: since when, and how it ended. */
export class RunningInvocation {
  readonly invocation: Invocation;
  readonly startedAt = performance.now();
  durationMs = 0;
  cancelTimeout: () => void = () => {};
  #verdict: Verdict | undefined;
  readonly #resolve: (outcome: Outcome) => void;

  /** Called instead of an answer when its process died before it took the invocation. */
  readonly giveBack: (() => void) | undefined;

  constructor(invocation: Invocation, resolve: (outcome: Outcome) => void, giveBack?: () => void) {
    this.invocation = invocation;
    this.giveBack = giveBack;
    this.#resolve = resolve;
  }

  get verdict(): Verdict | undefined {
    return this.#verdict;
  }

  /** Takes down how it ended; what remains is to write its log and to answer. */
  conclude(verdict: Verdict): void {
    this.durationMs = performance.now() - this.startedAt;
    this.#verdict = verdict;
  }

  answer({ status, payload, contentType = 'application/json' }: Verdict, logTail: string): void {
    const failed = status === 'success' ? {} : { functionError: 'Unhandled' as const };
    this.#resolve({ payload, contentType, logTail, durationMs: this.durationMs, ...failed });
  }
}
