import { SqlError, type TextPosition } from '../sql-error.js';
import { DAY_MS, unitMs } from '../types/date-time.js';
import type { TimeUnit } from '../types/sql-type.js';
import type { Expression } from './expression-syntax.js';
import type { TokenReader } from './token-reader.js';

const MONTHS: Record<string, number> = { YEAR: 12, MONTH: 1, QUARTER: 3 };
const UNITS: readonly TimeUnit[] = [
  'MILLISECOND',
  'SECOND',
  'MINUTE',
  'HOUR',
  'DAY',
  'WEEK',
  'YEAR',
  'MONTH',
  'QUARTER',
  'EPOCH',
];
/** The fields of an interval with several, from the largest. */
const FIELDS: readonly TimeUnit[] = ['DAY', 'HOUR', 'MINUTE', 'SECOND'];

/** A unit, also in the plural, if one comes next. */
export function takeUnit(reader: TokenReader): TimeUnit | undefined {
  const token = reader.peek();
  if (token.kind !== 'word') return undefined;
  const unit = UNITS.find((one) => token.text === one || token.text === `${one}S`);
  if (unit === undefined) return undefined;
  reader.next();
  return unit;
}

export function expectUnit(reader: TokenReader): TimeUnit {
  const unit = takeUnit(reader);
  if (unit === undefined) throw reader.unexpected('a time unit such as SECOND, MINUTE or HOUR');
  return unit;
}

/** `'10' SECOND`, `'1:30' MINUTE TO SECOND`, `'2' DAY(3)`: what comes behind INTERVAL. */
export function parseInterval(reader: TokenReader, at: TextPosition): Expression {
  const negative = reader.takes('-');
  const text = reader.string('the length of the interval in quotes');
  const from = expectUnit(reader);
  takeSize(reader);
  const to = reader.takes('TO') ? expectUnit(reader) : from;
  takeSize(reader);
  const value = intervalValue(text, from, to);
  if (value === undefined)
    throw new SqlError(`'${text}' is not a valid interval ${from}${to === from ? '' : ` TO ${to}`}.`, at);
  return { kind: 'literal', at, type: { name: 'INTERVAL', unit: from }, value: negative ? -value : value };
}

/** The digits that a unit may carry, `SECOND(3)`; they do not matter here. */
export function takeSize(reader: TokenReader): void {
  if (!reader.takes('(')) return;
  reader.list(() => reader.integer('a number of digits'));
  reader.expect(')');
}

function intervalValue(text: string, from: TimeUnit, to: TimeUnit): number | undefined {
  const [, sign, body = ''] = /^\s*([+-]?)\s*(\S.*?)\s*$/.exec(text) ?? [];
  const factor = sign === '-' ? -1 : 1;
  const months = MONTHS[from];
  if (months !== undefined) {
    const parts = body.split('-');
    if (parts.length !== (from === to ? 1 : 2) || parts.some((part) => !/^\d+$/.test(part))) return undefined;
    return factor * (Number(parts[0]) * months + Number(parts[1] ?? 0));
  }
  if (from === to) return /^\d+(\.\d+)?$/.test(body) ? factor * Math.round(Number(body) * msOf(from)) : undefined;
  const units = FIELDS.slice(FIELDS.indexOf(from), FIELDS.indexOf(to) + 1);
  const parts = body.split(/[ :]/);
  if (parts.length !== units.length || parts.some((part) => !/^\d+(\.\d+)?$/.test(part))) return undefined;
  return factor * units.reduce((sum, unit, index) => sum + Number(parts[index]) * msOf(unit), 0);
}

/** As the length of an interval a week has seven days, wherever it begins. */
function msOf(unit: TimeUnit): number {
  return unit === 'WEEK' ? 7 * DAY_MS : (unitMs(unit) ?? 0);
}
