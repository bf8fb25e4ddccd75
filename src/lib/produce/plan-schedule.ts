import type { Schedule } from './fresh-records.js';
import type { LoadPlan } from './load-plan.js';
import { burstPacer, constantPacer, type Pacer, rampPacer, sharePacer } from './pacer.js';

/** The pace of a whole run; undefined where none is set, or where the data carry their own. */
export function planPacer(plan: Pick<LoadPlan, 'rate' | 'ramp' | 'burst' | 'data'>): Pacer | undefined {
  const { rate, ramp, burst, data } = plan;
  if (data.kind === 'lines' && data.timeField) return undefined;
  if (ramp) return rampPacer(ramp);
  if (rate.unit === 'max') return undefined;
  return burst ? burstPacer(rate.perSecond, burst) : constantPacer(rate.perSecond);
}

/** One worker's schedule. */
export function planSchedule(plan: LoadPlan): Schedule {
  const { rate, worker, workers, durationMs, count } = plan;
  const unit = rate.unit === 'bytes' && !plan.ramp ? 'bytes' : 'records';
  const whole = planPacer(plan);
  const pacer =
    unit === 'bytes' && rate.unit === 'bytes' && whole
      ? constantPacer(rate.perSecond / workers)
      : whole && sharePacer(whole, worker, workers);
  return { pacer, unit, durationMs, count: count === undefined ? undefined : Math.ceil((count - worker) / workers) };
}
