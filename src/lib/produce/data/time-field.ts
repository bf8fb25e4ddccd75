import { valueAt } from './value-at.js';

/** Counts of seconds since 1970 stay below this for 3,000 years; counts of milliseconds have been above it since 1973. */
const LARGEST_SECONDS = 100_000_000_000;

/**
 * The instant that a record tells: ISO 8601, or a number of seconds or milliseconds since 1970.
 * @returns milliseconds since the epoch
 * @throws Error in one sentence when there is none
 */
export function timeFromField(record: unknown, path: readonly string[]): number {
  const value = valueAt(record, path);
  const at = path.join('.');
  if (value === undefined) throw new Error(`no ${at} to take the time from`);
  const number = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number === 'number') return number < LARGEST_SECONDS ? number * 1000 : number;
  const epochMs = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(epochMs)) throw new Error(`its ${at} is not a time: ${JSON.stringify(value).slice(0, 80)}`);
  return epochMs;
}
