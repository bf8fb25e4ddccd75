import { PipectlError } from '../shared/errors.js';
import { explainSdkError } from '../target/explain-sdk-error.js';
import { warningOf } from './check-event.js';
import type { CheckReport } from './check-report.js';
import type { ChosenCheck } from './choose-checks.js';
import { identifyServer } from './identify-server.js';
import type { Place } from './open-place.js';
import { requireKnownRecorders } from './recorder/plan-recorders.js';
import { type RunOptions, runCheck } from './run-check.js';
import { waitForServer } from './wait-for-server.js';

/** How long a LocalStack that is just starting may take to answer. */
const SERVER_WITHIN_MS = 60_000;

export interface RunChecksOptions
  extends Omit<RunOptions, 'check' | 'again' | 'clients' | 'server' | 'disposable' | 'onReport'> {
  checks: readonly ChosenCheck[];
  /** Opens the target for a check. */
  place(check: ChosenCheck): Promise<Place>;
}

/**
 * Runs checks one after another, each in its place. One that cannot be stood up does not keep the others from running, and what went wrong
 * after a verdict was reached (taking down, say) does not take the verdict away.
 * @returns the reports; `failure` is the first error, and every further one was told as a warning
 * @throws what went wrong when it was the only check and there is no report of it
 */
export async function runChecks(
  options: RunChecksOptions,
): Promise<{ reports: CheckReport[]; failure: PipectlError | undefined }> {
  requireKnownRecorders(options.checks, options.recorderWishes);
  const reports: CheckReport[] = [];
  let failure: PipectlError | undefined;
  for (const check of options.checks) {
    if (options.signal.aborted) break;
    try {
      await runInPlace(check, options, reports);
    } catch (error) {
      if (!(error instanceof PipectlError) || (options.checks.length === 1 && reports.length === 0)) throw error;
      if (failure) options.onEvent(warningOf(error));
      failure ??= error;
    }
  }
  return { reports, failure };
}

async function runInPlace(check: ChosenCheck, options: RunChecksOptions, reports: CheckReport[]): Promise<void> {
  const { clock, signal, onEvent } = options;
  const { clients, disposable, close } = await options.place(check);
  try {
    await waitForServer(clients.target, {
      clock,
      signal,
      withinMs: SERVER_WITHIN_MS,
      onWaiting: (text) => onEvent({ kind: 'note', text }),
    });
    const server = await identifyServer(clients.target, signal);
    await runCheck({
      ...options,
      check,
      again: check.again,
      clients,
      disposable,
      server,
      onReport: (report) => reports.push(report),
    });
  } catch (error) {
    // Here it is known which endpoint it was.
    throw explainSdkError(error, clients.target) ?? error;
  } finally {
    clients.close();
    await close();
  }
}
