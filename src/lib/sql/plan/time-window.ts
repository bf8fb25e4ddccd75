import type { Expression } from '../parse/expression-syntax.js';
import { SqlError } from '../sql-error.js';
import { floorTo, unitMs } from '../types/date-time.js';
import { bindExpression } from './bind-expression.js';
import { intervalMs } from './bind-time.js';
import type { BindContext } from './bound.js';
import type { Scope } from './scope.js';

/** When the window that holds an instant ends. */
export type EndOf = (time: number) => number;

/**
 * The window that an expression over ROWTIME makes: STEP(ROWTIME BY …), FLOOR(ROWTIME TO unit), the quotient of a difference as in
 * `FLOOR((ROWTIME - TIMESTAMP '1970-01-01 00:00:00') SECOND / 10 TO SECOND)`, or ROWTIME itself. Undefined for every other expression.
 */
export function windowOf(expression: Expression, scope: Scope, context: BindContext): EndOf | undefined {
  const isRowtime = (part: Expression): boolean => part.kind === 'column' && scope.find(part).role === 'rowtime';
  if (isRowtime(expression)) return nextInstant;
  if (expression.kind === 'column') return scope.find(expression).time?.endOf;
  if (expression.kind === 'call' && expression.name === 'MONOTONIC' && expression.arguments[0]) {
    return windowOf(expression.arguments[0], scope, context);
  }
  if (expression.kind === 'step' && isRowtime(expression.operand)) {
    return tumbling(intervalMs(bindExpression(expression.interval, context), expression.interval, 'STEP'), 0);
  }
  if (expression.kind === 'binary' && (expression.operator === '+' || expression.operator === '-')) {
    // A window moved by an interval is the same window.
    const moved = expression.right.kind === 'literal' && expression.right.type.name === 'INTERVAL';
    return moved ? windowOf(expression.left, scope, context) : undefined;
  }
  if (expression.kind !== 'unit' || expression.operator === 'EXTRACT') return undefined;
  const { operand, unit, operator } = expression;
  if (isRowtime(operand)) {
    // CEIL holds the instant at its end, FLOOR the one at its beginning.
    return operator === 'FLOOR' ? (time) => floorTo(time, unit, 1) : (time) => floorTo(time - 1, unit, 1) + 1;
  }
  if (operator === 'CEIL') return undefined;
  const [difference, divisor] =
    operand.kind === 'binary' && operand.operator === '/' ? [operand.left, operand.right] : [operand, undefined];
  if (difference.kind !== 'difference' || !isRowtime(difference.left)) return undefined;
  const count = divisor === undefined ? 1 : Number(bindExpression(divisor, context).constant?.value);
  const origin = bindExpression(difference.right, context).constant?.value;
  const size = unitMs(unit);
  if (size === undefined || !(count > 0) || typeof origin !== 'number') {
    throw new SqlError(
      'the window must be a positive number of seconds, minutes, hours or days from a fixed time.',
      expression.at,
    );
  }
  return tumbling(size * count, origin);
}

function nextInstant(time: number): number {
  return time + 1;
}

/** MONOTONIC of what is no window over ROWTIME: only a larger value ends its group. */
export function isMonotonic(expression: Expression, scope: Scope): boolean {
  if (expression.kind === 'call') return expression.name === 'MONOTONIC';
  const time = expression.kind === 'column' ? scope.find(expression).time : undefined;
  return time !== undefined && time.endOf === undefined;
}

function tumbling(sizeMs: number, origin: number): EndOf {
  return (time) => origin + (Math.floor((time - origin) / sizeMs) + 1) * sizeMs;
}

/** The shortest of several windows: the group ends as soon as one of its expressions changes. */
export function shortest(ends: readonly EndOf[]): EndOf | undefined {
  const [first, ...others] = ends;
  if (!first || others.length === 0) return first;
  return (time) => Math.min(...ends.map((endOf) => endOf(time)));
}
