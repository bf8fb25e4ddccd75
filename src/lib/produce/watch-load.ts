import { LatencyHistogram } from '../shared/latency-histogram.js';
import type { LoadPlan } from './load-plan.js';
import type { Meter } from './meter.js';
import type { Pacer } from './pacer.js';

/** What one second, or so, of a run looked like. `--metrics-file` holds one a line. */
export interface LoadMoment {
  time: string;
  elapsedMs: number;
  /** Sent for the first time, acknowledged, throttled, failed: since the moment before. */
  sent: number;
  acknowledged: number;
  throttled: number;
  failed: number;
  acknowledgedBytes: number;
  sentPerSecond: number;
  acknowledgedPerSecond: number;
  bytesPerSecond: number;
  /** By the schedule; null where there is none in records. */
  targetPerSecond: number | null;
  /** Of what was acknowledged since the moment before; null when nothing was. */
  p50Ms: number | null;
  p99Ms: number | null;
  /** How long until the next record is due; null when one is due already, or with several workers. */
  nextInMs: number | null;
  /** Since the start. What was due: by the schedule, null where there is none in records. */
  totalDue: number | null;
  totalSent: number;
  totalAcknowledged: number;
  totalThrottled: number;
  totalFailed: number;
  /** Calls refused as a whole, or without an answer; what they carried is sent again. */
  totalFailedCalls: number;
}

/** Turns the running totals of a meter into moments, each since the one before. */
export class LoadWatch {
  #atMs = 0;
  #counts = { sent: 0, acknowledged: 0, throttled: 0, failed: 0, acknowledgedBytes: 0 };
  #latencies = new Float64Array(0);
  readonly #pacer: Pacer | undefined;

  constructor(plan: Pick<LoadPlan, 'rate' | 'ramp'>, pacer: Pacer | undefined) {
    this.#pacer = plan.rate.unit === 'bytes' && !plan.ramp ? undefined : pacer;
  }

  moment(meter: Meter, elapsedMs: number, nextDueMs = 0): LoadMoment {
    const { sent, acknowledged, throttled, failed, acknowledgedBytes } = meter.counts;
    const before = this.#counts;
    const seconds = Math.max(elapsedMs - this.#atMs, 1) / 1000;
    const recent = new LatencyHistogram();
    const counts = Float64Array.from(meter.latency.counts, (count, index) => count - (this.#latencies[index] ?? 0));
    recent.add({
      counts,
      total: meter.latency.count - sum(this.#latencies),
      sumUs: 0,
      maxUs: Number.POSITIVE_INFINITY,
    });
    const due = this.#pacer && this.#pacer.unitsIn(elapsedMs) - this.#pacer.unitsIn(this.#atMs);
    const moment: LoadMoment = {
      time: new Date().toISOString(),
      elapsedMs: Math.round(elapsedMs),
      sent: sent - before.sent,
      acknowledged: acknowledged - before.acknowledged,
      throttled: throttled - before.throttled,
      failed: failed - before.failed,
      acknowledgedBytes: acknowledgedBytes - before.acknowledgedBytes,
      sentPerSecond: Math.round((sent - before.sent) / seconds),
      acknowledgedPerSecond: Math.round((acknowledged - before.acknowledged) / seconds),
      bytesPerSecond: Math.round((acknowledgedBytes - before.acknowledgedBytes) / seconds),
      targetPerSecond: due === undefined ? null : Number((due / seconds).toPrecision(6)),
      p50Ms: recent.count === 0 ? null : recent.quantile(0.5),
      p99Ms: recent.count === 0 ? null : recent.quantile(0.99),
      totalDue: this.#pacer ? Math.max(0, Math.ceil(this.#pacer.unitsIn(elapsedMs) - 1e-6)) : null,
      nextInMs: nextDueMs > elapsedMs ? Math.round(nextDueMs - elapsedMs) : null,
      totalSent: sent,
      totalAcknowledged: acknowledged,
      totalThrottled: throttled,
      totalFailed: failed,
      totalFailedCalls: meter.counts.failedCalls,
    };
    this.#atMs = elapsedMs;
    this.#counts = { sent, acknowledged, throttled, failed, acknowledgedBytes };
    this.#latencies = Float64Array.from(meter.latency.counts);
    return moment;
  }
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
