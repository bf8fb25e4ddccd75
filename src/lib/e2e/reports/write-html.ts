import { formatDuration } from '../../shared/duration.js';
import type { CheckReport, HopReport } from '../check-report.js';
import { latencyChart } from './html-charts.js';
import { HTML_STYLE } from './html-style.js';
import { Html, html } from './html-text.js';
import { byCheck, runName, runsTable } from './total-runs.js';

const MAX_LOST = 500;

/** One self-contained page: each run's hops, latency distributions, verdict, findings and lost events. It runs no script and loads nothing. */
export function writeHtml(reports: readonly CheckReport[]): string {
  const failed = reports.filter(({ verdict }) => !verdict.green).length;
  const checks = [...new Set(reports.map(({ check }) => check))].join(', ');
  const title = reports.length === 1 ? checks : `${checks}: ${reports.length} runs, ${failed} failed`;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>pipectl e2e: ${title}</title><style>${new Html(HTML_STYLE)}</style></head><body>
${reports.length > 1 && overview(reports, checks, failed)}
${reports.map((report) => (reports.length === 1 ? run(report) : html`<details ${new Html(report.verdict.green ? '' : 'open')}><summary>${badge(report)} ${runName(report)} <span class="dim">${report.runId}, ${outcome(report)}</span></summary>${run(report)}</details>`))}
</body></html>
`;
  return page.markup;
}

function overview(reports: readonly CheckReport[], checks: string, failed: number): Html {
  const soaks = byCheck(reports).filter((runs) => runs.length > 1);
  return html`<h1>${checks}: ${reports.length} runs <span class="badge ${failed > 0 ? 'bad' : 'good'}">${failed > 0 ? `${failed} failed` : 'all passed'}</span></h1>${soaks.map(runsOverview)}`;
}

function runsOverview(runs: readonly CheckReport[]): Html {
  const { header, rows } = runsTable(runs);
  const row = (cells: readonly string[]): Html => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  return html`<div class="scroll"><table><thead><tr>${header.map((cell) => html`<th>${cell.toLowerCase()}</th>`)}</tr></thead><tbody>${rows.map(row)}</tbody></table></div>`;
}

/** For the line of a run that is folded. */
const outcome = ({ verdict, send, durationMs }: CheckReport): string =>
  verdict.reasons[0]?.text ?? `${send.sent} events in ${formatDuration(durationMs)}`;

const badge = ({ verdict }: CheckReport): Html =>
  html`<span class="badge ${verdict.green ? 'good' : 'bad'}">${verdict.green ? 'passed' : 'failed'}</span>`;

function run(report: CheckReport): Html {
  const { verdict, send, target } = report;
  return html`<h1>${report.check} ${badge(report)}</h1>
<p class="dim">${send.sent} events by ${send.via}, on ${target.server}, ${target.region}, ${report.startedAt}, in ${formatDuration(report.durationMs)}</p>
${flow(report)}
${verdict.reasons.length > 0 && html`<h2>Why</h2><ul class="reasons">${verdict.reasons.map(({ text }) => html`<li>${text}</li>`)}</ul>`}
${verdict.findings.length > 0 && html`<h2>What was found</h2><ul class="reasons">${verdict.findings.map(({ text, weight, evidence = [] }) => html`<li class="${weight}">${text}${evidence.length > 0 && html`<pre>${evidence.join('\n')}</pre>`}</li>`)}</ul>`}
<h2>Hops</h2><div class="scroll"><table><thead><tr><th>hop</th><th>sent</th><th>arrived</th><th>lost</th><th>duplicated</th><th>reordered</th><th>p50</th><th>p95</th><th>p99</th><th>max</th><th>from before, p50</th></tr></thead><tbody>${report.hops.map(hopRow)}</tbody></table></div>
<h2>Time from sending</h2><div class="charts">${report.hops.map((hop) => html`<div class="chart"><h3>${hop.name} <span class="dim">${hop.clock === 'service' ? 'by the service’s stamps' : 'as seen from here'}</span></h3>${latencyChart(hop.distribution, `time from sending to ${hop.name}`)}</div>`)}</div>
${report.decoys.length > 0 && decoyTable(report)}
${report.lostEvents.length > 0 && lostTable(report)}
${target.caveats.length > 0 && html`<h2>What ${target.server} cannot show</h2><p class="dim">${target.caveats.join('; ')}</p>`}
<h2>Phases</h2><p class="dim">${report.phases.map(({ name, durationMs }) => `${name} ${formatDuration(durationMs)}`).join(' · ')}</p>`;
}

/** A row for each branch: it begins with the sender, or with the hop that it comes from. */
function flow({ send, hops }: CheckReport): Html {
  const branches: CheckReport['hops'][] = [];
  for (const [index, hop] of hops.entries()) {
    const branch = branches.at(-1);
    if (branch && index > 0 && hop.after === hops[index - 1]?.name) branch.push(hop);
    else branches.push([hop]);
  }
  return html`${branches.map((branch, index) => {
    const from = branch[0]?.after;
    const sender = html`<div class="stage"><span>sent</span><b>${send.sent}</b><small>${send.via}</small></div>`;
    const first = index === 0 || from === undefined ? sender : html`<div class="stage idle"><span>${from}</span></div>`;
    return html`<div class="flow">${first}${branch.map(leg)}</div>`;
  })}`;
}

function leg(hop: HopReport): Html {
  const state =
    hop.lost > 0 ? 'lossy' : hop.duplicated + hop.reordered + hop.unseen > 0 ? 'off' : hop.arrived === 0 ? 'idle' : '';
  const between = hop.fromBeforeMs ? formatDuration(hop.fromBeforeMs.p50) : '';
  const lost = hop.lost > 0 && html`<span class="bad">${hop.lost} lost</span><br>`;
  return html`<div class="leg"><div class="arrow">${lost}→<br><small>${between}</small></div><div class="stage ${state}"><span>${hop.name}</span><b>${hop.arrived}</b><small>${hop.watched}</small></div></div>`;
}

function hopRow(hop: HopReport): Html {
  const times = hop.fromSendingMs;
  const time = (ms: number | undefined): string => (ms === undefined ? '–' : formatDuration(ms));
  const count = (value: number, tone: string): Html => html`<td class="${value > 0 ? tone : ''}">${value}</td>`;
  return html`<tr><td>${hop.name}</td><td>${hop.sent}</td><td>${hop.arrived}</td>${count(hop.lost, 'bad')}${count(hop.duplicated, 'warn')}${count(hop.reordered, 'warn')}<td>${time(times?.p50)}</td><td>${time(times?.p95)}</td><td>${time(times?.p99)}</td><td>${time(times?.max)}</td><td>${time(hop.fromBeforeMs?.p50)}</td></tr>`;
}

function decoyTable({ decoys }: CheckReport): Html {
  const rows = decoys.map(({ payload, sent, last, seenAtLast, passed }) => {
    const further = passed.map(({ hop, count }) => `${count} to ${hop}`).join(', ');
    return html`<tr><td><code>${payload}</code></td><td>${sent}</td><td class="left">${last ?? 'the start'}</td><td>${seenAtLast ?? '–'}</td><td class="left ${further ? 'bad' : 'good'}">${further || 'none'}</td></tr>`;
  });
  return html`<h2>Decoys</h2><div class="scroll"><table><thead><tr><th>payload</th><th>sent</th><th class="left">must stop at</th><th>seen there</th><th class="left">went further</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function lostTable({ lostEvents }: CheckReport): Html {
  const rows = lostEvents
    .slice(0, MAX_LOST)
    .map(
      ({ n, lostAt, payload }) =>
        html`<tr><td>#${n}</td><td class="left">${lostAt}</td><td class="left"><code>${JSON.stringify(payload)}</code></td></tr>`,
    );
  const rest = lostEvents.length - rows.length;
  return html`<h2>Lost events</h2><div class="scroll"><table><thead><tr><th>event</th><th class="left">lost at</th><th class="left">what was sent</th></tr></thead><tbody>${rows}</tbody></table></div>${rest > 0 && html`<p class="dim">and ${rest} more</p>`}`;
}
