import type { ChalkInstance } from 'chalk';
import { formatDuration } from '../../shared/duration.js';
import type { CheckReport, HopReport } from '../check-report.js';
import { alignColumns } from './align-columns.js';
import { renderDiagram } from './render-diagram.js';

const HEADER = ['HOP', 'SENT', 'ARRIVED', 'LOST', 'DUPLICATED', 'REORDERED', 'P50', 'P95', 'P99', 'MAX', 'FROM BEFORE'];
const MAX_LOST_SHOWN = 5;

/** One run for a person: the diagram, a row a hop, the decoys, the verdict, why, and what was found. */
export function renderTerminal(report: CheckReport, style: ChalkInstance): string {
  const { verdict, hops } = report;
  const stages = [
    { name: 'sent', count: report.send.sent },
    ...hops.map(({ name, arrived, lost }) => ({ name, count: arrived, lost })),
  ];
  const table = alignColumns(HEADER, hops.map(row));
  const lines = [
    renderDiagram(stages, report.send.wanted, style),
    '',
    style.bold(table.header),
    ...table.rows.map((text, index) => paintRow(text, hops[index], style)),
  ];
  if (report.decoys.length > 0) lines.push('', ...report.decoys.map((decoy) => decoyLine(decoy, style)));
  lines.push('', verdictLine(report, style));
  for (const { text } of verdict.reasons) lines.push(`  ${style.red('✗')} ${text}`);
  for (const { text, weight, evidence = [] } of verdict.findings) {
    lines.push(`  ${weight === 'cause' ? style.yellow('→') : style.dim('·')} ${text}`);
    for (const each of evidence) lines.push(style.dim(`      ${each.replaceAll('\n', '\n      ')}`));
  }
  if (report.lostEvents.length > 0) lines.push(...lostLines(report, style));
  const { caveats, server } = report.target;
  if (caveats.length > 0) lines.push(style.dim(`${server} cannot show everything: ${caveats.join('; ')}`));
  lines.push(style.dim(phaseLine(report)));
  if (report.leftStanding.length > 0) lines.push(style.dim(`left standing: ${report.leftStanding.join(', ')}`));
  return `${lines.join('\n')}\n`;
}

/** Where the time went; phases that took no time to speak of are left out. */
function phaseLine({ phases }: CheckReport): string {
  return phases
    .filter(({ durationMs }) => durationMs >= 1)
    .map(({ name, durationMs }) => `${name} ${formatDuration(durationMs)}`)
    .join(' · ');
}

function row(hop: HopReport): string[] {
  const times = hop.fromSendingMs;
  const time = (value: number | undefined): string => (value === undefined ? '-' : formatDuration(value));
  return [
    hop.name,
    ...[hop.sent, hop.arrived, hop.lost, hop.duplicated, hop.reordered].map(String),
    ...[times?.p50, times?.p95, times?.p99, times?.max, hop.fromBeforeMs?.p50].map(time),
  ];
}

function paintRow(text: string, hop: HopReport | undefined, style: ChalkInstance): string {
  if (hop && hop.lost > 0) return style.red(text);
  return hop && hop.duplicated + hop.reordered + hop.unseen > 0 ? style.yellow(text) : text;
}

function decoyLine(
  { payload, last, sent, seenAtLast, passed }: CheckReport['decoys'][number],
  style: ChalkInstance,
): string {
  const bad = passed.length > 0 || (seenAtLast !== undefined && seenAtLast < sent);
  const reached = last === undefined ? '' : `, ${seenAtLast} seen at ${last}`;
  const further =
    passed.length > 0 ? passed.map(({ hop, count }) => `${count} came to ${hop}`).join(', ') : 'none further';
  return `${bad ? style.red('✗') : style.green('✓')} decoy ${style.dim(payload)}: ${sent} sent${reached}, ${further}`;
}

function verdictLine({ verdict, send, target, durationMs }: CheckReport, style: ChalkInstance): string {
  const where = style.dim(`on ${target.server}, ${target.region}, in ${formatDuration(durationMs)}`);
  if (verdict.green) {
    const events = send.sent === 1 ? 'the one event' : `all ${send.sent} events`;
    return `${style.green.bold('PASSED')}  ${events} arrived at every hop  ${where}`;
  }
  const first = verdict.firstLossyHop;
  return `${style.red.bold('FAILED')}  ${first ? `the first hop that lost events: ${style.bold(first)}` : 'see below'}  ${where}`;
}

function lostLines({ lostEvents }: CheckReport, style: ChalkInstance): string[] {
  const shown = lostEvents
    .slice(0, MAX_LOST_SHOWN)
    .map(({ n, payload, lostAt }) => `      #${n} at ${lostAt}: ${JSON.stringify(payload)}`);
  const rest = lostEvents.length - shown.length;
  return [
    `  lost events:`,
    ...shown.map((line) => style.dim(line)),
    ...(rest > 0 ? [style.dim(`      and ${rest} more; --json lists them all`)] : []),
  ];
}
