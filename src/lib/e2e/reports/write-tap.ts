import type { CheckReport } from '../check-report.js';
import { testCases } from './test-cases.js';
import { runName } from './total-runs.js';

/** TAP version 14: a subtest-free stream of points, with what was found as YAML diagnostics. */
export function writeTap(reports: readonly CheckReport[]): string {
  const points = reports.flatMap((report) => testCases(report).map((testCase) => ({ report, testCase })));
  const lines = ['TAP version 14', `1..${points.length}`];
  for (const [index, { report, testCase }] of points.entries()) {
    const { name, failures, details, skipped } = testCase;
    const description = `${runName(report)} - ${name}`.replace(/[\\#]/g, '\\$&').replace(/\s+/g, ' ');
    lines.push(`${failures.length > 0 ? 'not ok' : 'ok'} ${index + 1} - ${description}`);
    if (failures.length === 0) {
      if (skipped !== undefined) lines[lines.length - 1] += ` # SKIP ${skipped}`;
      continue;
    }
    lines.push('  ---', `  message: ${JSON.stringify(failures.join(' '))}`);
    if (details.length > 0) lines.push('  found:', ...details.map((line) => `    - ${JSON.stringify(line)}`));
    lines.push(`  endpoint: ${JSON.stringify(report.target.server)}`, '  ...');
  }
  return `${lines.join('\n')}\n`;
}
