import { SqlError } from '../sql-error.js';
import type { BinaryOperator, Expression, IsWhat } from './expression-syntax.js';
import { parsePrimary } from './parse-primary.js';
import type { TokenReader } from './token-reader.js';

const COMPARISONS: readonly BinaryOperator[] = ['=', '<>', '<=', '>=', '<', '>'];
const IS_WHAT: readonly IsWhat[] = ['NULL', 'TRUE', 'FALSE', 'UNKNOWN'];

/** Each operator in a row is one level of the tree, which is walked by recursion. */
const MOST_IN_A_ROW = 1000;

/** Reads an expression, from OR down. */
export function parseExpression(reader: TokenReader): Expression {
  return reader.nested(() => chain(reader, ['OR'], (inner) => chain(inner, ['AND'], parseNot)));
}

function chain(
  reader: TokenReader,
  operators: readonly BinaryOperator[],
  parseOperand: (reader: TokenReader) => Expression,
): Expression {
  let left = parseOperand(reader);
  for (let count = 0; ; count += 1) {
    const operator = operators.find((one) => reader.sees(one));
    if (operator === undefined) return left;
    const { at } = reader.next();
    reader.checkCount(count + 1, MOST_IN_A_ROW, 'operators');
    left = { kind: 'binary', at, operator, left, right: parseOperand(reader) };
  }
}

function parseNot(reader: TokenReader): Expression {
  let negations = 0;
  const { at } = reader;
  while (reader.takes('NOT')) negations += 1;
  const operand = parsePredicate(reader);
  return negations % 2 === 0 ? operand : { kind: 'unary', at, operator: 'NOT', operand };
}

function parsePredicate(reader: TokenReader): Expression {
  let left = parseAdditive(reader);
  for (let count = 0; ; count += 1) {
    reader.checkCount(count, MOST_IN_A_ROW, 'predicates');
    const next = parsePredicateTail(reader, left);
    if (next === undefined) return left;
    left = next;
  }
}

function parsePredicateTail(reader: TokenReader, left: Expression): Expression | undefined {
  const { at } = reader;
  const comparison = reader.takes('!=') ? '<>' : COMPARISONS.find((one) => reader.takes(one));
  if (comparison) return { kind: 'binary', at, operator: comparison, left, right: parseAdditive(reader) };
  if (reader.takes('IS')) return parseIs(reader, left);
  const negated = reader.sees('NOT') && ['BETWEEN', 'IN', 'LIKE', 'SIMILAR'].includes(reader.peek(1).text);
  if (negated) reader.next();
  if (reader.takes('BETWEEN')) {
    const symmetric = reader.takes('SYMMETRIC');
    if (symmetric) throw new SqlError('BETWEEN SYMMETRIC is not supported.', at);
    reader.takes('ASYMMETRIC');
    const low = parseAdditive(reader);
    reader.expect('AND');
    return { kind: 'between', at, operand: left, low, high: parseAdditive(reader), negated };
  }
  if (reader.takes('IN')) {
    reader.expect('(');
    if (reader.sees('SELECT')) throw new SqlError('IN with a subquery is not supported.', at, 'Join the two instead.');
    const items = reader.list(() => reader.expression());
    reader.expect(')');
    return { kind: 'in', at, operand: left, items, negated };
  }
  const similar = reader.takes('SIMILAR', 'TO');
  if (similar || reader.takes('LIKE')) {
    const pattern = parseAdditive(reader);
    const escapeChar = reader.takes('ESCAPE') ? parseAdditive(reader) : undefined;
    return {
      kind: 'pattern',
      at,
      operator: similar ? 'SIMILAR TO' : 'LIKE',
      operand: left,
      pattern,
      escapeChar,
      negated,
    };
  }
  return undefined;
}

function parseIs(reader: TokenReader, operand: Expression): Expression {
  const { at } = reader;
  const negated = reader.takes('NOT');
  if (reader.takes('DISTINCT', 'FROM')) {
    const operator = negated ? 'IS NOT DISTINCT FROM' : 'IS DISTINCT FROM';
    return { kind: 'binary', at, operator, left: operand, right: parseAdditive(reader) };
  }
  const what = IS_WHAT.find((one) => reader.takes(one));
  if (what === undefined) throw reader.unexpected('NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM');
  return { kind: 'is', at, operand, what, negated };
}

function parseAdditive(reader: TokenReader): Expression {
  return chain(reader, ['+', '-', '||'], (inner) => chain(inner, ['*', '/', '%'], parseSigned));
}

function parseSigned(reader: TokenReader): Expression {
  const { at } = reader;
  if (!reader.sees('-') && !reader.sees('+')) return parsePrimary(reader);
  const operator = reader.next().text === '-' ? '-' : '+';
  const operand = reader.nested(() => parseSigned(reader));
  if (operator === '+') return operand;
  if (operand.kind === 'literal' && (typeof operand.value === 'number' || typeof operand.value === 'bigint')) {
    return { ...operand, at, value: -operand.value };
  }
  return { kind: 'unary', at, operator, operand };
}
