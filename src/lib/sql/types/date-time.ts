import type { TimeUnit } from './sql-type.js';

export const DAY_MS = 86_400_000;
const DATE_TEXT = /^\s*([+-]?\d{4,6})-(\d{1,2})-(\d{1,2})\s*$/;
const TIME_TEXT = /^\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*$/;
const TIMESTAMP_TEXT = /^\s*(\S+?)(?:[ T](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?\s*$/;

/** `1992-02-14` as milliseconds since the epoch, or undefined. */
export function parseDate(text: string): number | undefined {
  const [, year, month, day] = DATE_TEXT.exec(text) ?? [];
  if (year === undefined) return undefined;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(ms);
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) ? ms : undefined;
}

/** `18:35:44.0` as milliseconds since midnight, or undefined. */
export function parseTime(text: string): number | undefined {
  const [, hour, minute, second = '0', fraction = '0'] = TIME_TEXT.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return (
    (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1000 + Math.floor(Number(`0.${fraction}`) * 1000)
  );
}

/** `1992-02-14 18:35:44.0`, with T and an offset too, as milliseconds since the epoch, or undefined. */
export function parseTimestamp(text: string): number | undefined {
  const [, date = '', time, offset] = TIMESTAMP_TEXT.exec(text) ?? [];
  const day = parseDate(date);
  const inDay = time === undefined ? 0 : parseTime(time);
  if (day === undefined || inDay === undefined) return undefined;
  return day + inDay - offsetMs(offset);
}

function offsetMs(offset: string | undefined): number {
  if (offset === undefined || offset === 'Z') return 0;
  const digits = offset.replace(/\D/g, '');
  const ms = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
  return offset.startsWith('-') ? -ms : ms;
}

export function formatDate(ms: number): string {
  return new Date(ms).toISOString().replace(/T.*/, '');
}

export function formatTime(ms: number): string {
  return new Date(ms).toISOString().slice(11, ms % 1000 === 0 ? 19 : 23);
}

/** As the dialect writes a TIMESTAMP: `2018-08-01 20:17:20.797`. */
export function formatTimestamp(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

const FIXED_MS: Partial<Record<TimeUnit, number>> = {
  MILLISECOND: 1,
  SECOND: 1000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: DAY_MS,
};

/** Milliseconds of a unit that is always equally long. */
export function unitMs(unit: TimeUnit): number | undefined {
  return FIXED_MS[unit];
}

/** The beginning of the unit that holds an instant, or (`periods` 1) of the next one. Weeks begin on Sunday. */
export function floorTo(ms: number, unit: TimeUnit, periods = 0): number {
  const size = FIXED_MS[unit];
  if (size !== undefined) return (Math.floor(ms / size) + periods) * size;
  const date = new Date(ms);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  if (unit === 'YEAR') return Date.UTC(year + periods, 0);
  if (unit === 'QUARTER') return Date.UTC(year, (Math.floor(month / 3) + periods) * 3);
  if (unit === 'MONTH') return Date.UTC(year, month + periods);
  const day = Math.floor(ms / DAY_MS);
  return (day - date.getUTCDay() + 7 * periods) * DAY_MS;
}

/** EXTRACT(unit FROM instant). SECOND is whole seconds, as the reference's BIGINT result says. */
export function extractUnit(ms: number, unit: TimeUnit): number {
  const date = new Date(ms);
  switch (unit) {
    case 'YEAR':
      return date.getUTCFullYear();
    case 'QUARTER':
      return Math.floor(date.getUTCMonth() / 3) + 1;
    case 'MONTH':
      return date.getUTCMonth() + 1;
    case 'WEEK':
      return isoWeek(ms);
    case 'DAY':
      return date.getUTCDate();
    case 'HOUR':
      return date.getUTCHours();
    case 'MINUTE':
      return date.getUTCMinutes();
    case 'SECOND':
      return date.getUTCSeconds();
    case 'MILLISECOND':
      return date.getUTCMilliseconds();
    case 'EPOCH':
      return Math.floor(ms / 1000);
  }
}

function isoWeek(ms: number): number {
  const day = Math.floor(ms / DAY_MS);
  const thursday = day + 3 - ((new Date(ms).getUTCDay() + 6) % 7);
  const yearStart = Date.UTC(new Date(thursday * DAY_MS).getUTCFullYear(), 0) / DAY_MS;
  return Math.floor((thursday - yearStart) / 7) + 1;
}

/** Adds months and keeps the day of the month where there is one: 31 January + 1 month is 28 February. */
export function addMonths(ms: number, months: number): number {
  const date = new Date(ms);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months);
  const next = new Date(first);
  const lastDay = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 0)).getUTCDate();
  return first + (Math.min(date.getUTCDate(), lastDay) - 1) * DAY_MS + (((ms % DAY_MS) + DAY_MS) % DAY_MS);
}
