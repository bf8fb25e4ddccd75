import { RowError } from '../sql-error.js';
import { checkBigint, checkDecimal, checkWhole, fitText, textToTime } from '../types/cast-value.js';
import { parseExact, tenTo } from '../types/decimal.js';
import { familyOf, type SqlType, scaleOf, type Value, writeType } from '../types/sql-type.js';

/** A value of JSON or CSV as a column's. `exact` gives the source text of a number that a JavaScript number may not hold. */
export type Coerce = (value: unknown, exact: () => string) => Value;

/**
 * The rules of DG, "Mapping JSON Data Types to SQL Data Types": 123.4 does not fit an INTEGER, text that is too long is cut, true is 1.
 * @throws RowError what the error stream shows
 */
export function coercerOf(type: SqlType): Coerce {
  const family = familyOf(type);
  if (family === 'text') return (value, exact) => coerceText(value, type, exact);
  if (family === 'number') return (value, exact) => coerceNumber(value, type, exact);
  if (family === 'boolean') return coerceBoolean;
  if (family === 'bytes') return (value) => coerceBytes(value, type);
  return coerceTime(type);
}

function coerceText(value: unknown, type: SqlType, exact: () => string): Value {
  if (typeof value === 'string') return fitText(value, type);
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return fitText(Number.isSafeInteger(value) ? String(value) : exact(), type);
  return fitText(typeof value === 'object' ? JSON.stringify(value) : String(value), type);
}

function coerceNumber(value: unknown, type: SqlType, exact: () => string): Value {
  if (typeof value === 'number') return type.name === 'DOUBLE' ? value : numberOf(value, type, exact);
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return exactNumber(value ? '1' : '0', type);
  if (typeof value === 'string' || typeof value === 'bigint') return exactNumber(String(value), type);
  throw unfit(value, type);
}

function numberOf(value: number, type: SqlType, exact: () => string): Value {
  if (type.name === 'REAL') return Math.fround(value);
  if (type.name !== 'DECIMAL' && Number.isSafeInteger(value)) {
    return type.name === 'BIGINT' ? BigInt(value) : checkWhole(value, type);
  }
  // Fifteen digits pass through a JavaScript number unchanged; more of them are read from the source.
  const text = String(value);
  return exactNumber(text.length > 15 ? exact() : text, type);
}

function exactNumber(text: string, type: SqlType): Value {
  const exact = parseExact(text);
  if (!exact) throw unfit(text, type);
  if (type.name === 'DOUBLE') return Number(text);
  if (type.name === 'REAL') return Math.fround(Number(text));
  const scale = scaleOf(type);
  const lost = exact.scale - scale;
  const scaled = lost <= 0 ? exact.value * tenTo(-lost) : exact.value / tenTo(lost);
  if (lost > 0 && scaled * tenTo(lost) !== exact.value) throw unfit(text, type);
  if (type.name === 'DECIMAL') return checkDecimal(scaled, type);
  return type.name === 'BIGINT' ? checkBigint(scaled) : checkWhole(Number(scaled), type);
}

function coerceBoolean(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'string') return value.toLowerCase() === 'true';
  throw unfit(value, { name: 'BOOLEAN' });
}

function coerceBytes(value: unknown, type: SqlType): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') {
    const length = type.name === 'BINARY' ? (type.precision ?? 1) : 1;
    return (value ? '01' : '00').padStart(length * 2, '0');
  }
  const [, digits] = typeof value === 'string' ? (/^X'((?:[0-9A-Fa-f]{2})*)'$/.exec(value) ?? []) : [];
  if (digits === undefined || digits.length / 2 > (type.precision ?? Number.POSITIVE_INFINITY))
    throw unfit(value, type);
  return digits.toUpperCase();
}

function coerceTime(type: SqlType): Coerce {
  const parse = textToTime(type);
  return (value) => {
    if (value === null || value === undefined) return null;
    if (typeof value !== 'string') throw unfit(value, type);
    return parse(value);
  };
}

function unfit(value: unknown, type: SqlType): RowError {
  const shown =
    typeof value === 'string' ? `'${value}'` : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return new RowError('CoercionFailure', `Cannot convert ${shown.slice(0, 200)} to ${writeType(type)}.`);
}
