import type { Clock } from '../../../shared/clock.js';
import { NotStabilized } from './run/failure-reason.js';

const POLL_MS = 5;
const MAX_POLL_MS = 100;
const PATIENCE_MS = 120_000;

/**
 * Waits until `isDone` says so, asking often at first. CloudFormation calls this stabilizing a resource.
 * @throws NotStabilized after `patienceMs` of the endpoint's clock, two minutes unless told otherwise
 */
export async function waitUntil(
  what: string,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  isDone: () => Promise<boolean>,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  const deadline = clock.now() + patienceMs;
  for (let pauseMs = POLL_MS; !(await isDone()); pauseMs = Math.min(pauseMs * 2, MAX_POLL_MS)) {
    if (clock.now() >= deadline)
      throw new NotStabilized(`${what} did not stabilize within ${patienceMs / 1000} seconds.`);
    await clock.sleep(pauseMs, signal);
  }
}
