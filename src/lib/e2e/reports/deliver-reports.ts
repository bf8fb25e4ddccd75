import type { OperationError } from '../../shared/errors.js';
import type { CheckReport } from '../check-report.js';
import { githubAnnotations } from './github-annotations.js';
import { type ReportFiles, writeReports } from './write-reports.js';

/**
 * Writes the reports that were asked for, and those that the CI system which we run in reads: GitHub's step summary and annotations.
 * @returns why a file could not be written, if so; the others are written all the same
 */
export async function deliverReports(
  reports: readonly CheckReport[],
  files: ReportFiles,
  { env, cwd, note }: { env: NodeJS.ProcessEnv; cwd: string; note(line: string): void },
): Promise<OperationError | undefined> {
  if (env.GITHUB_ACTIONS === 'true')
    for (const line of githubAnnotations(reports, env.GITHUB_WORKSPACE ?? cwd)) note(line);
  return writeReports(reports, { ...files, stepSummary: env.GITHUB_STEP_SUMMARY });
}
