import { relative } from 'node:path';
import type { CheckReport } from '../check-report.js';
import { runName } from './total-runs.js';

/**
 * GitHub Actions' workflow commands: one error for each reason, at the check file.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#setting-an-error-message
 */
export function githubAnnotations(reports: readonly CheckReport[], workspace: string): string[] {
  return reports.flatMap((report) => {
    const file = relative(workspace, report.file);
    const place = file.startsWith('..') ? '' : `file=${property(file)},`;
    const cause = report.verdict.findings.find(({ weight }) => weight === 'cause');
    return report.verdict.reasons.map(({ text }, index) => {
      const more = index === 0 && cause ? `\n${cause.text}` : '';
      return `::error ${place}title=${property(`pipectl e2e ${runName(report)}`)}::${data(text + more)}`;
    });
  });
}

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
