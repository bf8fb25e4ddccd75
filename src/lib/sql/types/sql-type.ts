/** The type of a column or an expression. */
export type TypeName =
  | 'BOOLEAN'
  | 'TINYINT'
  | 'SMALLINT'
  | 'INTEGER'
  | 'BIGINT'
  | 'DECIMAL'
  | 'REAL'
  | 'DOUBLE'
  | 'CHAR'
  | 'VARCHAR'
  | 'BINARY'
  | 'VARBINARY'
  | 'DATE'
  | 'TIME'
  | 'TIMESTAMP'
  | 'INTERVAL'
  | 'ROW'
  | 'NULL';

export interface SqlType {
  readonly name: TypeName;
  /** Characters or bytes, digits of a DECIMAL. */
  readonly precision?: number;
  /** Digits of a DECIMAL behind the point. */
  readonly scale?: number;
  /** The unit in which an INTERVAL is counted when it meets a number; months for YEAR and MONTH, else milliseconds. */
  readonly unit?: TimeUnit;
  /** What a ROW consists of; only LOG_PARSE functions make one. */
  readonly fields?: readonly Column[];
}

/**
 * A value of a row. TINYINT to INTEGER, REAL and DOUBLE are numbers; BIGINT is a bigint; DECIMAL is a bigint of 10^scale parts. DATE and TIMESTAMP
 * are milliseconds since the epoch, TIME since midnight, INTERVAL milliseconds (or months). BINARY is hexadecimal digits.
 */
export type Value = null | boolean | number | bigint | string | readonly Value[];

/** Element 0 is the row's ROWTIME in milliseconds; column n is element n + 1. */
export type Row = Value[];

export interface Column {
  readonly name: string;
  readonly type: SqlType;
}

export type TimeUnit =
  | 'YEAR'
  | 'MONTH'
  | 'DAY'
  | 'HOUR'
  | 'MINUTE'
  | 'SECOND'
  | 'WEEK'
  | 'QUARTER'
  | 'MILLISECOND'
  | 'EPOCH';

/** SQL Reference, "Data Types": a DECIMAL has up to 19 significant digits. */
export const MOST_DIGITS = 19;

export const BOOLEAN: SqlType = { name: 'BOOLEAN' };
export const INTEGER: SqlType = { name: 'INTEGER' };
export const BIGINT: SqlType = { name: 'BIGINT' };
export const DOUBLE: SqlType = { name: 'DOUBLE' };
export const TIMESTAMP: SqlType = { name: 'TIMESTAMP' };
export const DATE: SqlType = { name: 'DATE' };
export const TIME: SqlType = { name: 'TIME' };
export const VARCHAR: SqlType = { name: 'VARCHAR' };
export const NULL_TYPE: SqlType = { name: 'NULL' };

export type TypeFamily = 'boolean' | 'number' | 'text' | 'bytes' | 'time' | 'interval' | 'row' | 'null';

const FAMILIES: Record<TypeName, TypeFamily> = {
  BOOLEAN: 'boolean',
  TINYINT: 'number',
  SMALLINT: 'number',
  INTEGER: 'number',
  BIGINT: 'number',
  DECIMAL: 'number',
  REAL: 'number',
  DOUBLE: 'number',
  CHAR: 'text',
  VARCHAR: 'text',
  BINARY: 'bytes',
  VARBINARY: 'bytes',
  DATE: 'time',
  TIME: 'time',
  TIMESTAMP: 'time',
  INTERVAL: 'interval',
  ROW: 'row',
  NULL: 'null',
};

/** From the narrowest to the widest; arithmetic answers in the wider of its two. */
const NUMBER_RANK: readonly TypeName[] = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'DECIMAL', 'REAL', 'DOUBLE'];
const WHOLE_DIGITS: Partial<Record<TypeName, number>> = { TINYINT: 3, SMALLINT: 5, INTEGER: 10, BIGINT: 19 };

export function familyOf(type: SqlType): TypeFamily {
  return FAMILIES[type.name];
}

export function isExact(type: SqlType): boolean {
  return familyOf(type) === 'number' && type.name !== 'REAL' && type.name !== 'DOUBLE';
}

/** Whether its values are bigints. */
export function isBig(type: SqlType): boolean {
  return type.name === 'BIGINT' || type.name === 'DECIMAL';
}

export function scaleOf(type: SqlType): number {
  return type.scale ?? 0;
}

/** Digits of an exact number, the ones behind the point included. */
export function digitsOf(type: SqlType): number {
  return type.precision ?? WHOLE_DIGITS[type.name] ?? MOST_DIGITS;
}

export function decimalType(precision: number, scale: number): SqlType {
  return { name: 'DECIMAL', precision: Math.min(precision, MOST_DIGITS), scale: Math.min(scale, MOST_DIGITS) };
}

export function isMonths(type: SqlType): boolean {
  return type.name === 'INTERVAL' && (type.unit === 'YEAR' || type.unit === 'MONTH' || type.unit === 'QUARTER');
}

/** The type that holds both, or undefined when there is none. */
export function commonType(left: SqlType, right: SqlType): SqlType | undefined {
  if (left.name === 'NULL') return right;
  if (right.name === 'NULL') return left;
  const family = familyOf(left);
  if (family !== familyOf(right)) return undefined;
  if (family === 'number') return commonNumber(left, right);
  if (family === 'text' || family === 'bytes') {
    const varying = family === 'text' ? 'VARCHAR' : 'VARBINARY';
    const name = left.name === right.name && left.precision === right.precision ? left.name : varying;
    return widest(name, left, right);
  }
  if (family === 'interval') return isMonths(left) === isMonths(right) ? left : undefined;
  return left.name === right.name ? left : left.name === 'TIME' || right.name === 'TIME' ? undefined : TIMESTAMP;
}

function widest(name: TypeName, left: SqlType, right: SqlType): SqlType {
  if (left.precision === undefined || right.precision === undefined) return { name };
  return { name, precision: Math.max(left.precision, right.precision) };
}

function commonNumber(left: SqlType, right: SqlType): SqlType {
  const name = NUMBER_RANK[Math.max(NUMBER_RANK.indexOf(left.name), NUMBER_RANK.indexOf(right.name))] ?? 'DOUBLE';
  if (name === 'REAL' && (isBig(left) || isBig(right))) return DOUBLE;
  if (name !== 'DECIMAL') return { name };
  const scale = Math.max(scaleOf(left), scaleOf(right));
  const whole = Math.max(digitsOf(left) - scaleOf(left), digitsOf(right) - scaleOf(right));
  return decimalType(whole + scale, scale);
}

/** As SQL writes it: `DECIMAL(5, 2)`, `VARCHAR(16)`. */
export function writeType(type: SqlType): string {
  if (type.name === 'INTERVAL') return `INTERVAL ${type.unit ?? 'SECOND'}`;
  if (type.precision === undefined) return type.name;
  return type.scale === undefined
    ? `${type.name}(${type.precision})`
    : `${type.name}(${type.precision}, ${type.scale})`;
}
