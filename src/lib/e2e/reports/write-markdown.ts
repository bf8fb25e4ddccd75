import { formatDuration } from '../../shared/duration.js';
import { printableText } from '../../shared/printable-text.js';
import type { CheckReport } from '../check-report.js';
import { arrivalWords } from './arrival-words.js';
import { byCheck, runName, runsTable } from './total-runs.js';

/** A page for a pull request or a CI's step summary: the verdict, a row a hop, why, and what was found. */
export function writeMarkdown(reports: readonly CheckReport[]): string {
  const soaks = byCheck(reports).filter((runs) => runs.length > 1);
  return [...soaks.map(writeTotals), ...reports.map(writeOne)].join('\n');
}

function writeTotals(runs: readonly CheckReport[]): string {
  const { header, rows } = runsTable(runs);
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const title = `## ${escapeMarkdown(runs[0]?.check ?? '')}: ${runs.length} runs`;
  const ruler = `| --- | --- |${' ---: |'.repeat(header.length - 2)}`;
  return `${[title, '', line(header), ruler, ...rows.map(line)].join('\n')}\n`;
}

function writeOne(report: CheckReport): string {
  const { verdict, send, target } = report;
  const mark = verdict.green ? '✅' : '❌';
  const first = verdict.firstLossyHop;
  const outcome = verdict.green
    ? arrivalWords(report)
    : first
      ? `**${escapeMarkdown(first)}** lost ${report.hops.find(({ name }) => name === first)?.lost ?? 0} of ${send.sent} events`
      : 'failed';
  const lines = [
    `## ${mark} ${escapeMarkdown(runName(report))}: ${outcome}`,
    '',
    `On ${escapeMarkdown(target.server)}, ${escapeMarkdown(target.region)}, in ${formatDuration(report.durationMs)}. Sent by ${code(send.via)}.`,
    '',
    '| hop | watched | sent | arrived | lost | duplicated | reordered | p50 | p95 | p99 | max |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...report.hops.map((hop) => {
      const times = hop.fromSendingMs;
      const cells = [times?.p50, times?.p95, times?.p99, times?.max].map((ms) =>
        ms === undefined ? '–' : formatDuration(ms),
      );
      const counts = [hop.sent, hop.arrived, hop.lost, hop.duplicated, hop.reordered];
      return `| ${escapeMarkdown(hop.name)} | ${code(hop.watched)} | ${[...counts, ...cells].join(' | ')} |`;
    }),
  ];
  if (report.decoys.length > 0) {
    lines.push('', '| decoy | sent | must stop at | seen there | went further |', '| --- | ---: | --- | ---: | --- |');
    for (const { payload, sent, last, seenAtLast, passed } of report.decoys) {
      const further = passed.map(({ hop, count }) => `${count} to ${escapeMarkdown(hop)}`).join(', ') || 'none';
      lines.push(
        `| ${code(payload)} | ${sent} | ${escapeMarkdown(last ?? 'the start')} | ${seenAtLast ?? '–'} | ${further} |`,
      );
    }
  }
  if (verdict.reasons.length > 0) lines.push('', ...verdict.reasons.map(({ text }) => `- ❌ ${escapeMarkdown(text)}`));
  if (verdict.findings.length > 0) {
    lines.push('', '**What was found**', '');
    for (const { text, evidence = [] } of verdict.findings) {
      lines.push(`- ${escapeMarkdown(text)}`);
      if (evidence.length > 0) lines.push('', fenced(evidence), '');
    }
  }
  if (target.caveats.length > 0)
    lines.push(
      '',
      `${escapeMarkdown(target.server)} cannot show everything: ${escapeMarkdown(target.caveats.join('; '))}.`,
    );
  if (report.lostEvents.length > 0) {
    const shown = report.lostEvents
      .slice(0, 20)
      .map(({ n, lostAt, payload }) => `#${n} at ${lostAt}  ${JSON.stringify(payload)}`);
    const title = `${report.lostEvents.length} lost ${report.lostEvents.length === 1 ? 'event' : 'events'}`;
    lines.push('', `<details><summary>${title}</summary>`, '', fenced(shown), '', '</details>');
  }
  return `${lines.join('\n')}\n`;
}

const escapeMarkdown = (text: string): string =>
  printableText(text)
    .replace(/[\\`*_{}[\]<>|#]/g, '\\$&')
    .replace(/\s+/g, ' ');

/** Inline code that survives backticks and table cells. */
function code(text: string): string {
  const clean = printableText(text).replace(/\s+/g, ' ').replaceAll('|', '\\|');
  return clean.includes('`') ? `\`\` ${clean} \`\`` : `\`${clean}\``;
}

/** A fence longer than any inside it. */
function fenced(lines: readonly string[]): string {
  const longest = Math.max(2, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return [fence, ...lines.map((line) => printableText(line)), fence].join('\n');
}
