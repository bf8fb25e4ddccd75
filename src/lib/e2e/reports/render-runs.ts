import type { CheckReport } from '../check-report.js';
import { alignColumns } from './align-columns.js';
import { renderTerminal, type View } from './render-terminal.js';
import { byCheck, runName, runsTable } from './total-runs.js';

/** Every run for a person. Of a check that ran several times: the runs that failed, then a row a run, and totals. */
export function renderRuns(reports: readonly CheckReport[], view: View): string {
  return byCheck(reports)
    .map((runs) => (runs.some(({ pass }) => pass !== undefined) ? renderSoak(runs, view) : renderEach(runs, view)))
    .join('\n');
}

const renderEach = (runs: readonly CheckReport[], view: View): string =>
  runs.map((report) => renderTerminal(report, view)).join('\n');

function renderSoak(runs: readonly CheckReport[], view: View): string {
  const { style } = view;
  const failed = runs.filter(({ verdict }) => !verdict.green);
  const details = failed.map((report) => `${style.bold(runName(report))}\n${renderTerminal(report, view)}\n`);
  const { header, rows } = runsTable(runs);
  const table = alignColumns(header, rows);
  const lines = table.rows.map((line, index) => (runs[index]?.verdict.green === false ? style.red(line) : line));
  const words =
    failed.length === 0
      ? `${style.green.bold('PASSED')}  all ${runs.length} runs of ${runs[0]?.check}`
      : `${style.red.bold('FAILED')}  ${failed.length} of ${runs.length} runs of ${runs[0]?.check}`;
  return `${details.join('')}${[style.bold(table.header), ...lines, '', words].join('\n')}\n`;
}
