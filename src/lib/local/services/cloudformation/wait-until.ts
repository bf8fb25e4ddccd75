import type { Clock } from '../../../shared/clock.js';
import * as kit from '../../kit/wait-until.js';
import { NotStabilized } from './run/failure-reason.js';

const PATIENCE_MS = 120_000;

/**
 * Waits until `isDone` says so. CloudFormation calls this stabilizing a resource.
 * @throws NotStabilized after `patienceMs` of the endpoint's clock, two minutes unless told otherwise
 */
export async function waitUntil(
  what: string,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  isDone: () => Promise<boolean>,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  if (await kit.waitUntil(isDone, { clock, signal, patienceMs })) return;
  throw new NotStabilized(`${what} did not stabilize within ${patienceMs / 1000} seconds.`);
}
