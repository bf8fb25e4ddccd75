import type { BinaryExpression, Expression } from '../parse/expression-syntax.js';
import { SqlError } from '../sql-error.js';
import { addMonths } from '../types/date-time.js';
import { familyOf, isMonths, type SqlType, TIMESTAMP, type Value } from '../types/sql-type.js';
import { bindArithmetic, unfit } from './bind-arithmetic.js';
import { type Bound, folded } from './bound.js';
import { compareBound } from './compare.js';

type Bind = (part: Expression) => Bound;

/** AND, OR, comparisons, arithmetic, concatenation. */
export function bindBinary(expression: BinaryExpression, bind: Bind): Bound {
  const { operator, at } = expression;
  const [left, right] = [bind(expression.left), bind(expression.right)];
  const boolean = (evaluate: Bound['evaluate']): Bound =>
    folded({ type: { name: 'BOOLEAN' }, evaluate }, [left, right]);
  switch (operator) {
    case 'AND':
    case 'OR':
      for (const side of [left, right]) {
        if (familyOf(side.type) !== 'boolean' && side.type.name !== 'NULL') throw unfit(expression, left, right);
      }
      return boolean(operator === 'AND' ? conjunction(left, right) : disjunction(left, right));
    case 'IS DISTINCT FROM':
    case 'IS NOT DISTINCT FROM': {
      const equal = compareBound('=', left, right, at);
      const same = (row: Value[]): boolean => {
        const found = equal(row);
        return found ?? (left.evaluate(row) === null && right.evaluate(row) === null);
      };
      return boolean(operator === 'IS DISTINCT FROM' ? (row) => !same(row) : same);
    }
    case '||':
      return bindConcatenation(expression, left, right);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return bindTimeArithmetic(expression, left, right) ?? bindArithmetic(expression, left, right);
    default:
      return boolean(compareBound(operator, left, right, at));
  }
}

function conjunction(left: Bound, right: Bound): Bound['evaluate'] {
  return (row) => {
    const first = left.evaluate(row);
    if (first === false) return false;
    const second = right.evaluate(row);
    return second === false ? false : first === null || second === null ? null : true;
  };
}

function disjunction(left: Bound, right: Bound): Bound['evaluate'] {
  return (row) => {
    const first = left.evaluate(row);
    if (first === true) return true;
    const second = right.evaluate(row);
    return second === true ? true : first === null || second === null ? null : false;
  };
}

function bindConcatenation(expression: BinaryExpression, left: Bound, right: Bound): Bound {
  if ([left, right].some(({ type }) => !['text', 'null'].includes(familyOf(type))))
    throw unfit(expression, left, right);
  const [first, second] = [left.type.precision, right.type.precision];
  const type: SqlType = {
    name: 'VARCHAR',
    ...(first !== undefined && second !== undefined && { precision: first + second }),
  };
  const evaluate: Bound['evaluate'] = (row) => {
    const [one, other] = [left.evaluate(row), right.evaluate(row)];
    return one === null || other === null ? null : `${String(one)}${String(other)}`;
  };
  return folded({ type, evaluate }, [left, right]);
}

/** Times plus and minus intervals; intervals times and by numbers. Undefined when neither side is a time. */
function bindTimeArithmetic(expression: BinaryExpression, left: Bound, right: Bound): Bound | undefined {
  const [first, second] = [familyOf(left.type), familyOf(right.type)];
  if (first !== 'time' && second !== 'time' && first !== 'interval' && second !== 'interval') return undefined;
  const { operator } = expression;
  const make = (type: SqlType, compute: (one: number, other: number) => number): Bound =>
    folded(
      {
        type,
        evaluate: (row) => {
          const [one, other] = [left.evaluate(row), right.evaluate(row)];
          return one === null || other === null ? null : compute(Number(one), Number(other));
        },
      },
      [left, right],
    );
  if (operator === '+' || operator === '-') {
    const sign = operator === '+' ? 1 : -1;
    if (first === 'time' && second === 'interval') {
      // A DATE plus hours is an instant within the day.
      const type =
        left.type.name === 'DATE' && !isMonths(right.type) && right.type.unit !== 'DAY' ? TIMESTAMP : left.type;
      return make(
        type,
        isMonths(right.type) ? (one, other) => addMonths(one, sign * other) : (one, other) => one + sign * other,
      );
    }
    if (first === 'interval' && second === 'time' && operator === '+') {
      return make(
        right.type,
        isMonths(left.type) ? (one, other) => addMonths(other, one) : (one, other) => one + other,
      );
    }
    if (first === 'interval' && second === 'interval' && isMonths(left.type) === isMonths(right.type)) {
      return make(left.type, (one, other) => one + sign * other);
    }
    if (first === 'time' && second === 'time' && operator === '-') {
      throw new SqlError(
        'the time between two instants needs a unit.',
        expression.at,
        'Write it behind parentheses: (a - b) SECOND.',
      );
    }
  }
  if (operator === '*' && first === 'interval' && second === 'number') return make(left.type, scaled(right.type, 1));
  if (operator === '*' && first === 'number' && second === 'interval') {
    const multiply = scaled(left.type, 1);
    return make(right.type, (one, other) => multiply(other, one));
  }
  if (operator === '/' && first === 'interval' && second === 'number') return make(left.type, scaled(right.type, -1));
  throw unfit(expression, left, right);
}

function scaled(type: SqlType, direction: 1 | -1): (one: number, other: number) => number {
  const divisor = 10 ** (type.scale ?? 0);
  return (one, other) => (direction === 1 ? (one * other) / divisor : (one * divisor) / other);
}
