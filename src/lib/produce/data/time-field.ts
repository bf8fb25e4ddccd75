import { valueAt } from './value-at.js';

/**
 * Counts of seconds since 1970 stay below 10^11 for 3,000 years, and counts of milliseconds have been above it since 1973; the same bounds,
 * a thousand times as high each, part them from microseconds and nanoseconds.
 */
const MS_IN_UNIT = [
  [1e11, 1000],
  [1e14, 1],
  [1e17, 1e-3],
  [Number.POSITIVE_INFINITY, 1e-6],
] as const;

/**
 * The instant that a record tells: ISO 8601, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970.
 * @returns milliseconds since the epoch
 * @throws Error in one sentence when there is none
 */
export function timeFromField(record: unknown, path: readonly string[]): number {
  const value = valueAt(record, path);
  const at = path.join('.');
  if (value === undefined) throw new Error(`no ${at} to take the time from`);
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number === 'number') {
    const [, ms] = MS_IN_UNIT.find(([bound]) => number < bound) ?? MS_IN_UNIT[0];
    return number * ms;
  }
  const epochMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(epochMs)) throw new Error(`its ${at} is not a time: ${JSON.stringify(value).slice(0, 80)}`);
  return epochMs;
}
