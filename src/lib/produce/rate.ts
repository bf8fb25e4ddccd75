import { formatByteSize } from '../shared/byte-size.js';
import { number } from '../shared/count-words.js';

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
