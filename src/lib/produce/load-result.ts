import type { LatencyHistogram, LatencySummary } from '../shared/latency-histogram.js';
import { type Evenness, evennessOf } from './evenness.js';
import { type Fatal, NO_ANSWER } from './fatal.js';
import type { LoadPlan } from './load-plan.js';
import type { Counts, Meter } from './meter.js';
import type { Pacer } from './pacer.js';
import { planPacer } from './plan-schedule.js';
import type { LoadEnd } from './run-load.js';

/** Below this share of the rate asked for, it was not reached. */
const REACHED = 0.995;
/** What the last acknowledgements may take without counting against the rate. */
const GRACE_MS = 1000;
/** What falls due in the last moments before Ctrl-C need not have been taken up. */
const STOP_MS = 100;

/** What `pipectl produce --json` prints. Rates are a second's, times are milliseconds, sizes are bytes. */
export interface ProduceResult {
  stream: string;
  /** Null when the rate was `max`, or the data's own. */
  target: { unit: 'records' | 'bytes'; perSecond: number } | null;
  /** Records, or bytes, acknowledged a second over the whole run. */
  achievedPerSecond: number;
  /** Every record, or byte, that was due was acknowledged in time. */
  reached: boolean;
  durationMs: number;
  /** What the schedule, or the times in the data, gave the run. Null where neither was. */
  scheduledMs: number | null;
  /** How far a replay was behind the times in its data at its end, where that is too far; null without them. */
  lateMs: number | null;
  /** Records that fell due by the schedule. Null where no pace was set in records. */
  due: number | null;
  /** Due by the schedule, or left in the input when nobody answered, and never taken up. Null where nobody can know. */
  unsent: number | null;
  records: Counts;
  /** How even the sending was; null where no pace was set in records. */
  evenness: Evenness | null;
  /** From the time a record was due until it was acknowledged; null where none was. */
  latencyMs: LatencySummary | null;
  /** From sending a call until its answer; null where no call was made. */
  callMs: LatencySummary | null;
  /** Also those that got nothing. */
  shards: ShardResult[];
  failureCodes: Record<string, number>;
  /** An error that ended the run before its time. */
  endedBy: Fatal | null;
  interrupted: boolean;
  seed: number;
}

export interface ShardResult {
  shardId: string;
  records: number;
  bytes: number;
  /** Of the records acknowledged, 0 to 1. */
  share: number;
  /** Of the hash keys, 0 to 1: what even keys would send here. Null where keys are ignored, or the shard came with a reshard. */
  hashShare: number | null;
  throttled: number;
}

export interface RunFacts extends LoadEnd {
  plan: LoadPlan;
  meter: Meter;
  elapsedMs: number;
  /** When Ctrl-C came; what was under way then took its time beyond that. */
  stoppedMs: number | undefined;
}

export function loadResult(facts: RunFacts): ProduceResult {
  const { plan, meter, taken, units, elapsedMs, fatal, stoppedMs } = facts;
  const pacer = planPacer(plan);
  const unit = plan.rate.unit === 'bytes' && !plan.ramp ? 'bytes' : 'records';
  // Not the bytes of the calls: an aggregate's frame is no part of the load.
  const acknowledged =
    unit === 'records' ? meter.counts.acknowledged : (units / Math.max(1, taken)) * meter.counts.acknowledged;
  const scheduledMs = scheduleOf(facts, pacer);
  const plannedMs = scheduledMs ?? elapsedMs;
  const due = pacer && unit === 'records' ? dueIn(pacer, plannedMs, facts) : null;
  const spanMs = plannedMs || 1000; // a schedule that ended before it began still had a rate
  const wanted = pacer && (pacer.unitsIn(spanMs) / spanMs) * 1000;
  // A replay that is stopped in a gap of its data has waited there too.
  const waitedMs = pacer ? 0 : (stoppedMs ?? 0);
  const tookMs = Math.max(plannedMs, waitedMs, meter.lastAcknowledgedMs - GRACE_MS, 1);
  const behindMs = Math.round(meter.lastAcknowledgedMs - plannedMs);
  const lateMs = behindMs > GRACE_MS + plannedMs * (1 - REACHED) ? behindMs : 0;
  const achieved = (acknowledged / tookMs) * 1000;
  return {
    stream: plan.stream,
    target: wanted === undefined ? null : { unit, perSecond: roundRate(wanted) },
    achievedPerSecond: roundRate(achieved),
    reached: wanted === undefined ? lateMs === 0 : plannedMs === 0 || achieved >= wanted * REACHED,
    lateMs: wanted === undefined && scheduledMs !== undefined ? lateMs : null,
    durationMs: Math.round(elapsedMs),
    scheduledMs: scheduledMs === undefined ? null : Math.round(scheduledMs),
    due,
    unsent: unsentOf(facts, due),
    records: { ...meter.counts },
    evenness: pacer && unit === 'records' ? evennessOf(meter.sentBySlot, pacer, plannedMs, plan.aggregate) : null,
    latencyMs: summaryOf(meter.latency),
    callMs: summaryOf(meter.service),
    shards: shardsOf(plan, meter),
    failureCodes: Object.fromEntries(meter.failureCodes),
    endedBy: fatal ?? null,
    interrupted: stoppedMs !== undefined,
    seed: plan.seed,
  };
}

