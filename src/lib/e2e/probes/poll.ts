import type { Clock } from '../../shared/clock.js';

export interface Polling {
  /** Lets the round under way end, runs one more, and stops. Never throws. */
  close(): Promise<void>;
}

/** Runs `round` again and again, `everyMs` apart, never two at a time, until it is closed or the signal aborts. `round` must not throw. */
export function poll(round: () => Promise<void>, everyMs: number, clock: Clock, signal: AbortSignal): Polling {
  const closing = new AbortController();
  const pause = AbortSignal.any([signal, closing.signal]);
  const running = (async () => {
    while (!pause.aborted) {
      await round();
      await clock.sleep(everyMs, pause).catch(() => {});
    }
    if (!signal.aborted) await round();
  })();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}
