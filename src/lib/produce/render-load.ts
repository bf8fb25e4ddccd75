import type { ChalkInstance } from 'chalk';
import { formatByteSize } from '../shared/byte-size.js';
import { number, plural } from '../shared/count-words.js';
import { formatDuration } from '../shared/duration.js';
import type { Evenness } from './evenness.js';
import type { FailureLine } from './failure-line.js';
import { NO_ANSWER } from './fatal.js';
import type { ProduceResult } from './load-result.js';
import { formatByteRate, formatRecordRate } from './rate.js';

/** Below it one record more or less is more than a percent of the rate. */
const FEW_RECORDS = 100;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** One record that was not delivered, in one line. */
export function renderFailure({ line, n, message }: FailureLine): string {
  const which = line !== undefined ? `line ${line}: ` : n !== undefined ? `record ${n}: ` : '';
  return `${which}${message}`;
}

/** The summary of a run. */
export function renderResult(result: ProduceResult, style: ChalkInstance): string {
  const { records } = result;
  const lines = [headline(result, style), ''];
  const row = (label: string, text: string): void => {
    lines.push(`  ${style.dim(label.padEnd(12))}${text}`);
  };
  row('rate', rateText(result, style));
  if (result.evenness) row('evenness', evennessText(result.evenness));
  row('sent', sentText(result));
  if (records.throttled > 0)
    row('throttled', style.yellow(`${plural(records.throttled, 'time')} a shard's limit refused a record`));
  if (records.failed > 0) row('failed', style.red(`${plural(records.failed, 'record')}: ${codesText(result)}`));
  if (records.rejected > 0)
    row('rejected', style.red(`${plural(records.rejected, 'record')} of the input could not be sent`));
  if (records.blank > 0) row('blank', `${plural(records.blank, 'line')} of the input, left out`);
  if ((result.unsent ?? 0) > 0)
    row(
      'not sent',
      style.red(
        `${plural(result.unsent ?? 0, 'record')}${result.endedBy ? '' : ' were due, and the target was too slow'}`,
      ),
    );
  if (records.uncertain > 0)
    row(
      'uncertain',
      `${plural(records.uncertain, 'record')} of calls without an answer: they may be there all the same, or twice`,
    );
  if (records.rerouted > 0)
    row(
      'rerouted',
      `${plural(records.rerouted, 'record')} met a reshard and went out again, to the shard of their keys`,
    );
  row('calls', callsText(result));
  row('seed', String(result.seed));
  lines.push('', ...latencyTable(result, style));
  const table = shardTable(result, style);
  if (table.length > 0) lines.push('', ...table);
  return lines.join('\n');
}

function headline({ stream, records, durationMs, interrupted }: ProduceResult, style: ChalkInstance): string {
  const ended = interrupted ? style.yellow(' (interrupted)') : '';
  return `${style.bold(stream)}: ${plural(records.acknowledged, 'record')} acknowledged in ${formatDuration(durationMs)}${ended}`;
}

function rateText(result: ProduceResult, style: ChalkInstance): string {
  const verdict = result.reached ? style.green('reached') : style.red('not reached');
  if (result.target) return `${pace(result)}, ${verdict}`;
  const achieved = formatRecordRate(result.achievedPerSecond);
  if (result.lateMs === null || result.scheduledMs === null) return `${achieved}, no target set`;
  const behind = result.lateMs ? `, ${formatDuration(result.lateMs)} behind` : '';
  if (result.interrupted) return `${achieved} by the times in the data, ${verdict}${behind}`;
  return `${achieved}; the times in the data took ${formatDuration(result.scheduledMs)}, ${verdict}${behind}`;
}

/** What was reached, of what was asked for: so many a second, or, where that says nothing, so many of those that were due. */
function pace({ target, achievedPerSecond, due, records }: ProduceResult): string {
  if (target?.unit === 'bytes')
    return `${formatByteRate(achievedPerSecond, target.perSecond)} of ${formatByteRate(target.perSecond)}`;
  const wanted = formatRecordRate(target?.perSecond ?? 0);
  if (due !== null && due < FEW_RECORDS) return `${number(records.acknowledged)} of ${number(due)} due at ${wanted}`;
  return `${formatRecordRate(achievedPerSecond, target?.perSecond)} of ${wanted}`;
}

function evennessText({ worstSecondPercent, worst100msPercent }: Evenness): string {
  const parts: string[] = [];
  if (worstSecondPercent !== null) parts.push(`worst second ${worstSecondPercent} % off`);
  if (worst100msPercent !== null) parts.push(`worst 100 ms ${worst100msPercent} %${parts.length > 0 ? '' : ' off'}`);
  return parts.join(', ');
}

function callsText({ records, callMs }: ProduceResult): string {
  const times = callMs && `, p50 ${formatDuration(callMs.p50)}, p99 ${formatDuration(callMs.p99)}`;
  const failed = records.failedCalls > 0 ? ` (${number(records.failedCalls)} failed)` : '';
  return `${number(records.calls)}${failed}${times ?? ''}`;
}

