import { formatDuration } from '../shared/duration.js';

/** The endpoint's bound of how long services collect before they hand on: a test need not wait a minute for what AWS would wait for. */
export interface Intervals {
  /** The bound, in milliseconds; undefined if there is none. */
  readonly mostMs: number | undefined;
  /** An interval within the bound, in milliseconds. */
  cap(ms: number): number;
  /** What a verdict says nothing about, once an interval has been cut. */
  caveats(): string[];
}

export function createIntervals(mostMs?: number): Intervals {
  let longestMs = 0;
  return {
    mostMs,
    cap(ms) {
      if (mostMs === undefined || ms <= mostMs) return ms;
      longestMs = Math.max(longestMs, ms);
      return mostMs;
    },
    caveats: () =>
      mostMs === undefined || longestMs === 0
        ? []
        : [
            `buffering is cut from ${formatDuration(longestMs)} to ${formatDuration(mostMs)} (local start --max-buffering)`,
          ],
  };
}
