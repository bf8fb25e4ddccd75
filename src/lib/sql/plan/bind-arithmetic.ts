import type { BinaryExpression } from '../parse/expression-syntax.js';
import { RowError, SqlError } from '../sql-error.js';
import { checkBigint, checkDecimal, checkWhole } from '../types/cast-value.js';
import { outOfRange, tenTo } from '../types/decimal.js';
import {
  commonType,
  decimalType,
  digitsOf,
  familyOf,
  MOST_DIGITS,
  type SqlType,
  scaleOf,
  type Value,
  writeType,
} from '../types/sql-type.js';
import { type Bound, folded } from './bound.js';

/** + - * / % of numbers, exact as long as both sides are: whole numbers divide to whole numbers, 7/2 is 3. */
export function bindArithmetic(expression: BinaryExpression, left: Bound, right: Bound): Bound {
  const common = commonType(left.type, right.type);
  const numbers = [left, right].every(({ type }) => familyOf(type) === 'number' || type.name === 'NULL');
  if (!common || !numbers) throw unfit(expression, left, right);
  const { operator } = expression;
  const { type, compute } = operationOf(operator, left.type, right.type, common);
  const evaluate: Bound['evaluate'] = (row) => {
    const one = left.evaluate(row);
    if (one === null) return null;
    const other = right.evaluate(row);
    return other === null ? null : compute(one, other);
  };
  return folded({ type, evaluate }, [left, right]);
}

interface Operation {
  type: SqlType;
  compute: (left: Value, right: Value) => Value;
}

function operationOf(operator: string, left: SqlType, right: SqlType, common: SqlType): Operation {
  if (common.name === 'DOUBLE' || common.name === 'REAL') return approximate(operator, left, right, common);
  if (common.name === 'DECIMAL') return decimal(operator, left, right);
  if (common.name === 'BIGINT') {
    const compute = bigOperation(operator);
    return { type: common, compute: (one, other) => checkBigint(compute(big(one), big(other))) };
  }
  const compute = numberOperation(operator, true);
  return { type: common, compute: (one, other) => checkWhole(compute(Number(one), Number(other)), common) };
}

function approximate(operator: string, left: SqlType, right: SqlType, common: SqlType): Operation {
  const [first, second] = [10 ** scaleOf(left), 10 ** scaleOf(right)];
  const compute = numberOperation(operator, false);
  const round = common.name === 'REAL' ? Math.fround : (value: number) => value;
  return {
    type: common,
    compute: (one, other) => {
      const result = round(compute(Number(one) / first, Number(other) / second));
      if (Number.isFinite(result)) return result;
      throw outOfRange(common.name);
    },
  };
}

/** Precision and scale as SQL:2008 leaves them to the product: Calcite's rules, within 19 digits. */
function decimal(operator: string, left: SqlType, right: SqlType): Operation {
  const [first, second] = [scaleOf(left), scaleOf(right)];
  const [leftWhole, rightWhole] = [digitsOf(left) - first, digitsOf(right) - second];
  const aligned = Math.max(first, second);
  const compute = bigOperation(operator);
  if (operator === '*') {
    const type = decimalType(digitsOf(left) + digitsOf(right), Math.min(first + second, MOST_DIGITS));
    return {
      type,
      compute: (one, other) =>
        checkDecimal(compute(big(one), big(other)) / tenTo(first + second - scaleOf(type)), type),
    };
  }
  if (operator === '/') {
    const scale = Math.min(
      Math.max(6, first + digitsOf(right) + 1),
      MOST_DIGITS - Math.min(leftWhole + second, MOST_DIGITS - 6),
    );
    const type = decimalType(leftWhole + second + scale, scale);
    const shift = scale - first + second;
    return {
      type,
      compute: (one, other) =>
        checkDecimal(compute(big(one) * tenTo(Math.max(shift, 0)), big(other) * tenTo(Math.max(-shift, 0))), type),
    };
  }
  const type = decimalType(Math.max(leftWhole, rightWhole) + aligned + 1, aligned);
  const [byLeft, byRight] = [tenTo(aligned - first), tenTo(aligned - second)];
  return { type, compute: (one, other) => checkDecimal(compute(big(one) * byLeft, big(other) * byRight), type) };
}

function big(value: Value): bigint {
  return typeof value === 'bigint' ? value : BigInt(Number(value));
}

function bigOperation(operator: string): (left: bigint, right: bigint) => bigint {
  switch (operator) {
    case '+':
      return (left, right) => left + right;
    case '-':
      return (left, right) => left - right;
    case '*':
      return (left, right) => left * right;
    case '/':
      return (left, right) => (right === 0n ? byZero() : left / right);
    default:
      return (left, right) => (right === 0n ? byZero() : left % right);
  }
}

function numberOperation(operator: string, whole: boolean): (left: number, right: number) => number {
  switch (operator) {
    case '+':
      return (left, right) => left + right;
    case '-':
      return (left, right) => left - right;
    case '*':
      return (left, right) => left * right;
    case '/':
      return (left, right) => (right === 0 ? byZero() : whole ? Math.trunc(left / right) : left / right);
    default:
      return (left, right) => (right === 0 ? byZero() : left % right);
  }
}

function byZero(): never {
  throw new RowError('DivisionByZero', 'Division by zero.');
}

/** MOD(a, b), the function form of %. */
export function modulo(left: Bound, right: Bound, at: BinaryExpression['at']): Bound {
  const nothing: BinaryExpression['left'] = { kind: 'star', at, qualifier: undefined };
  return bindArithmetic({ kind: 'binary', at, operator: '%', left: nothing, right: nothing }, left, right);
}

export function unfit({ operator, at }: BinaryExpression, left: Bound, right: Bound): SqlError {
  return new SqlError(
    `cannot apply ${operator} to ${writeType(left.type)} and ${writeType(right.type)}.`,
    at,
    'Convert one side with CAST.',
  );
}
