import type { Expression } from '../parse/expression-syntax.js';
import { SqlError } from '../sql-error.js';
import { castBetween } from '../types/cast-value.js';
import { type Row, type SqlType, type Value, writeType } from '../types/sql-type.js';

/** An expression whose names are looked up and whose type is known. */
export interface Bound {
  readonly type: SqlType;
  evaluate(row: Row): Value;
  /** Its value, if it is the same for every row. */
  readonly constant?: { readonly value: Value };
}

/** Time and chance of one application: handed in, so that a run can be repeated. */
export interface RunContext {
  /** Milliseconds since the epoch: what CURRENT_TIMESTAMP says. */
  now: number;
  readonly seed: number;
}

/** What an expression may refer to. */
export interface BindContext {
  readonly run: RunContext;
  column(expression: Extract<Expression, { kind: 'column' }>): Bound;
  /** Replaces a part of an expression as a whole: a group key, an aggregate, a window. */
  replace?(expression: Expression): Bound | undefined;
}

export function constant(type: SqlType, value: Value): Bound {
  return { type, evaluate: () => value, constant: { value } };
}

/** Computes now what has the same value for every row. */
export function folded(bound: Bound, parts: readonly Bound[]): Bound {
  if (parts.some((part) => part.constant === undefined)) return bound;
  try {
    return constant(bound.type, bound.evaluate([]));
  } catch {
    // 1/0 is the error of each row that meets it, not of the text.
    return bound;
  }
}

/** The same expression as another type. @throws SqlError when SQL has no such conversion */
export function boundAs(bound: Bound, type: SqlType, expression: Expression): Bound {
  if (sameType(bound.type, type)) return bound;
  const convert = castBetween(bound.type, type);
  if (!convert) throw new SqlError(`cannot convert ${writeType(bound.type)} to ${writeType(type)}.`, expression.at);
  return folded({ type, evaluate: (row) => convert(bound.evaluate(row)) }, [bound]);
}

export function sameType(left: SqlType, right: SqlType): boolean {
  return left.name === right.name && left.precision === right.precision && left.scale === right.scale;
}
