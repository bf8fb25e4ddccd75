import { RowError } from '../sql-error.js';
import {
  DAY_MS,
  formatDate,
  formatTime,
  formatTimestamp,
  parseDate,
  parseTime,
  parseTimestamp,
  unitMs,
} from './date-time.js';
import {
  checkDigits,
  decimalToNumber,
  formatDecimal,
  outOfRange,
  parseExact,
  rescale,
  rescaleRounded,
} from './decimal.js';
import { digitsOf, familyOf, isBig, isMonths, type SqlType, scaleOf, type Value, writeType } from './sql-type.js';

export type Convert = (value: Value) => Value;

const LIMITS: Record<string, number> = { TINYINT: 128, SMALLINT: 32_768, INTEGER: 2_147_483_648 };
const MOST_BIGINT = 2n ** 63n;

/** A function that converts non-null values of one type to another, or undefined where SQL has no such CAST. */
export function castBetween(from: SqlType, to: SqlType): Convert | undefined {
  const convert = converter(from, to);
  return convert && ((value) => (value === null ? null : convert(value)));
}

function converter(from: SqlType, to: SqlType): Convert | undefined {
  const [source, target] = [familyOf(from), familyOf(to)];
  if (source === 'null') return () => null;
  if (target === 'text') return source === 'bytes' ? undefined : toText(from, to);
  if (target === 'number') {
    if (source === 'number') return numberToNumber(from, to);
    if (source === 'text') return (value) => textToNumber(String(value), to);
    if (source === 'boolean') return (value) => numberFromJs(value === true ? 1 : 0, to);
    return source === 'interval' ? intervalToNumber(from, to) : undefined;
  }
  if (target === 'boolean') {
    if (source === 'boolean') return (value) => value;
    return source === 'text' ? textToBoolean : undefined;
  }
  if (target === 'time')
    return source === 'time' ? timeToTime(from, to) : source === 'text' ? textToTime(to) : undefined;
  if (target === 'bytes') return source === 'bytes' ? cutBytes(to) : undefined;
  return source === 'interval' && isMonths(from) === isMonths(to) ? (value) => value : undefined;
}

function toText(from: SqlType, to: SqlType): Convert {
  return (value) => fitText(formatValue(value, from), to);
}

/** Text longer than its column is cut; CHAR is padded. */
export function fitText(text: string, type: SqlType): string {
  const { precision } = type;
  if (precision === undefined) return text;
  if (text.length > precision) return text.slice(0, precision);
  return type.name === 'CHAR' ? text.padEnd(precision) : text;
}

/** A value as SQL writes it: `2018-08-01 20:17:20.797`, `12.50`, `TRUE`. */
export function formatValue(value: Value, type: SqlType): string {
  if (value === null) return '';
  if (typeof value === 'bigint') return formatDecimal(value, scaleOf(type));
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'string') return value;
  if (typeof value === 'object')
    return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  if (type.name === 'TIMESTAMP') return formatTimestamp(value);
  if (type.name === 'DATE') return formatDate(value);
  return type.name === 'TIME' ? formatTime(value) : String(value);
}

function numberToNumber(from: SqlType, to: SqlType): Convert {
  if (isBig(from)) {
    const scale = scaleOf(from);
    if (to.name === 'DECIMAL') return (value) => checkDecimal(rescaleRounded(value as bigint, scale, scaleOf(to)), to);
    if (to.name === 'BIGINT') return (value) => checkBigint(rescale(value as bigint, scale, 0));
    if (to.name === 'DOUBLE') return (value) => decimalToNumber(value as bigint, scale);
    if (to.name === 'REAL') return (value) => Math.fround(decimalToNumber(value as bigint, scale));
    return (value) => checkWhole(Number(rescale(value as bigint, scale, 0)), to);
  }
  if (to.name === 'DOUBLE') return (value) => value;
  return (value) => numberFromJs(value as number, to);
}