function sentText({ records }: ProduceResult): string {
  const inKinesis =
    records.kinesisRecords < records.acknowledged ? ` in ${plural(records.kinesisRecords, 'Kinesis record')}` : '';
  const again = records.resent > 0 ? `, ${number(records.resent)} sent again` : '';
  return `${plural(records.sent, 'record')}${inKinesis}, ${formatByteSize(records.acknowledgedBytes)} acknowledged${again}`;
}

const codesText = ({ failureCodes }: ProduceResult): string =>
  Object.entries(failureCodes)
    .map(([code, count]) => `${number(count)} ${code}`)
    .join(', ');

function latencyTable({ latencyMs }: ProduceResult, style: ChalkInstance): string[] {
  if (!latencyMs) return [`  ${style.dim('latency'.padEnd(12))}nothing was acknowledged`];
  const columns: [string, number][] = [
    ['p50', latencyMs.p50],
    ['p90', latencyMs.p90],
    ['p95', latencyMs.p95],
    ['p99', latencyMs.p99],
    ['p99.9', latencyMs.p999],
    ['max', latencyMs.max],
  ];
  return [
    `  ${style.dim('latency'.padEnd(12))}${columns.map(([name]) => style.dim(name.padStart(10))).join('')}`,
    `  ${style.dim('from due'.padEnd(12))}${columns.map(([, ms]) => formatDuration(ms).padStart(10)).join('')}`,
  ];
}

const MOST_SHARDS = 32;

function shardTable({ shards }: ProduceResult, style: ChalkInstance): string[] {
  if (!shards.some(({ records, throttled }) => records + throttled > 0)) return [];
  const head = ['shard', 'records', 'share', 'hash keys', 'bytes', 'throttled'];
  const busiest = new Set([...shards].sort((a, b) => b.records - a.records).slice(0, MOST_SHARDS));
  const rows = shards
    .filter((shard) => busiest.has(shard))
    .map(({ shardId, records, share, hashShare, bytes, throttled }) => [
      shardId,
      number(records),
      percent(share),
      hashShare === null ? '-' : percent(hashShare),
      formatByteSize(bytes),
      number(throttled),
    ]);
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: string[]): string =>
    `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart((widths[column] ?? 0) + 2))).join('')}`;
  const more =
    shards.length > MOST_SHARDS
      ? [style.dim(`  and ${shards.length - MOST_SHARDS} shards with fewer; --json has them all`)]
      : [];
  return [style.dim(line(head)), ...rows.map(line), ...more];
}

/** Why a run counts as failed, in one sentence. */
export function renderShortfall(result: ProduceResult): string {
  const { records, unsent, endedBy } = result;
  const reasons: string[] = [];
  if (endedBy) {
    const inWords = endedBy.code === 'InputError' || endedBy.code === NO_ANSWER;
    const why = inWords ? endedBy.message : `${endedBy.code}: ${endedBy.message}`;
    const left =
      (unsent ?? 0) > 0
        ? ` ${plural(records.failed, 'record')} failed, and ${number(unsent ?? 0)} were never sent.`
        : '';
    return `Sending ended early: ${why.replace(/\.$/, '')}.${left}`;
  }
  if (records.failed > 0) reasons.push(`${plural(records.failed, 'record')} failed`);
  if (records.rejected > 0) reasons.push(`${plural(records.rejected, 'record')} of the input could not be sent`);
  if ((unsent ?? 0) > 0) reasons.push(`${plural(unsent ?? 0, 'record')} were never sent`);
  if (result.lateMs) reasons.push(`the replay was ${formatDuration(result.lateMs)} behind the times in the data`);
  else if (!result.reached) reasons.push(`the rate was not reached${result.target ? ` (${pace(result)})` : ''}`);
  const sentence = reasons.join(', ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

export interface AdviceFacts {
  openShards: number;
  /** The shards that the load takes, spread evenly; undefined where its rate is not known. */
  needed: number | undefined;
  /** The records are lines of an input. */
  ofLines: boolean;
}

/** What could be done about a load that its stream refused in part, or an input of which nothing could be sent. */
export function renderAdvice(
  { stream, records, shards }: ProduceResult,
  { openShards, needed, ofLines }: AdviceFacts,
): string | undefined {
  if (ofLines && records.rejected > 0 && records.acknowledged === 0)
    return "Each line must be one JSON value, within the stream's limit. --text sends lines as they are; `jq -c '.[]'` makes lines of an array.";
  if (records.throttled === 0) return undefined;
  if (needed !== undefined && needed > openShards) {
    const has = plural(openShards, 'shard');
    return `${stream} has ${has}, this load needs ${needed}: \`pipectl provision ${stream} --shards ${needed}\`.`;
  }
  const [hottest] = [...shards].sort((a, b) => b.throttled - a.throttled);
  if (!hottest || hottest.hashShare === null || hottest.share < hottest.hashShare * HOT) return undefined;
  return `${hottest.shardId} got ${percent(hottest.share)} of the records with ${percent(hottest.hashShare)} of the hash keys: a few partition keys are hot.`;
}

/** So many times its part of the keys makes a shard a hot one. */
const HOT = 1.5;
