import { likePattern, similarPattern } from '../functions/text-pattern.js';
import type { Expression } from '../parse/expression-syntax.js';
import { RowError, SqlError } from '../sql-error.js';
import { familyOf, writeType } from '../types/sql-type.js';
import { type Bound, folded } from './bound.js';

type Pattern = Extract<Expression, { kind: 'pattern' }>;

/** LIKE and SIMILAR TO. A pattern that is the same for every row is compiled once. */
export function bindPattern(expression: Pattern, bind: (part: Expression) => Bound): Bound {
  const { operator, negated, at } = expression;
  const [text, pattern] = [bind(expression.operand), bind(expression.pattern)];
  const escapeChar = expression.escapeChar && bind(expression.escapeChar);
  for (const part of [text, pattern, ...(escapeChar ? [escapeChar] : [])]) {
    if (!['text', 'null'].includes(familyOf(part.type)))
      throw new SqlError(`${operator} needs text, not ${writeType(part.type)}.`, at);
  }
  const compile = operator === 'LIKE' ? likePattern : similarPattern;
  let source: string | undefined;
  let matches: ((text: string) => boolean) | undefined;
  const matcherOf = (written: string, escaped: string | undefined): ((text: string) => boolean) => {
    const key = `${escaped ?? ''}\0${written}`;
    if (matches === undefined || key !== source) {
      matches = compile(written, escaped);
      source = key;
    }
    return matches;
  };
  if (pattern.constant && (!escapeChar || escapeChar.constant)) {
    const { value } = pattern.constant;
    try {
      if (value !== null) matcherOf(String(value), escapeChar && String(escapeChar.constant?.value));
    } catch (error) {
      if (error instanceof RowError) throw new SqlError(error.message, expression.pattern.at);
      throw error;
    }
  }
  const evaluate: Bound['evaluate'] = (row) => {
    const [value, written] = [text.evaluate(row), pattern.evaluate(row)];
    const escaped = escapeChar?.evaluate(row);
    if (value === null || written === null || escaped === null) return null;
    return matcherOf(String(written), escaped === undefined ? undefined : String(escaped))(String(value)) !== negated;
  };
  return folded({ type: { name: 'BOOLEAN' }, evaluate }, [text, pattern, ...(escapeChar ? [escapeChar] : [])]);
}
