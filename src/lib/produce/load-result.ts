import type { LatencySummary } from '../shared/latency-histogram.js';
import type { LoadPlan } from './load-plan.js';
import type { Fatal } from './load-sender.js';
import type { Counts, Meter } from './meter.js';
import { planPacer } from './plan-schedule.js';

/** Below this share of the rate asked for, it was not reached. */
const REACHED = 0.995;
/** What the last acknowledgements may take without counting against the rate. */
const GRACE_MS = 1000;

/** What `pipectl produce --json` prints. Rates are a second's, times are milliseconds, sizes are bytes. */
export interface ProduceResult {
  stream: string;
  /** Null when the rate was `max`. */
  target: { unit: 'records' | 'bytes'; perSecond: number } | null;
  /** Records, or bytes, acknowledged a second over the whole run. */
  achievedPerSecond: number;
  reached: boolean;
  durationMs: number;
  /** Due by the schedule, and never taken up: the target was too slow. Null where no pace was set in records. */
  unsent: number | null;
  records: Counts;
  /** How even the sending was: the worst second after the first, and the worst 100 ms, off the schedule by so many percent. */
  evenness: { worstSecondPercent: number; worst100msPercent: number } | null;
  /** From the time a record was due until it was acknowledged. */
  latencyMs: LatencySummary;
  /** From sending a call until its answer. */
  callMs: LatencySummary;
  shards: { shardId: string; records: number; bytes: number; share: number; throttled: number }[];
  failureCodes: Record<string, number>;
  /** An error that ended the run before its time. */
  endedBy: Fatal | null;
  interrupted: boolean;
  seed: number;
}

export interface RunFacts {
  plan: LoadPlan;
  meter: Meter;
  /** Records taken from the source by all workers. */
  taken: number;
  elapsedMs: number;
  fatal: Fatal | undefined;
  interrupted: boolean;
}

export function loadResult({ plan, meter, taken, elapsedMs, fatal, interrupted }: RunFacts): ProduceResult {
  const pacer = planPacer(plan);
  const unit = plan.rate.unit === 'bytes' && !plan.ramp ? 'bytes' : 'records';
  const scheduleMs = interrupted || fatal ? elapsedMs : (plan.durationMs ?? elapsedMs);
  const due = pacer?.unitsIn(scheduleMs);
  const unsent =
    due === undefined || unit === 'bytes' || interrupted || fatal || plan.durationMs === undefined
      ? null
      : Math.max(0, Math.min(Math.floor(due), plan.count ?? Number.POSITIVE_INFINITY) - taken);
  const acknowledged = unit === 'bytes' ? meter.counts.acknowledgedBytes : meter.counts.acknowledged;
  // A run by count has no end of its own: it should have ended when its last record was due.
  const plannedMs =
    plan.durationMs !== undefined && !interrupted && !fatal && (plan.count === undefined || taken < plan.count)
      ? plan.durationMs
      : pacer && unit === 'records'
        ? Math.min(elapsedMs, pacer.dueAtMs(taken))
        : elapsedMs;
  const tookMs = Math.max(plannedMs, meter.lastAcknowledgedMs - GRACE_MS, 1);
  const achievedPerSecond = (acknowledged / tookMs) * 1000;
  const wanted = pacer && plannedMs > 0 ? (pacer.unitsIn(plannedMs) / plannedMs) * 1000 : undefined;
  return {
    stream: plan.stream,
    target: wanted === undefined ? null : { unit, perSecond: round(wanted) },
    achievedPerSecond: round(achievedPerSecond),
    reached: wanted === undefined || achievedPerSecond >= wanted * REACHED,
    durationMs: Math.round(elapsedMs),
    unsent,
    records: { ...meter.counts },
    evenness: pacer && unit === 'records' ? evennessOf(meter.sentBySlot, (ms) => pacer.unitsIn(ms), plannedMs) : null,
    latencyMs: meter.latency.summary(),
    callMs: meter.service.summary(),
    shards: shardsOf(meter),
    failureCodes: Object.fromEntries(meter.failureCodes),
    endedBy: fatal ?? null,
    interrupted,
    seed: plan.seed,
  };
}

/** Whether the command did what it was asked to do. */
export const succeeded = (result: ProduceResult): boolean =>
  result.reached &&
  result.records.failed === 0 &&
  result.records.rejected === 0 &&
  (result.unsent ?? 0) === 0 &&
  !result.endedBy;

function shardsOf(meter: Meter): ProduceResult['shards'] {
  const all = meter.counts.acknowledged || 1;
  return [...meter.shards]
    .map(([shardId, counts]) => ({ shardId, ...counts, share: round(counts.records / all, 4) }))
    .sort((a, b) => (a.shardId < b.shardId ? -1 : 1));
}

function evennessOf(
  sentBySlot: readonly number[],
  unitsIn: (ms: number) => number,
  plannedMs: number,
): ProduceResult['evenness'] {
  const worst = (slots: number): number => {
    let most = 0;
    const windowMs = slots * 100;
    // The first second holds the opening of connections; the last window is rarely whole.
    for (let at = 10; (at + slots) * 100 <= plannedMs; at += slots) {
      let sent = 0;
      for (let slot = at; slot < at + slots; slot++) sent += sentBySlot[slot] ?? 0;
      const due = unitsIn(at * 100 + windowMs) - unitsIn(at * 100);
      if (due > 0) most = Math.max(most, (Math.abs(sent - due) / due) * 100);
    }
    return round(most, 2);
  };
  return plannedMs < 2000 ? null : { worstSecondPercent: worst(10), worst100msPercent: worst(1) };
}

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));
