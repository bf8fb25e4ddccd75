import type { CheckReport } from './check-report.js';
import { openSession, type SessionOptions } from './open-session.js';
import { createPhases } from './phases.js';
import { runPass } from './run-pass.js';

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
  const phases = createPhases(options.clock, (name) => options.onEvent({ kind: 'phase', name }));
  const session = await openSession(options, phases);
  const reports: CheckReport[] = [];
  try {
    for (let pass = 0; pass < options.repeat && !options.signal.aborted; pass += 1) {
      const own = pass === 0 ? phases : createPhases(options.clock, (name) => options.onEvent({ kind: 'phase', name }));
      const report = await runPass(session, own, options.server);
      reports.push(report);
      options.onReport(report);
    }
  } finally {
    const closing = createPhases(options.clock, (name) => options.onEvent({ kind: 'phase', name }));
    await session.close(closing);
  }
  return reports;
}
