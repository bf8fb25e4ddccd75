// Pacing by absolute deadlines: when a unit is due is a function of the start and of how many came before it, so no sleep adds up to a
// drift. Units are records, or bytes.
import type { Burst, Ramp } from './rate.js';

export interface Pacer {
  /** When the unit that follows `units` others is due: milliseconds after the start; Infinity when it never is. */
  dueAtMs(units: number): number;
  /** How many units are due in the first `elapsedMs`. */
  unitsIn(elapsedMs: number): number;
}

export function constantPacer(perSecond: number): Pacer {
  const perMs = perSecond / 1000;
  return { dueAtMs: (units) => units / perMs, unitsIn: (elapsedMs) => elapsedMs * perMs };
}

/** Along the ramp the units are the area below a line, so their times are the roots of a quadratic equation. */
export function rampPacer({ from, to, overMs }: Ramp): Pacer {
  const start = from / 1000;
  const end = to / 1000;
  const growth = (end - start) / overMs;
  const onRamp = ((start + end) / 2) * overMs;
  return {
    dueAtMs(units) {
      if (units >= onRamp) return end === 0 ? Number.POSITIVE_INFINITY : overMs + (units - onRamp) / end;
      if (growth === 0) return units / start;
      return (-start + Math.sqrt(Math.max(0, start * start + 2 * growth * units))) / growth;
    },
    unitsIn(elapsedMs) {
      const within = Math.min(elapsedMs, overMs);
      return start * within + (growth / 2) * within * within + Math.max(0, elapsedMs - overMs) * end;
    },
  };
}

/** The base rate, and a higher one for `lengthMs` at every multiple of `everyMs`, the first after one whole distance. */
export function burstPacer(perSecond: number, burst: Burst): Pacer {
  const base = perSecond / 1000;
  const high = burst.perSecond / 1000;
  const { lengthMs, everyMs } = burst;
  const inBurst = high * lengthMs;
  const inPeriod = inBurst + base * (everyMs - lengthMs);
  const inFirst = base * everyMs;
  return {
    dueAtMs(units) {
      if (units <= inFirst) return units / base;
      const later = units - inFirst;
      const periods = Math.floor(later / inPeriod);
      const rest = later - periods * inPeriod;
      const at = everyMs * (periods + 1);
      return rest <= inBurst ? at + rest / high : at + lengthMs + (rest - inBurst) / base;
    },
    unitsIn(elapsedMs) {
      if (elapsedMs <= everyMs) return elapsedMs * base;
      const later = elapsedMs - everyMs;
      const periods = Math.floor(later / everyMs);
      const rest = later - periods * everyMs;
      return inFirst + periods * inPeriod + Math.min(rest, lengthMs) * high + Math.max(0, rest - lengthMs) * base;
    },
  };
}

/**
 * One worker's part of a schedule: of every `workers` units it takes one, in turn, so that all the workers together keep the pace of one.
 * Units of bytes cannot be told apart before they are made; for them a worker takes its share of the rate.
 */
export function sharePacer(pacer: Pacer, worker: number, workers: number): Pacer {
  if (workers === 1) return pacer;
  return {
    dueAtMs: (units) => pacer.dueAtMs(units * workers + worker),
    unitsIn: (elapsedMs) => Math.max(0, Math.ceil((pacer.unitsIn(elapsedMs) - worker) / workers)),
  };
}
