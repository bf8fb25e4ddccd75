import type { Clock } from '../../shared/clock.js';

const POLL_MS = 5;
const MAX_POLL_MS = 100;

/**
 * Waits until `isDone` says so, asking often at first.
 * @param patienceMs of the endpoint's clock
 * @returns false when patience ran out. Rejects when `signal` aborts
 */
export async function waitUntil(
  isDone: () => Promise<boolean>,
  { clock, signal, patienceMs }: { clock: Clock; signal: AbortSignal; patienceMs: number },
): Promise<boolean> {
  const deadline = clock.now() + patienceMs;
  for (let pauseMs = POLL_MS; !(await isDone()); pauseMs = Math.min(pauseMs * 2, MAX_POLL_MS)) {
    if (clock.now() >= deadline) return false;
    await clock.sleep(pauseMs, signal);
  }
  return true;
}
