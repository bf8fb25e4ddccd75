import { epochMsOf, readIsoTime } from '../../shared/instant.js';
import { valueAt } from './value-at.js';

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
  if (typeof number === 'number') return epochMsOf(number);
  const epochMs = typeof value === 'string' ? readIsoTime(value) : undefined;
  if (epochMs === undefined) throw new Error(`its ${at} is not a time: ${JSON.stringify(value).slice(0, 80)}`);
  return epochMs;
}
