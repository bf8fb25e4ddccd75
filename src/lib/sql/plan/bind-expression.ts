import type { Expression } from '../parse/expression-syntax.js';
import { SqlError } from '../sql-error.js';
import { castBetween } from '../types/cast-value.js';
import { familyOf, type SqlType, type Value, writeType } from '../types/sql-type.js';
import { bindBinary } from './bind-binary.js';
import { bindCall } from './bind-call.js';
import { bindPattern } from './bind-pattern.js';
import { bindDifference, bindStep, bindUnit } from './bind-time.js';
import { bindUnified } from './bind-unified.js';
import { type BindContext, type Bound, constant, folded } from './bound.js';
import { compareBound } from './compare.js';

/** Looks up the names of an expression, decides its type, and makes it ready to run. @throws SqlError with line and column */
export function bindExpression(expression: Expression, context: BindContext): Bound {
  const replaced = context.replace?.(expression);
  if (replaced) return replaced;
  const bind = (part: Expression): Bound => bindExpression(part, context);
  switch (expression.kind) {
    case 'literal':
      return constant(expression.type, expression.value);
    case 'column':
      return context.column(expression);
    case 'star':
      throw new SqlError('"*" cannot be used here.', expression.at);
    case 'unary':
      return bindUnary(expression, bind);
    case 'binary':
      return bindBinary(expression, bind);
    case 'is':
      return bindIs(expression, bind);
    case 'between':
      return bindBetween(expression, bind);
    case 'in':
      return bindIn(expression, bind);
    case 'pattern':
      return bindPattern(expression, bind);
    case 'case':
      return bindCase(expression, bind);
    case 'cast':
      return bindCast(expression, bind);
    case 'call':
      return bindCall(expression, bind, context.run);
    case 'unit':
      return bindUnit(expression, bind);
    case 'step':
      return bindStep(expression, bind);
    case 'difference':
      return bindDifference(expression, bind);
    case 'field':
      return bindField(expression, bind);
  }
}

/** A condition: BOOLEAN, and a row passes only when it is TRUE. */
export function bindCondition(expression: Expression, context: BindContext, where: string): Bound {
  const bound = bindExpression(expression, context);
  if (familyOf(bound.type) === 'boolean' || bound.type.name === 'NULL') return bound;
  throw new SqlError(`${where} needs a condition, not ${writeType(bound.type)}.`, expression.at);
}

type Bind = (part: Expression) => Bound;
type Kind<Name extends Expression['kind']> = Extract<Expression, { kind: Name }>;

function bindUnary({ operator, operand, at }: Kind<'unary'>, bind: Bind): Bound {
  const inner = bind(operand);
  if (operator === 'NOT') {
    if (familyOf(inner.type) !== 'boolean' && inner.type.name !== 'NULL') throw unfit('NOT', inner.type, at);
    return folded({ type: { name: 'BOOLEAN' }, evaluate: (row) => negate(inner.evaluate(row)) }, [inner]);
  }
  const family = familyOf(inner.type);
  if (family !== 'number' && family !== 'interval') throw unfit('-', inner.type, at);
  const evaluate: Bound['evaluate'] = (row) => {
    const value = inner.evaluate(row);
    return typeof value === 'bigint' || typeof value === 'number' ? -value : null;
  };
  return folded({ type: inner.type, evaluate }, [inner]);
}

function negate(value: Value): Value {
  return value === null ? null : value !== true;
}

function unfit(operator: string, type: SqlType, at: Expression['at']): SqlError {
  return new SqlError(`cannot apply ${operator} to ${writeType(type)}.`, at);
}

function bindIs({ operand, what, negated, at }: Kind<'is'>, bind: Bind): Bound {
  const inner = bind(operand);
  if (what !== 'NULL' && familyOf(inner.type) !== 'boolean' && inner.type.name !== 'NULL')
    throw unfit(`IS ${what}`, inner.type, at);
  const sought = what === 'TRUE' ? true : what === 'FALSE' ? false : null;
  return folded({ type: { name: 'BOOLEAN' }, evaluate: (row) => (inner.evaluate(row) === sought) !== negated }, [
    inner,
  ]);
}

function bindBetween({ operand, low, high, negated, at }: Kind<'between'>, bind: Bind): Bound {
  const [value, from, to] = [bind(operand), bind(low), bind(high)];
  const [atLeast, atMost] = [compareBound('>=', value, from, at), compareBound('<=', value, to, at)];
  const evaluate: Bound['evaluate'] = (row) => {
    const lower = atLeast(row);
    const upper = lower === false ? false : atMost(row);
    const within = lower === false || upper === false ? false : lower === null || upper === null ? null : true;
    return negated ? negate(within) : within;
  };
  return folded({ type: { name: 'BOOLEAN' }, evaluate }, [value, from, to]);
}

function bindIn({ operand, items, negated, at }: Kind<'in'>, bind: Bind): Bound {
  const value = bind(operand);
  const bounds = items.map(bind);
  const tests = bounds.map((item) => compareBound('=', value, item, at));
  const evaluate: Bound['evaluate'] = (row) => {
    let found: Value = false;
    for (const test of tests) {
      const equal = test(row);
      if (equal === true) return !negated;
      if (equal === null) found = null;
    }
    return negated ? negate(found) : found;
  };
  return folded({ type: { name: 'BOOLEAN' }, evaluate }, [value, ...bounds]);
}

function bindCase(expression: Kind<'case'>, bind: Bind): Bound {
  const operand = expression.operand && bind(expression.operand);
  const tests = expression.branches.map(({ when }) => {
    const bound = bind(when);
    if (operand) return compareBound('=', operand, bound, when.at);
    if (familyOf(bound.type) !== 'boolean' && bound.type.name !== 'NULL') throw unfit('WHEN', bound.type, when.at);
    return (row: Parameters<Bound['evaluate']>[0]) => bound.evaluate(row);
  });
  const sources = [
    ...expression.branches.map(({ result }) => result),
    ...(expression.otherwise ? [expression.otherwise] : []),
  ];
  const results = bindUnified({ name: 'CASE', at: expression.at, values: sources.map(bind), sources });
  const evaluate: Bound['evaluate'] = (row) => {
    for (let index = 0; index < tests.length; index += 1) {
      if (tests[index]?.(row) === true) return results.bounds[index]?.evaluate(row) ?? null;
    }
    return results.bounds[tests.length]?.evaluate(row) ?? null;
  };
  return { type: results.type, evaluate };
}

function bindCast({ operand, type, at }: Kind<'cast'>, bind: Bind): Bound {
  const inner = bind(operand);
  const convert = castBetween(inner.type, type);
  if (!convert) throw new SqlError(`CAST from ${writeType(inner.type)} to ${writeType(type)} is not supported.`, at);
  return folded({ type, evaluate: (row) => convert(inner.evaluate(row)) }, [inner]);
}

function bindField({ operand, name, at }: Kind<'field'>, bind: Bind): Bound {
  const inner = bind(operand);
  const index = inner.type.fields?.findIndex((field) => field.name === name) ?? -1;
  const field = inner.type.fields?.[index];
  if (!field) {
    const names = inner.type.fields?.map((one) => `"${one.name}"`).join(', ');
    throw new SqlError(
      `field "${name}" not found.`,
      at,
      names ? `Available: ${names}.` : 'Only the LOG_PARSE functions have fields.',
    );
  }
  return {
    type: field.type,
    evaluate: (row) => {
      const value = inner.evaluate(row);
      return Array.isArray(value) ? (value[index] ?? null) : null;
    },
  };
}
