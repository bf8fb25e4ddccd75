import { warningOf } from './check-event.js';
import type { CheckReport } from './check-report.js';
import { openSession } from './open-session.js';
import { createPhases } from './phases.js';
import { runPass } from './run-pass.js';
import type { SessionOptions } from './session-options.js';

export interface RunOptions extends SessionOptions {
  /** What answers at the target, with its version: `pipectl local 0.1.0`, `LocalStack 4.14.0`, `AWS`. */
  server: string;
  /** How often events are sent over the same deployment. */
  repeat: number;
  /** Hears each pass's report as it is made. */
  onReport(report: CheckReport): void;
}

/**
 * Runs one check: deploys, sends, watches, judges, takes down, also after a failure and after Ctrl-C.
 * @returns a report for each pass; one that was interrupted is the last
 * @throws when the pipeline could not be stood up, or a probe could not be opened
 */
export async function runCheck(options: RunOptions): Promise<CheckReport[]> {
  const { clock, onEvent } = options;
  const phases = createPhases(clock, onEvent);
  const session = await openSession(options, phases);
  const reports: CheckReport[] = [];
  try {
    for (let pass = 0; pass < options.repeat && !options.signal.aborted; pass += 1) {
      const which = options.repeat > 1 ? { pass: { number: pass + 1, of: options.repeat } } : {};
      if (which.pass) onEvent({ kind: 'note', text: `run ${which.pass.number} of ${which.pass.of}` });
      const made = await runPass(session, pass === 0 ? phases : createPhases(clock, onEvent), options.server);
      // The same object: a later pass may bring it up to date.
      const report = Object.assign(made, which);
      reports.push(report);
      options.onReport(report);
    }
  } catch (error) {
    // What went wrong first is what is to be told.
    await session.close(createPhases(clock, onEvent)).catch((also) => onEvent(warningOf(also)));
    throw error;
  }
  await session.close(createPhases(clock, onEvent));
  return reports;
}
