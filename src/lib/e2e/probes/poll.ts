import type { Clock } from '../../shared/clock.js';

export interface Polling {
  /** Lets the round under way end, runs one more, and stops. Never throws. */
  close(): Promise<void>;
}

/**
 * Runs `round` again and again, `everyMs` apart, never two at a time, until it is closed or the signal aborts. `round` must not throw; it is
 * told when it is the last one.
 */
export function poll(
  round: (last: boolean) => Promise<void>,
  everyMs: number,
  clock: Clock,
  signal: AbortSignal,
): Polling {
  const closing = new AbortController();
  const pause = AbortSignal.any([signal, closing.signal]);
  const running = (async () => {
    while (!pause.aborted) {
      await round(false);
      await clock.sleep(everyMs, pause).catch(() => {});
    }
    if (!signal.aborted) await round(true);
  })();
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}
