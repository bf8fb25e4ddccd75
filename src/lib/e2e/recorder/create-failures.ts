import type { FailMode } from '../../project/fail-mode.js';
import { holdsEvent } from '../marker.js';

export interface Failures {
  /** The mode that this request meets, if any. */
  next(rows: readonly string[]): FailMode | undefined;
  /** How many more requests the modes with a count are for. */
  left(): number;
}

/**
 * Decides, request by request, whether to fail and how. Counts begin with the first request that holds an event: warm-up events must not use
 * them up. Shares are drawn from a fixed seed, so that a run can be repeated.
 */
export function createFailures(modes: readonly FailMode[]): Failures {
  const left = modes.map(({ which }) =>
    typeof which === 'object' && 'first' in which ? which.first : Number.POSITIVE_INFINITY,
  );
  const random = seeded(1);
  let begun = false;
  return {
    next(rows) {
      begun ||= rows.some(holdsEvent);
      for (const [index, mode] of modes.entries()) {
        if ((left[index] ?? 0) <= 0 || (!begun && left[index] !== Number.POSITIVE_INFINITY)) continue;
        if (typeof mode.which === 'object' && 'share' in mode.which && random() >= mode.which.share) continue;
        left[index] = (left[index] ?? 0) - 1;
        return mode;
      }
      return undefined;
    },
    left: () => left.reduce((sum, count) => sum + (Number.isFinite(count) ? count : 0), 0),
  };
}

/** mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
