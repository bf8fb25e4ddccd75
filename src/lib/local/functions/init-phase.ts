import type { Clock } from '../../shared/clock.js';
import type { InitFailure } from './verdict.js';

const TOO_LONG: InitFailure = { status: 'timeout', errorType: 'Sandbox.Timedout', message: 'init took too long' };

/** The time from a process's start to its first request for work: ended once, by that, by what went wrong, or by the clock. */
export class InitPhase {
  readonly startedAt = performance.now();
  /** Resolves when it ended, with why the process did not come to its first request, if it did not. */
  readonly ended: Promise<InitFailure | undefined>;
  #end: ((failure: InitFailure | undefined) => void) | undefined;

  constructor(clock: Clock, limitMs: number) {
    const cancel = clock.after(limitMs, () => this.end(TOO_LONG));
    this.ended = new Promise((resolve) => {
      this.#end = (failure) => {
        this.#end = undefined;
        cancel();
        resolve(failure);
      };
    });
  }

  get isOpen(): boolean {
    return this.#end !== undefined;
  }

  /** The first call counts. */
  end(failure?: InitFailure): void {
    this.#end?.(failure);
  }
}
