import type { ChalkInstance } from 'chalk';
import type { Discarded } from '../batching/batch.js';
import { number, plural } from '../shared/count-words.js';
import { formatDuration } from '../shared/duration.js';
import type { ConsumeMeter } from './consume-meter.js';
import type { ConsumeResult, Percentiles } from './consume-result.js';

/** The rates since the line before, for one line that is drawn again and again. */
export class ConsumeLine {
  #atMs: number;
  #processed = 0;

  constructor(nowMs: number) {
    this.#atMs = nowMs;
  }

  /** `12,345/s · 246 batches · 3 failed · lag 120 ms (shardId-000000000002) · 61,725 records` */
  next(meter: ConsumeMeter, nowMs: number, style: ChalkInstance): string {
    const seconds = Math.max(nowMs - this.#atMs, 1) / 1000;
    const rate = (meter.processed - this.#processed) / seconds;
    this.#atMs = nowMs;
    this.#processed = meter.processed;
    const behind = meter.shards.reduce((most, shard) => (shard.behindMs > most.behindMs ? shard : most), {
      shardId: '',
      behindMs: 0,
    });
    return [
      `${style.bold(`${number(rate)}/s`)}`,
      plural(meter.batches, 'batch', 'batches'),
      ...(meter.failures > 0 ? [style.yellow(`${number(meter.failures)} failed`)] : []),
      ...(meter.givenUpBatches > 0 ? [style.red(`${number(meter.givenUpBatches)} given up`)] : []),
      behind.behindMs > 0 ? `lag ${formatDuration(behind.behindMs)} (${behind.shardId})` : 'no lag',
      plural(meter.processed, 'record'),
    ].join(' · ');
  }
}

/** The summary for people: what was processed, what was not, and how long it took. */
export function renderConsume(result: ConsumeResult, style: ChalkInstance): string {
  const { records, batches, durationMs, recordsPerSecond, batchLatencyMs, iteratorAgeMs, shards } = result;
  const source = result.stream === null ? '' : ` of ${result.stream}`;
  const head = `${plural(records.processed, 'record')}${source} processed`;
  const lines: [string, string][] = [
    ['time', `${formatDuration(durationMs)}, ${number(recordsPerSecond)} records/s`],
    ['batches', batchWords(batches)],
  ];
  if (records.filtered > 0) lines.push(['filtered', plural(records.filtered, 'record')]);
  if (records.givenUp > 0) lines.push(['given up', style.red(plural(records.givenUp, 'record'))]);
  if (batchLatencyMs) lines.push(['batch time', percentileWords(batchLatencyMs)]);
  if (iteratorAgeMs) lines.push(['iterator age', percentileWords(iteratorAgeMs)]);
  for (const { shardId, records: count, behindMs } of shards)
    lines.push([shardId, `${plural(count, 'record')}${behindMs > 0 ? `, ${formatDuration(behindMs)} behind` : ''}`]);
  const width = Math.max(...lines.map(([label]) => label.length));
  const table = lines.map(([label, text]) => `  ${style.dim(label.padEnd(width))}  ${text}`);
  return `${[batches.givenUp > 0 ? style.red.bold(head) : style.bold(head), ...table].join('\n')}\n`;
}

const batchWords = ({ invoked, failed, givenUp }: ConsumeResult['batches']): string =>
  [
    `${number(invoked)} invoked`,
    ...(failed > 0 ? [`${number(failed)} failed`] : []),
    ...(givenUp > 0 ? [`${number(givenUp)} given up`] : []),
  ].join(', ');

const percentileWords = ({ p50, p95, p99, max }: NonNullable<Percentiles>): string =>
  `p50 ${formatDuration(p50)}  p95 ${formatDuration(p95)}  p99 ${formatDuration(p99)}  max ${formatDuration(max)}`;

const REASONS: Readonly<Record<Discarded['reason'], string>> = {
  RetryAttemptsExhausted: 'no retries left',
  RecordAgeExceeded: 'older than --max-age',
  RecordTooLarge: 'larger than an event can be',
};

/** `gave up 3 records of shardId-000000000000 after 2 tries (no retries left), 4967… to 4968…` */
export function renderDiscarded({ records, reason, tries }: Discarded): string {
  const [first] = records;
  const last = records.at(-1);
  if (!first || !last) return `gave up the end of a tumbling window (${REASONS[reason]})`;
  const range = first === last ? first.sequenceNumber : `${first.sequenceNumber} to ${last.sequenceNumber}`;
  const after = tries > 0 ? ` after ${plural(tries, 'try', 'tries')}` : '';
  return `gave up ${plural(records.length, 'record')} of ${first.shardId}${after} (${REASONS[reason]}): ${range}`;
}
