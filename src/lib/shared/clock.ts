/** Time as handed in: everything that waits or stamps takes a Clock, so that a test can drive it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds of this clock; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `run` once after `ms` milliseconds of this clock; the answer cancels it. The timer never keeps the process alive. */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleepWith(systemClock, ms, signal, true),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

function sleepWith(clock: Clock, ms: number, signal: AbortSignal | undefined, holdsProcess: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const done = (): void => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    const cancel = holdsProcess ? heldTimer(ms, done) : clock.after(ms, done);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function heldTimer(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/**
 * A clock that runs with the system's until it is moved: `advance` jumps it forward and fires, in order, every timer that falls due.
 * The local endpoint owns one, so that a five-minute iterator expiry can be tested in a millisecond.
 */
export class DrivenClock implements Clock {
  readonly #timers = new Set<{ at: number; run: () => void; cancel?: () => void }>();
  #offsetMs = 0;
  #frozenAt: number | undefined;

  /** @param startAt when given, time stands still at this instant and moves only by `advance` */
  constructor(startAt?: number) {
    this.#frozenAt = startAt;
  }

  now(): number {
    return (this.#frozenAt ?? Date.now()) + this.#offsetMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepWith(this, ms, signal, false);
  }

  after(ms: number, run: () => void): () => void {
    const timer: { at: number; run: () => void; cancel?: () => void } = { at: this.now() + ms, run };
    const fire = (): void => {
      if (this.#timers.delete(timer)) run();
    };
    timer.run = fire;
    this.#timers.add(timer);
    if (this.#frozenAt === undefined) timer.cancel = systemClock.after(ms, fire);
    return () => {
      this.#timers.delete(timer);
      timer.cancel?.();
    };
  }

  /** Moves time forward by `ms` and fires what falls due, oldest first, each at its own instant. */
  advance(ms: number): void {
    const target = this.#offsetMs + ms;
    for (;;) {
      const base = this.#frozenAt ?? Date.now();
      const due = [...this.#timers].filter((timer) => timer.at <= base + target).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#offsetMs = Math.max(this.#offsetMs, due.at - base);
      due.cancel?.();
      due.run();
    }
    this.#offsetMs = target;
  }
}
