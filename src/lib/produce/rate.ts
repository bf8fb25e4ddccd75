import { formatByteSize, parseByteSize } from '../shared/byte-size.js';
import { number } from '../shared/count-words.js';
import { UsageError } from '../shared/errors.js';

/** How fast to send: so many records or bytes a second, or as fast as the target takes them. */
export type Rate = { unit: 'records' | 'bytes'; perSecond: number } | { unit: 'max' };

/**
 * Reads a rate: `1000` and `1000/s` are records, `30/m` too; `2MB/s` and `512KiB/s` are bytes of data and keys; `max` sets no pace.
 * @throws UsageError when the text is not a rate, or is zero
 */
export function parseRate(text: string, what = 'rate'): Rate {
  if (text === 'max') return { unit: 'max' };
  const match = /^(\d+(?:\.\d+)?)([a-z]*)(?:\/(s|m|h))?$/i.exec(text);
  const seconds = { s: 1, m: 60, h: 3600 }[match?.[3] ?? 's'] ?? 1;
  if (!match || (match[2] && !/^[kmg]?i?b$/i.test(match[2]))) {
    throw new UsageError(`${what}: "${text}" is not a rate.`, {
      hint: 'Write records (1000, 1000/s, 90/m, 500/h), bytes (2MB/s, 512KiB/s), or max.',
    });
  }
  const bytes = match[2] !== '';
  const amount = bytes ? parseByteSize(`${match[1]}${match[2]}`, what) : Number(match[1]);
  if (amount === 0) throw new UsageError(`${what}: a rate of zero sends nothing.`);
  return { unit: bytes ? 'bytes' : 'records', perSecond: amount / seconds };
}

const PERIODS = [
  ['s', 1],
  ['m', 60],
  ['h', 3600],
] as const;

/**
 * Writes a rate of records by the second, the minute or the hour, whichever makes it a whole number: `1,000/s`, `90/m`, `500/h`.
 * @param like the rate it is compared with, whose unit it then takes
 */
export function formatRecordRate(perSecond: number, like = perSecond): string {
  const isWhole = (value: number): boolean => value >= 1 && Math.abs(value - Math.round(value)) < 1e-5 * value;
  const [unit, seconds] =
    PERIODS.find(([, each]) => like >= 10 || like === 0 || isWhole(like * each)) ??
    PERIODS.find(([, each]) => like * each >= 1) ??
    PERIODS[2];
  const value = perSecond * seconds;
  return `${value < 100 && !isWhole(value) ? String(Number(value.toFixed(1))) : number(value)}/${unit}`;
}

/** Writes rates of bytes in the powers in which the target was given: `2.0 MB/s`, `512.0 KiB/s`. */
export function formatByteRate(perSecond: number, target = perSecond): string {
  const decimal = target % 1000 === 0 && target % 1024 !== 0;
  if (!decimal) return `${formatByteSize(perSecond)}/s`;
  const [unit, size] = DECIMAL.find(([, each]) => perSecond >= each) ?? ['B', 1];
  return `${(perSecond / size).toFixed(unit === 'B' ? 0 : 1)} ${unit}/s`;
}

const DECIMAL = [
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
] as const;

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
