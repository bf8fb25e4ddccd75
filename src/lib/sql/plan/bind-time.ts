import type { Expression } from '../parse/expression-syntax.js';
import { SqlError } from '../sql-error.js';
import { extractUnit, floorTo, unitMs } from '../types/date-time.js';
import { BIGINT, familyOf, isMonths, type SqlType, type TimeUnit, type Value, writeType } from '../types/sql-type.js';
import { type Bound, folded } from './bound.js';

type Bind = (part: Expression) => Bound;
type Kind<Name extends Expression['kind']> = Extract<Expression, { kind: Name }>;

/** FLOOR(x TO unit), CEIL(x TO unit), EXTRACT(unit FROM x). */
export function bindUnit({ operator, operand, unit, at }: Kind<'unit'>, bind: Bind): Bound {
  const inner = bind(operand);
  const family = familyOf(inner.type);
  if ((family !== 'time' && family !== 'interval') || (family === 'interval' && isMonths(inner.type))) {
    throw new SqlError(`${operator} with a unit needs a time, not ${writeType(inner.type)}.`, at);
  }
  if (operator === 'EXTRACT') {
    const extract = family === 'interval' ? intervalPart(unit) : (ms: number) => extractUnit(ms, unit);
    return folded({ type: BIGINT, evaluate: ifSet(inner, (ms) => BigInt(extract(ms))) }, [inner]);
  }
  const size = unitMs(unit);
  if (unit === 'EPOCH' || (family === 'interval' && size === undefined))
    throw new SqlError(`${operator} TO ${unit} is not supported.`, at);
  const floor = operator === 'FLOOR';
  const compute = floor
    ? (ms: number) => floorTo(ms, unit)
    : (ms: number) => (floorTo(ms, unit) === ms ? ms : floorTo(ms, unit, 1));
  return folded({ type: inner.type, evaluate: ifSet(inner, compute) }, [inner]);
}

function intervalPart(unit: TimeUnit): (ms: number) => number {
  const larger: Partial<Record<TimeUnit, number>> = { HOUR: 24, MINUTE: 60, SECOND: 60, MILLISECOND: 1000 };
  const size = unitMs(unit) ?? 1;
  const wrap = larger[unit] ?? Number.POSITIVE_INFINITY;
  return (ms) => Math.trunc(ms / size) % wrap;
}

/** STEP(x BY INTERVAL …): down to a multiple of the interval (SQL Reference, "STEP"). */
export function bindStep({ operand, interval, at }: Kind<'step'>, bind: Bind): Bound {
  const inner = bind(operand);
  if (familyOf(inner.type) !== 'time' && familyOf(inner.type) !== 'interval') {
    throw new SqlError(`STEP needs a time, not ${writeType(inner.type)}.`, at);
  }
  const size = intervalMs(bind(interval), interval, 'STEP');
  return folded({ type: inner.type, evaluate: ifSet(inner, (ms) => Math.floor(ms / size) * size) }, [inner]);
}

/** The length of an interval that is written in the text, in milliseconds. */
export function intervalMs(bound: Bound, expression: Expression, where: string): number {
  const value = bound.constant?.value;
  if (bound.type.name !== 'INTERVAL' || isMonths(bound.type) || typeof value !== 'number' || value <= 0) {
    throw new SqlError(
      `${where} needs a positive interval of days or less.`,
      expression.at,
      "For example: INTERVAL '10' SECOND.",
    );
  }
  return value;
}

/** `(a - b) SECOND`: an interval. */
export function bindDifference({ left, right, unit, at }: Kind<'difference'>, bind: Bind): Bound {
  const [first, second] = [bind(left), bind(right)];
  for (const { type } of [first, second]) {
    if (familyOf(type) !== 'time') throw new SqlError(`(a - b) ${unit} needs two times, not ${writeType(type)}.`, at);
  }
  const type: SqlType = { name: 'INTERVAL', unit };
  const months = isMonths(type);
  const compute = (one: number, other: number): number => (months ? monthsBetween(one, other) : one - other);
  const evaluate: Bound['evaluate'] = (row) => {
    const [one, other] = [first.evaluate(row), second.evaluate(row)];
    return one === null || other === null ? null : compute(Number(one), Number(other));
  };
  return folded({ type, evaluate }, [first, second]);
}

function monthsBetween(one: number, other: number): number {
  const [later, earlier] = [new Date(one), new Date(other)];
  const months = (later.getUTCFullYear() - earlier.getUTCFullYear()) * 12 + later.getUTCMonth() - earlier.getUTCMonth();
  return later.getUTCDate() < earlier.getUTCDate() ? months - 1 : months;
}

function ifSet(inner: Bound, compute: (ms: number) => Value): Bound['evaluate'] {
  return (row) => {
    const value = inner.evaluate(row);
    return value === null ? null : compute(Number(value));
  };
}
