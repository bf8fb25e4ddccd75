import type { ChalkInstance } from 'chalk';
import { formatByteSize } from '../shared/byte-size.js';
import { number } from '../shared/count-words.js';
import { formatDuration } from '../shared/duration.js';
import { LatencyHistogram, type LatencySummary } from '../shared/latency-histogram.js';
import { printableText } from '../shared/printable-text.js';
import type { Delivery, StreamRecord } from '../stream/delivery.js';
import { keyOf, type TailItem } from './tail-item.js';

/** Keys are counted exactly up to here; of a stream with more, those seen first. */
const MOST_KEYS = 100_000;
const TOP_KEYS = 10;
/** Keys with a smaller share say nothing about the balance of a stream. */
const FREQUENT = 0.01;

interface ShardStats {
  records: number;
  bytes: number;
  behindMs: number;
}

/** What `tail --stats --json` prints. */
export interface StatsResult {
  records: number;
  /** User records and events: more than records where they are packed. */
  items: number;
  bytes: number;
  recordsPerSecond: number;
  bytesPerSecond: number;
  durationMs: number;
  /** Null when nothing was read. */
  sizeBytes: { p50: number; p99: number; max: number; mean: number } | null;
  /** From the arrival in Kinesis until it was read here; null when nothing was read. */
  lagMs: LatencySummary | null;
  behindMs: number;
  shards: ({ shardId: string } & ShardStats)[];
  keys: { distinct: number; exact: boolean; top: { key: string; items: number; share: number }[] };
  layers: Record<string, number>;
}

/** Counts what comes by, instead of showing it. */
export class TailStats {
  readonly #startedAt = performance.now();
  readonly #lag = new LatencyHistogram();
  /** The histogram's buckets fit any whole numbers: a byte is a microsecond here. */
  readonly #sizes = new LatencyHistogram();
  readonly #shards = new Map<string, ShardStats>();
  readonly #keys = new Map<string, number>();
  readonly #layers = new Map<string, number>();
  #records = 0;
  #items = 0;
  #bytes = 0;
  #moment = { at: performance.now(), records: 0, bytes: 0 };

  /** An answer of a shard, with records or without. */
  addDelivery({ shardId, behindMs }: Delivery): void {
    this.#shard(shardId).behindMs = behindMs;
  }

  /** @param nowMs when it was read */
  addRecord({ shardId, data, arrivedMs }: StreamRecord, nowMs: number): void {
    const shard = this.#shard(shardId);
    shard.records += 1;
    shard.bytes += data.length;
    this.#records += 1;
    this.#bytes += data.length;
    this.#sizes.record(data.length / 1000);
    this.#lag.record(nowMs - arrivedMs);
  }