/** A JavaScript number as any numeric type; whole types cut the fraction. @throws RowError when it is out of range */
function numberFromJs(value: number, to: SqlType): Value {
  switch (to.name) {
    case 'DOUBLE':
      return value;
    case 'REAL':
      return Math.fround(value);
    case 'BIGINT':
      if (!Number.isFinite(value)) throw outOfRange('BIGINT');
      return checkBigint(BigInt(Math.trunc(value)));
    case 'DECIMAL': {
      const exact = parseExact(String(value));
      if (!exact) throw outOfRange(writeType(to));
      return checkDecimal(rescaleRounded(exact.value, exact.scale, scaleOf(to)), to);
    }
    default:
      return checkWhole(Math.trunc(value), to);
  }
}

/** Text as any numeric type. @throws RowError when it is no number */
function textToNumber(text: string, to: SqlType): Value {
  const exact = parseExact(text);
  if (!exact) throw new RowError('CoercionFailure', `Cannot convert '${text.slice(0, 100)}' to ${writeType(to)}.`);
  if (to.name === 'DOUBLE') return Number(text);
  if (to.name === 'REAL') return Math.fround(Number(text));
  if (to.name === 'DECIMAL') return checkDecimal(rescaleRounded(exact.value, exact.scale, scaleOf(to)), to);
  const whole = rescale(exact.value, exact.scale, 0);
  return to.name === 'BIGINT' ? checkBigint(whole) : checkWhole(Number(whole), to);
}

export function checkWhole(value: number, type: SqlType): number {
  const limit = LIMITS[type.name] ?? Number.POSITIVE_INFINITY;
  if (value >= -limit && value < limit) return value + 0;
  throw outOfRange(type.name);
}

export function checkBigint(value: bigint): bigint {
  if (value >= -MOST_BIGINT && value < MOST_BIGINT) return value;
  throw outOfRange('BIGINT');
}

export function checkDecimal(value: bigint, type: SqlType): bigint {
  return checkDigits(value, digitsOf(type), writeType(type));
}

/** An interval counts in its own unit: CAST(INTERVAL '2' MINUTE AS INTEGER) is 2. */
function intervalToNumber(from: SqlType, to: SqlType): Convert {
  const unit = from.unit ?? 'SECOND';
  const size = unit === 'YEAR' ? 12 : (unitMs(unit) ?? 1);
  return (value) => numberFromJs(Math.trunc(Number(value) / size), to);
}

function textToBoolean(value: Value): Value {
  const text = String(value).trim().toUpperCase();
  if (text === 'TRUE' || text === 'FALSE') return text === 'TRUE';
  if (text === 'UNKNOWN') return null;
  throw new RowError('CoercionFailure', `Cannot convert '${text.slice(0, 100)}' to BOOLEAN.`);
}

function timeToTime(from: SqlType, to: SqlType): Convert {
  if (from.name === to.name) return (value) => value;
  const inDay = (value: Value): number => ((Number(value) % DAY_MS) + DAY_MS) % DAY_MS;
  if (to.name === 'TIME') return inDay;
  if (to.name === 'DATE') return (value) => Number(value) - inDay(value);
  return (value) => value;
}

export function textToTime(to: SqlType): Convert {
  const parse =
    to.name === 'DATE'
      ? (text: string) => parseDate(text) ?? dateOf(parseTimestamp(text))
      : to.name === 'TIME'
        ? parseTime
        : parseTimestamp;
  return (value) => {
    const ms = parse(String(value));
    if (ms === undefined)
      throw new RowError('CoercionFailure', `Cannot convert '${String(value).slice(0, 100)}' to ${to.name}.`);
    return ms;
  };
}

function dateOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.floor(ms / DAY_MS) * DAY_MS;
}

function cutBytes(to: SqlType): Convert {
  const digits = (to.precision ?? Number.POSITIVE_INFINITY) * 2;
  return (value) => String(value).slice(0, digits);
}
