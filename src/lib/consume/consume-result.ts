import type { LatencySummary } from '../shared/latency-histogram.js';
import type { ConsumeMeter, ShardFigures } from './consume-meter.js';
import type { ConsumeEnd } from './consume-stream.js';

/** Milliseconds; null if there was no batch. */
export type Percentiles = Pick<LatencySummary, 'p50' | 'p95' | 'p99' | 'max'> | null;

/** What `pipectl consume --json` prints. */
export interface ConsumeResult {
  /** Null for a replay. */
  stream: string | null;
  handler: string;
  /** `limit`, `idle`, `once`, `interrupted`, `replayed`; null if every shard was read to its end. */
  endedBy: Exclude<ConsumeEnd, undefined> | 'replayed' | null;
  durationMs: number;
  /** From the first invocation to the last answer. */
  recordsPerSecond: number;
  records: { read: number; filtered: number; processed: number; givenUp: number };
  /** Invocations, those of them that failed, and batches that were given up. */
  batches: { invoked: number; failed: number; givenUp: number };
  /** From the invocation to its answer. */
  batchLatencyMs: Percentiles;
  /** Age of the last record of each batch when the handler got it. */
  iteratorAgeMs: Percentiles;
  shards: ShardFigures[];
}

export interface ConsumeRun {
  stream: string | null;
  handler: string;
  endedBy: ConsumeResult['endedBy'];
  durationMs: number;
}

export function consumeResult(run: ConsumeRun, meter: ConsumeMeter): ConsumeResult {
  const { read, filtered, processed, givenUpRecords, givenUpBatches, batches, failures, batchMs, ageMs } = meter;
  return {
    ...run,
    durationMs: Math.round(run.durationMs),
    recordsPerSecond: Math.round(meter.recordsPerSecond),
    records: { read, filtered, processed, givenUp: givenUpRecords },
    batches: { invoked: batches, failed: failures, givenUp: givenUpBatches },
    batchLatencyMs: percentiles(batchMs.count, batchMs.summary()),
    iteratorAgeMs: percentiles(ageMs.count, ageMs.summary()),
    shards: meter.shards,
  };
}

const percentiles = (count: number, { p50, p95, p99, max }: LatencySummary): Percentiles =>
  count === 0 ? null : { p50: short(p50), p95: short(p95), p99: short(p99), max: short(max) };

const short = (ms: number): number => Number(ms.toFixed(3));