  addItem(item: TailItem): void {
    this.#items += 1;
    const key = keyOf(item);
    const seen = this.#keys.get(key);
    if (seen !== undefined || this.#keys.size < MOST_KEYS) this.#keys.set(key, (seen ?? 0) + 1);
    const layers = item.layers.join('>');
    this.#layers.set(layers, (this.#layers.get(layers) ?? 0) + 1);
  }

  /** One line of the time since the last one, for a terminal of 80 columns. */
  line(style: ChalkInstance): string {
    const now = performance.now();
    const seconds = Math.max(now - this.#moment.at, 1) / 1000;
    const perSecond = number((this.#records - this.#moment.records) / seconds);
    const bytes = formatByteSize((this.#bytes - this.#moment.bytes) / seconds);
    this.#moment = { at: now, records: this.#records, bytes: this.#bytes };
    const behind = Math.max(0, ...[...this.#shards.values()].map(({ behindMs }) => behindMs));
    const lag = `lag ${formatDuration(this.#lag.quantile(0.5))}, p99 ${formatDuration(this.#lag.quantile(0.99))}`;
    return [
      `${style.bold(`${perSecond}/s`)} · ${bytes}/s · ${number(this.#records)} records`,
      ...(this.#records > 0 ? [lag] : []),
      ...(behind > 0 ? [`behind ${formatDuration(behind)}`] : []),
    ].join(' · ');
  }

  #shard(shardId: string): ShardStats {
    let shard = this.#shards.get(shardId);
    if (!shard) this.#shards.set(shardId, (shard = { records: 0, bytes: 0, behindMs: 0 }));
    return shard;
  }

  #sizeSummary(): StatsResult['sizeBytes'] {
    const { p50, p99, max, mean } = this.#sizes.summary();
    const bytesOf = (ms: number): number => Math.round(ms * 1000);
    return { p50: bytesOf(p50), p99: bytesOf(p99), max: bytesOf(max), mean: bytesOf(mean) };
  }

  result(): StatsResult {
    const durationMs = performance.now() - this.#startedAt;
    const top = [...this.#keys].sort((a, b) => b[1] - a[1]).slice(0, TOP_KEYS);
    return {
      records: this.#records,
      items: this.#items,
      bytes: this.#bytes,
      recordsPerSecond: Math.round((this.#records / durationMs) * 1000),
      bytesPerSecond: Math.round((this.#bytes / durationMs) * 1000),
      durationMs: Math.round(durationMs),
      sizeBytes: this.#records === 0 ? null : this.#sizeSummary(),
      lagMs: this.#records === 0 ? null : this.#lag.summary(),
      behindMs: Math.max(0, ...[...this.#shards.values()].map(({ behindMs }) => behindMs)),
      shards: [...this.#shards]
        .map(([shardId, stats]) => ({ shardId, ...stats }))
        .sort((a, b) => (a.shardId < b.shardId ? -1 : 1)),
      keys: {
        distinct: this.#keys.size,
        exact: this.#keys.size < MOST_KEYS,
        top: top.map(([key, items]) => ({ key, items, share: Number((items / (this.#items || 1)).toFixed(4)) })),
      },
      layers: Object.fromEntries(this.#layers),
    };
  }
}

/** The statistics for a person. */
export function renderStats(stats: StatsResult, style: ChalkInstance): string {
  const { sizeBytes, lagMs, keys } = stats;
  const row = (label: string, text: string): string => `  ${style.dim(label.padEnd(10))}${text}`;
  const items = stats.items === stats.records ? '' : `, ${number(stats.items)} items in them`;
  const layers = Object.entries(stats.layers).map(([names, count]) => `${names} ${number(count)}`);
  const top = keys.top.filter(({ share }) => share >= FREQUENT).slice(0, 5);
  const most = top.map(({ key, share }) => `${printableText(key)} ${(share * 100).toFixed(1)} %`).join(', ');
  return [
    `${style.bold(number(stats.records))} records in ${formatDuration(stats.durationMs)}${items}`,
    '',
    row('rate', `${number(stats.recordsPerSecond)}/s, ${formatByteSize(stats.bytesPerSecond)}/s`),
    ...(sizeBytes
      ? [
          row(
            'size',
            `p50 ${formatByteSize(sizeBytes.p50)}, p99 ${formatByteSize(sizeBytes.p99)}, max ${formatByteSize(sizeBytes.max)}`,
          ),
        ]
      : []),
    ...(lagMs
      ? [
          row(
            'lag',
            `p50 ${formatDuration(lagMs.p50)}, p99 ${formatDuration(lagMs.p99)}, max ${formatDuration(lagMs.max)}`,
          ),
        ]
      : []),
    row('behind', formatDuration(stats.behindMs)),
    ...(stats.items > 0
      ? [
          row(
            'keys',
            `${number(keys.distinct)}${keys.exact ? '' : ' or more'}; ${most === '' ? 'none has 1 % of the items' : `most: ${most}`}`,
          ),
          row('layers', layers.join(', ')),
        ]
      : []),
    '',
    ...stats.shards.map(
      ({ shardId, records, bytes, behindMs }) =>
        `  ${shardId}  ${number(records).padStart(10)} records  ${formatByteSize(bytes).padStart(10)}  behind ${formatDuration(behindMs)}`,
    ),
  ].join('\n');
}
