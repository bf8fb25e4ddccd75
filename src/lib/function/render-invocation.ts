import type { ChalkInstance } from 'chalk';
import { formatDuration } from '../shared/duration.js';
import { printableText } from '../shared/printable-text.js';
import type { Invocation } from './invoke-function.js';
import { paintJson } from './paint-json.js';
import type { RepeatReport } from './repeat-invocation.js';

interface Look {
  style: ChalkInstance;
  isTTY: boolean;
}

/** What the function returned: in colours in a terminal, in a pipe the payload as it came. */
export function renderInvocation({ result, payload }: Invocation, { style, isTTY }: Look): string {
  if (payload === '') return '';
  if (!isTTY) return `${payload}\n`;
  return `${typeof result === 'string' ? printableText(payload) : paintJson(result, style, 2)}\n`;
}

/** The end of an invocation's log, dimmed. */
export function renderLogTail(logTail: string, { style, isTTY }: Look): string {
  const text = logTail.trimEnd();
  return style.dim(isTTY ? printableText(text) : text);
}

/** The figures of many invocations. */
export function renderRepeat(report: RepeatReport, { style, isTTY }: Look): string {
  const answered = report.succeeded + report.functionErrors;
  const lines = [
    `${answered} of ${report.asked} answered in ${formatDuration(report.elapsedMs)}, ${report.perSecond.toFixed(1)}/s${report.interrupted ? ', then interrupted' : ''}`,
  ];
  if (report.functionErrors > 0) lines.push(style.red(`${report.functionErrors} with an error of the function`));
  if (report.failed > 0) lines.push(style.red(`${report.failed} not answered`));
  for (const { what, count } of report.problems.slice(0, 5))
    lines.push(`  ${count} × ${isTTY ? printableText(what) : what}`);
  const { latencyMs } = report;
  if (latencyMs) {
    const figures = Object.entries(latencyMs).map(([name, ms]) => `${style.bold(name)} ${formatDuration(ms)}`);
    lines.push(`latency: ${figures.join('  ')}`);
  }
  return `${lines.join('\n')}\n`;
}
