import type { BinaryOperator } from '../parse/expression-syntax.js';
import { SqlError, type TextPosition } from '../sql-error.js';
import { tenTo } from '../types/decimal.js';
import { commonType, familyOf, type Row, type SqlType, scaleOf, type Value, writeType } from '../types/sql-type.js';
import type { Bound } from './bound.js';

type Test = (row: Row) => boolean | null;

/** A comparison in three-valued logic: null when one side is null. @throws SqlError when the types cannot be compared */
export function compareBound(operator: BinaryOperator, left: Bound, right: Bound, at: TextPosition): Test {
  const [toLeft, toRight] = comparable(left.type, right.type, operator, at);
  const [first, second] = [toLeft ? via(left, toLeft) : left, toRight ? via(right, toRight) : right];
  const { constant } = second;
  const holds = HOLDS[operator];
  if (!holds) throw new Error(`not a comparison: ${operator}`);
  if (constant && constant.value !== null) {
    const { value } = constant;
    return (row) => {
      const one = first.evaluate(row);
      return one === null ? null : holds(one, value);
    };
  }
  return (row) => {
    const one = first.evaluate(row);
    if (one === null) return null;
    const other = second.evaluate(row);
    return other === null ? null : holds(one, other);
  };
}

/** JavaScript compares a number with a bigint exactly, so only the scales of DECIMALs have to be made equal. */
const HOLDS: Partial<Record<BinaryOperator, (left: NonNullable<Value>, right: NonNullable<Value>) => boolean>> = {
  // biome-ignore lint/suspicious/noDoubleEquals: 1n == 1 is what SQL means, and the types are known
  '=': (left, right) => left == right,
  // biome-ignore lint/suspicious/noDoubleEquals: as above
  '<>': (left, right) => left != right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

type Scale = (value: Value) => Value;

function comparable(
  left: SqlType,
  right: SqlType,
  operator: BinaryOperator,
  at: TextPosition,
): [Scale | undefined, Scale | undefined] {
  if (familyOf(left) === 'row' || !commonType(left, right)) {
    throw new SqlError(
      `cannot compare ${writeType(left)} ${operator} ${writeType(right)}.`,
      at,
      'Convert one side with CAST, for example CAST(x AS INTEGER).',
    );
  }
  const scale = Math.max(scaleOf(left), scaleOf(right));
  return [scaler(left, right, scale), scaler(right, left, scale)];
}

function scaler(type: SqlType, other: SqlType, scale: number): Scale | undefined {
  const approximate = other.name === 'DOUBLE' || other.name === 'REAL';
  const own = scaleOf(type);
  if (own > 0 && approximate) return (value) => (value === null ? null : Number(value) / 10 ** own);
  if (scale === own || type.name === 'DOUBLE' || type.name === 'REAL' || type.name === 'NULL') return undefined;
  const factor = tenTo(scale - own);
  return (value) =>
    typeof value === 'number' ? BigInt(value) * factor : typeof value === 'bigint' ? value * factor : null;
}

function via(bound: Bound, scale: Scale): Bound {
  const evaluate: Bound['evaluate'] = (row) => scale(bound.evaluate(row));
  return { type: bound.type, evaluate, ...(bound.constant && { constant: { value: scale(bound.constant.value) } }) };
}

/** Order of two values of one type, nulls last: for ORDER BY. */
export function compareValues(left: Value, right: Value): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  return left < right ? -1 : left > right ? 1 : 0;
}
