import { SqlError, type TextPosition } from '../sql-error.js';
import { VARCHAR } from '../types/sql-type.js';
import type { CallExpression, Expression } from './expression-syntax.js';
import { expectUnit } from './parse-interval.js';
import { parseWindow } from './parse-window.js';
import type { TokenReader } from './token-reader.js';

/** Functions that are written without parentheses. */
const BARE = [
  'CURRENT_TIMESTAMP',
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_ROW_TIMESTAMP',
  'LOCALTIMESTAMP',
  'LOCALTIME',
];

/** Reads the arguments of a function, and OVER. The name has been read. */
export function parseCall(reader: TokenReader, name: string, at: TextPosition): Expression {
  reader.expect('(');
  let star = false;
  let distinct = false;
  let values: Expression[] = [];
  if (!reader.takes(')')) {
    distinct = reader.takes('DISTINCT');
    if (!distinct) reader.takes('ALL');
    star = reader.takes('*');
    if (!star) values = reader.list(() => reader.expression());
    reader.expect(')');
  }
  for (const [first, second] of [
    ['IGNORE', 'NULLS'],
    ['FILTER', '('],
    ['WITHIN', 'GROUP'],
  ] as const) {
    if (reader.sees(first, second)) throw new SqlError(`${first} ${second} is not supported.`, reader.at);
  }
  reader.takes('RESPECT', 'NULLS');
  const over = reader.takes('OVER') ? (reader.sees('(') ? parseWindow(reader) : reader.name('a window')) : undefined;
  return { kind: 'call', at, name, arguments: values, distinct, star, over };
}

/** Functions whose arguments have words between them. */
export function parseSpecialCall(reader: TokenReader, at: TextPosition): Expression | undefined {
  const bare = BARE.find((one) => reader.takes(one));
  if (bare !== undefined) {
    if (reader.takes('(')) reader.expect(')');
    return call(bare, at, []);
  }
  const rounding = reader.takes('FLOOR', '(')
    ? 'FLOOR'
    : reader.takes('CEIL', '(') || reader.takes('CEILING', '(')
      ? 'CEIL'
      : undefined;
  if (rounding) return parseRounding(reader, rounding, at);
  if (reader.takes('STEP', '(')) return parseStep(reader, at);
  if (reader.takes('EXTRACT', '(')) {
    const unit = expectUnit(reader);
    reader.expect('FROM');
    const operand = reader.expression();
    reader.expect(')');
    return { kind: 'unit', at, operator: 'EXTRACT', operand, unit };
  }
  if (reader.takes('SUBSTRING', '(')) return withWords(reader, 'SUBSTRING', at, ['FROM', 'FOR']);
  if (reader.takes('OVERLAY', '(')) return withWords(reader, 'OVERLAY', at, ['PLACING', 'FROM', 'FOR']);
  if (reader.takes('POSITION', '(')) {
    // "IN" belongs to the function: what is looked for is a single operand, not a predicate.
    const [sought, within] = [parseBefore(reader, 'IN'), reader.expression()];
    reader.expect(')');
    return call('POSITION', at, [sought, within]);
  }
  return reader.takes('TRIM', '(') ? parseTrim(reader, at) : undefined;
}

function parseBefore(reader: TokenReader, word: string): Expression {
  const { at } = reader;
  const token = reader.next();
  const simple: Expression =
    token.kind === 'string'
      ? { kind: 'literal', at, type: VARCHAR, value: token.text }
      : { kind: 'column', at, qualifier: undefined, name: token.text };
  const qualified =
    simple.kind === 'column' && reader.takes('.')
      ? { ...simple, qualifier: simple.name, name: reader.name('a column') }
      : simple;
  reader.expect(word);
  return qualified;
}

function parseRounding(reader: TokenReader, operator: 'FLOOR' | 'CEIL', at: TextPosition): Expression {
  const operand = reader.expression();
  const unit = reader.takes('TO') ? expectUnit(reader) : undefined;
  reader.expect(')');
  return unit === undefined ? call(operator, at, [operand]) : { kind: 'unit', at, operator, operand, unit };
}

function parseStep(reader: TokenReader, at: TextPosition): Expression {
  const operand = reader.expression();
  reader.expect('BY');
  const interval = reader.expression();
  reader.expect(')');
  return { kind: 'step', at, operand, interval };
}

/** `SUBSTRING(a FROM b FOR c)`, and the same with commas. */
function withWords(reader: TokenReader, name: string, at: TextPosition, words: readonly string[]): Expression {
  const values = [reader.expression()];
  for (const word of words) if (reader.takes(word) || reader.takes(',')) values.push(reader.expression());
  reader.expect(')');
  return call(name, at, values);
}

function parseTrim(reader: TokenReader, at: TextPosition): Expression {
  const side = (['BOTH', 'LEADING', 'TRAILING'] as const).find((one) => reader.takes(one)) ?? 'BOTH';
  const blank: Expression = { kind: 'literal', at, type: VARCHAR, value: ' ' };
  const first = reader.sees('FROM') ? blank : reader.expression();
  const [chars, text] = reader.takes('FROM') ? [first, reader.expression()] : [blank, first];
  reader.expect(')');
  return call('TRIM', at, [{ kind: 'literal', at, type: VARCHAR, value: side }, chars, text]);
}

function call(name: string, at: TextPosition, values: readonly Expression[]): CallExpression {
  return { kind: 'call', at, name, arguments: values, distinct: false, star: false, over: undefined };
}
