import { parseByteSize } from '../shared/byte-size.js';
import { UsageError } from '../shared/errors.js';

/** How fast to send: so many records or bytes a second, or as fast as the target takes them. */
export type Rate = { unit: 'records' | 'bytes'; perSecond: number } | { unit: 'max' };

/**
 * Reads a rate: `1000` and `1000/s` are records, `30/m` too; `2MB/s` and `512KiB/s` are bytes of data; `max` sets no pace.
 * @throws UsageError when the text is not a rate, or is zero
 */
export function parseRate(text: string, what = 'rate'): Rate {
  if (text === 'max') return { unit: 'max' };
  const match = /^(\d+(?:\.\d+)?)([a-z]*)(?:\/(s|m|h))?$/i.exec(text);
  const seconds = { s: 1, m: 60, h: 3600 }[match?.[3] ?? 's'] ?? 1;
  if (!match || (match[2] && !/^[kmg]?i?b$/i.test(match[2]))) {
    throw new UsageError(`${what}: "${text}" is not a rate.`, {
      hint: 'Write records (1000, 1000/s, 90/m), bytes (2MB/s, 512KiB/s), or max.',
    });
  }
  const bytes = match[2] !== '';
  const amount = bytes ? parseByteSize(`${match[1]}${match[2]}`, what) : Number(match[1]);
  if (amount === 0) throw new UsageError(`${what}: a rate of zero sends nothing.`);
  return { unit: bytes ? 'bytes' : 'records', perSecond: amount / seconds };
}

/** A rate that grows, or falls, evenly, and then stays. Records a second. */
export interface Ramp {
  from: number;
  to: number;
  overMs: number;
}

/** A higher rate that comes back: from every full `everyMs` after the start, for `lengthMs`. Records a second. */
export interface Burst {
  perSecond: number;
  lengthMs: number;
  everyMs: number;
}