/** What was to be sent and never taken up. Nobody counts it where the run was stopped, or ended by an error that concerns every record. */
function unsentOf({ plan, taken, rest, fatal, stoppedMs }: RunFacts, due: number | null): number | null {
  if (stoppedMs !== undefined || (fatal && fatal.code !== NO_ANSWER)) return null;
  const wanted = fatal ? (plan.count ?? due) : due;
  if (fatal && rest !== undefined) return rest;
  return wanted === null ? null : Math.max(0, wanted - taken);
}

/** Whether the command did what it was asked to do. */
export const succeeded = (result: ProduceResult): boolean =>
  result.reached &&
  result.records.failed === 0 &&
  result.records.rejected === 0 &&
  (result.unsent ?? 0) === 0 &&
  !result.endedBy;

/**
 * How long the run should have taken, milliseconds; undefined where nothing set a pace.
 */
function scheduleOf(
  { plan, taken, units, exhausted, lastDueMs, elapsedMs, fatal, stoppedMs }: RunFacts,
  pacer: Pacer | undefined,
): number | undefined {
  if (!pacer) return plan.data.kind === 'lines' && plan.data.timeField ? lastDueMs : undefined;
  // A run by count, or of a file, has no end of its own: it should have ended when its last record was due.
  const byUnits = pacer.dueAtMs(units);
  const ends = Number.isFinite(byUnits) ? byUnits : (plan.ramp?.overMs ?? elapsedMs);
  if (stoppedMs !== undefined || fatal) {
    const stopped = Math.min(stoppedMs ?? elapsedMs, plan.durationMs ?? elapsedMs);
    return stopped > ends && stopped - ends < STOP_MS ? ends : stopped;
  }
  if (plan.durationMs === undefined) return ends;
  return exhausted || taken === plan.count ? Math.min(plan.durationMs, ends) : plan.durationMs;
}

/** Records that fall due in the first `plannedMs`: the first one at once. */
function dueIn(pacer: Pacer, plannedMs: number, { plan, taken, exhausted }: RunFacts): number {
  const due = Math.max(0, Math.ceil(pacer.unitsIn(plannedMs) - 1e-6));
  return Math.min(due, plan.count ?? Number.POSITIVE_INFINITY, exhausted ? taken : Number.POSITIVE_INFINITY);
}

function shardsOf({ shards = [] }: LoadPlan, meter: Meter): ShardResult[] {
  const all = meter.counts.acknowledged || 1;
  const known = new Map(shards.map(({ shardId, hashShare }) => [shardId, hashShare]));
  return [...new Set([...known.keys(), ...meter.shards.keys()])].sort().map((shardId) => {
    const { records, bytes, throttled } = meter.shard(shardId);
    const hashShare = known.get(shardId) ?? null;
    return {
      shardId,
      records,
      bytes,
      share: round(records / all, 4),
      hashShare: hashShare === null ? null : round(hashShare, 4),
      throttled,
    };
  });
}

const summaryOf = (histogram: LatencyHistogram): LatencySummary | null =>
  histogram.count === 0 ? null : histogram.summary();

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
/** Slow rates keep what tells them apart. */
const roundRate = (value: number): number => (value >= 100 ? round(value, 1) : Number(value.toPrecision(6)));
