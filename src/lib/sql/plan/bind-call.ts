import { nearMatches } from '../../shared/near-matches.js';
import { AGGREGATES } from '../functions/aggregates.js';
import { GENERAL_FUNCTIONS } from '../functions/general-functions.js';
import { LOG_FUNCTIONS } from '../functions/log-functions.js';
import { NUMBER_FUNCTIONS } from '../functions/number-functions.js';
import { REGEX_FUNCTIONS } from '../functions/regex-functions.js';
import { checkCall, type FunctionCall, type ScalarFunction } from '../functions/scalar-function.js';
import { TEXT_FUNCTIONS } from '../functions/text-functions.js';
import { TIME_FUNCTIONS } from '../functions/time-functions.js';
import type { CallExpression, Expression } from '../parse/expression-syntax.js';
import { RowError, SqlError } from '../sql-error.js';
import type { Bound, RunContext } from './bound.js';

const FUNCTIONS: Record<string, ScalarFunction> = {
  ...TEXT_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...TIME_FUNCTIONS,
  ...GENERAL_FUNCTIONS,
  ...REGEX_FUNCTIONS,
  ...LOG_FUNCTIONS,
};

/** A call of a scalar function. Aggregates and windows have been replaced before, where they are allowed. */
export function bindCall(expression: CallExpression, bind: (part: Expression) => Bound, run: RunContext): Bound {
  const { name, at } = expression;
  if (Object.hasOwn(AGGREGATES, name)) {
    throw new SqlError(
      `${name} cannot be used here.`,
      at,
      'An aggregate needs GROUP BY, WINDOWED BY or OVER, and cannot stand in WHERE.',
    );
  }
  const definition = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!definition) throw unsupported(name, at);
  if (expression.over !== undefined) throw new SqlError(`${name} cannot be used with OVER.`, at);
  if (expression.distinct || expression.star)
    throw new SqlError(`${name} takes no ${expression.star ? '*' : 'DISTINCT'}.`, at);
  const values = expression.arguments.map(bind);
  const call: FunctionCall = { name, at, values, sources: expression.arguments, run };
  checkCall(definition, call);
  try {
    return definition.bind(call);
  } catch (error) {
    // What is wrong for every row is wrong in the text.
    if (error instanceof RowError) throw new SqlError(error.message, at);
    throw error;
  }
}

function unsupported(name: string, at: CallExpression['at']): SqlError {
  const [near] = nearMatches(name, [...Object.keys(FUNCTIONS), ...Object.keys(AGGREGATES)]);
  return new SqlError(
    `function ${name} is not supported.`,
    at,
    near === undefined ? undefined : `Did you mean ${near}?`,
  );
}
