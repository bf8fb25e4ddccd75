import type { Expression } from '../parse/expression-syntax.js';
import type { Bound, RunContext } from '../plan/bound.js';
import { folded } from '../plan/bound.js';
import { SqlError, type TextPosition } from '../sql-error.js';
import { familyOf, type SqlType, type TypeFamily, type Value, writeType } from '../types/sql-type.js';

export interface FunctionCall {
  readonly name: string;
  readonly at: TextPosition;
  readonly values: readonly Bound[];
  /** The same arguments as written. */
  readonly sources: readonly Expression[];
  readonly run: RunContext;
}

/** A function of SQL: how many arguments, of which families, and how it is made ready to run. */
export interface ScalarFunction {
  readonly least: number;
  readonly most: number;
  /** One for each argument; the last one counts for all that follow. */
  readonly families: readonly (TypeFamily | 'any')[];
  bind(call: FunctionCall): Bound;
}

/** A function that is null when any argument is, as most are. */
export function strict(
  families: ScalarFunction['families'],
  type: SqlType | ((call: FunctionCall) => SqlType),
  compute: (values: readonly NonNullable<Value>[], call: FunctionCall) => Value,
  least = families.length,
): ScalarFunction {
  return {
    least,
    most: families.length,
    families,
    bind: (call) => {
      const { values } = call;
      const evaluate: Bound['evaluate'] = (row) => {
        const given: NonNullable<Value>[] = [];
        for (const value of values) {
          const one = value.evaluate(row);
          if (one === null) return null;
          given.push(one);
        }
        return compute(given, call);
      };
      return folded({ type: typeof type === 'function' ? type(call) : type, evaluate }, values);
    },
  };
}

/** @throws SqlError when the arguments of a call do not fit the function */
export function checkCall(definition: ScalarFunction, { name, at, values, sources }: FunctionCall): void {
  const { least, most, families } = definition;
  if (values.length < least || values.length > most) {
    const wanted =
      least === most ? String(least) : most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`;
    throw new SqlError(
      `${name} takes ${wanted} ${wanted === '1' ? 'argument' : 'arguments'}, not ${values.length}.`,
      at,
    );
  }
  for (const [index, { type }] of values.entries()) {
    const family = families[Math.min(index, families.length - 1)];
    const own = familyOf(type);
    if (family !== undefined && family !== 'any' && own !== family && own !== 'null') {
      throw new SqlError(
        `argument ${index + 1} of ${name} is ${writeType(type)}, not ${FAMILY_WORDS[family]}.`,
        sources[index]?.at ?? at,
      );
    }
  }
}

const FAMILY_WORDS: Record<TypeFamily, string> = {
  boolean: 'a condition',
  number: 'a number',
  text: 'text',
  bytes: 'bytes',
  time: 'a time',
  interval: 'an interval',
  row: 'a row',
  null: 'null',
};
