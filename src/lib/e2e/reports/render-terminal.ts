import type { ChalkInstance } from 'chalk';
import { formatDuration } from '../../shared/duration.js';
import { printableText } from '../../shared/printable-text.js';
import type { CheckReport, DecoyReport, HopReport } from '../check-report.js';
import { arrivalWords } from './arrival-words.js';
import { hopTable } from './hop-table.js';
import { joinLines } from './join-lines.js';
import { renderDiagram } from './render-diagram.js';

const MAX_LOST_SHOWN = 5;
const LEAST_SENDING_MS = 1000;
const NEARLY = 0.8;

/** Where it is shown; outside a terminal lines are as long as they are. */
export interface View {
  style: ChalkInstance;
  isTTY: boolean;
  width: number;
}

/** One run for a person: the diagram, a row a hop, the decoys, the verdict, why, and what was found. */
export function renderTerminal(report: CheckReport, { style, isTTY, width: columns }: View): string {
  const width = isTTY ? columns : Number.POSITIVE_INFINITY;
  const { verdict, hops } = report;
  const stages = [
    { name: 'sent', count: report.send.sent },
    ...hops.map(({ name, after = 'sent', arrived, lost }) => ({ name, after, count: arrived, lost })),
  ];
  const table = hopTable(hops, width);
  const lines = [
    renderDiagram(stages, report.send.wanted, style, width),
    '',
    style.bold(table.header),
    ...table.rows.map((text, index) => paintRow(text, hops[index], style)),
  ];
  if (report.decoys.length > 0) lines.push('', ...report.decoys.map((decoy) => decoyLine(decoy, style)));
  lines.push('', verdictLine(report, style));
  for (const { text } of verdict.reasons) lines.push(`  ${style.red('✗')} ${printableText(text)}`);
  for (const { text, weight, evidence = [] } of verdict.findings) {
    lines.push(`  ${weight === 'cause' ? style.yellow('→') : style.dim('·')} ${printableText(text)}`);
    for (const each of evidence) lines.push(style.dim(`      ${printableText(each).replaceAll('\n', '\n      ')}`));
  }
  if (report.lostEvents.length > 0) lines.push(...lostLines(report, style));
  const { caveats, server } = report.target;
  if (caveats.length > 0) lines.push(style.dim(`${server} cannot show everything: ${caveats.join('; ')}`));
  const watched = settledLine(report);
  if (watched !== undefined) lines.push(style.dim(watched));
  const slow = slowSendingLine(report);
  if (slow !== undefined) lines.push(style.dim(slow));
  lines.push(style.dim(phaseLine(report, width)));
  return `${lines.join('\n')}\n`;
}

/** How long copies were watched for, where that is not known to be enough. */
function settledLine({ settled }: CheckReport): string | undefined {
  if (settled === undefined || settled.quiet === 'known') return undefined;
  return `watched ${formatDuration(settled.watchedMs)} for copies and decoys; later ones are not counted`;
}

/** A load that was asked for and not reached, where sending went on for long enough to tell. */
function slowSendingLine({ send, phases }: CheckReport): string | undefined {
  const { perSecond, wantedPerSecond } = send;
  const sending = phases.find(({ name }) => name === 'send')?.durationMs ?? 0;
  if (perSecond === undefined || sending < LEAST_SENDING_MS || perSecond > wantedPerSecond * NEARLY) return undefined;
  return `sent ${perSecond.toFixed(1)}/s instead of ${wantedPerSecond}/s: events with the same key are sent one at a time; increase send.keys`;
}

/** Where the time went; phases that took no time to speak of are left out. */
function phaseLine({ phases }: CheckReport, width: number): string {
  const parts = phases
    .filter(({ durationMs }) => durationMs >= 1)
    .map(({ name, durationMs }, index) => `${index === 0 ? '' : ' · '}${name} ${formatDuration(durationMs)}`);
  return joinLines(parts, { width, indent: ' ', widthOf: (part) => part.length });
}

function paintRow(text: string, hop: HopReport | undefined, style: ChalkInstance): string {
  if (hop && hop.lost > 0) return style.red(text);
  return hop && hop.duplicated + hop.reordered + hop.unseen > 0 ? style.yellow(text) : text;
}

function decoyLine({ payload, last, wanted, sent, seenAtLast, passed }: DecoyReport, style: ChalkInstance): string {
  const bad = passed.length > 0 || (seenAtLast !== undefined && seenAtLast < wanted);
  const reached = last === undefined ? '' : `, ${seenAtLast} seen at ${last}`;
  const further =
    passed.length > 0 ? passed.map(({ hop, count }) => `${count} came to ${hop}`).join(', ') : 'none further';
  return `${bad ? style.red('✗') : style.green('✓')} decoy ${style.dim(payload)}: ${sent} sent${reached}, ${further}`;
}

function verdictLine(report: CheckReport, style: ChalkInstance): string {
  const { verdict, target, durationMs } = report;
  const where = style.dim(`on ${target.server}, ${target.region}, in ${formatDuration(durationMs)}`);
  if (verdict.green) return `${style.green.bold('PASSED')}  ${arrivalWords(report)}  ${where}`;
  if (verdict.reasons.some(({ kind }) => kind === 'interrupted'))
    return `${style.yellow.bold('INTERRUPTED')}  ${report.hops.at(-1)?.arrived ?? 0} of ${report.send.wanted} events had arrived at the last hop  ${where}`;
  const first = verdict.firstLossyHop;
  const lost = report.hops.find(({ name }) => name === first)?.lost ?? 0;
  const what = first ? `${style.bold(first)} lost ${lost} of ${report.send.sent} events` : 'see below';
  return `${style.red.bold('FAILED')}  ${what}  ${where}`;
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
