import { SqlError, type TextPosition } from '../sql-error.js';
import { parseDate, parseTime, parseTimestamp } from '../types/date-time.js';
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  decimalType,
  INTEGER,
  MOST_DIGITS,
  NULL_TYPE,
  TIME,
  TIMESTAMP,
} from '../types/sql-type.js';
import type { Expression, Literal } from './expression-syntax.js';
import { parseCall, parseSpecialCall } from './parse-call.js';
import { parseInterval, takeSize, takeUnit } from './parse-interval.js';
import { parseType } from './parse-type.js';
import type { TokenReader } from './token-reader.js';

/** Words that end an expression and therefore never begin one. */
const RESERVED = new Set(
  'SELECT FROM WHERE GROUP HAVING WINDOW ORDER UNION ON JOIN AS AND OR THEN ELSE END WHEN BY BETWEEN IN IS LIKE OVER PARTITION RANGE ROWS WINDOWED USING'.split(
    ' ',
  ),
);
const MOST_INTEGER = 2n ** 31n;
const MOST_BIGINT = 2n ** 63n;

/** Literals, columns, calls, CASE, CAST and what is in parentheses. */
export function parsePrimary(reader: TokenReader): Expression {
  const token = reader.peek();
  const { at } = token;
  if (token.kind === 'number') return numberLiteral(reader.next().text, at);
  if (token.kind === 'string') return textLiteral(reader.next().text, at);
  if (token.kind === 'binary') return binaryLiteral(reader.next().text, at);
  if (reader.takes('(')) return parseParenthesis(reader);
  if (reader.takes('*')) return { kind: 'star', at, qualifier: undefined };
  if (token.kind === 'word') {
    const special = parseWord(reader, at);
    if (special) return special;
    if (RESERVED.has(token.text)) throw reader.unexpected('an expression');
  }
  if (token.kind !== 'word' && token.kind !== 'name') throw reader.unexpected('an expression');
  const name = reader.next().text;
  if (reader.sees('(')) return parseCall(reader, name, at);
  if (!reader.takes('.')) return { kind: 'column', at, qualifier: undefined, name };
  if (reader.takes('*')) return { kind: 'star', at, qualifier: name };
  const column: Expression = { kind: 'column', at, qualifier: name, name: reader.name('a column') };
  return reader.takes('.') ? { kind: 'field', at, operand: column, name: reader.name('a field') } : column;
}

function parseParenthesis(reader: TokenReader): Expression {
  if (reader.sees('SELECT')) {
    throw new SqlError(
      'a subquery inside an expression is not supported.',
      reader.at,
      'Join it, or put it behind FROM.',
    );
  }
  const inner = reader.expression();
  reader.expect(')');
  if (inner.kind !== 'binary' || inner.operator !== '-') return inner;
  const unit = takeUnit(reader);
  if (unit === undefined) return inner;
  takeSize(reader);
  if (reader.takes('TO')) takeUnit(reader);
  return { kind: 'difference', at: inner.at, left: inner.left, right: inner.right, unit };
}

function parseWord(reader: TokenReader, at: TextPosition): Expression | undefined {
  if (reader.takes('NULL')) return literal(at, NULL_TYPE, null);
  if (reader.takes('TRUE')) return literal(at, BOOLEAN, true);
  if (reader.takes('FALSE')) return literal(at, BOOLEAN, false);
  if (reader.takes('UNKNOWN')) return literal(at, BOOLEAN, null);
  if (reader.sees('INTERVAL') && (reader.peek(1).kind === 'string' || reader.peek(1).text === '-')) {
    reader.next();
    return parseInterval(reader, at);
  }
  if (reader.peek(1).kind === 'string') {
    if (reader.takes('DATE')) return timeLiteral(reader, at, DATE, parseDate);
    if (reader.takes('TIME')) return timeLiteral(reader, at, TIME, parseTime);
    if (reader.takes('TIMESTAMP')) return timeLiteral(reader, at, TIMESTAMP, parseTimestamp);
  }
  if (reader.takes('CASE')) return parseCase(reader, at);
  if (reader.takes('CAST', '(')) {
    const operand = reader.expression();
    reader.expect('AS');
    const interval = reader.sees('INTERVAL');
    if (interval)
      throw new SqlError('CAST to INTERVAL is not supported.', reader.at, "Multiply instead: n * INTERVAL '1' SECOND.");
    const type = parseType(reader);
    reader.expect(')');
    return { kind: 'cast', at, operand, type };
  }
  return parseSpecialCall(reader, at);
}

function parseCase(reader: TokenReader, at: TextPosition): Expression {
  const operand = reader.sees('WHEN') ? undefined : reader.expression();
  const branches: { when: Expression; result: Expression }[] = [];
  while (reader.takes('WHEN')) {
    const when = reader.expression();
    reader.expect('THEN');
    branches.push({ when, result: reader.expression() });
  }
  if (branches.length === 0) throw reader.unexpected('WHEN');
  const otherwise = reader.takes('ELSE') ? reader.expression() : undefined;
  reader.expect('END');
  return { kind: 'case', at, operand, branches, otherwise };
}

function numberLiteral(text: string, at: TextPosition): Expression {
  if (/e/i.test(text)) return literal(at, DOUBLE, Number(text));
  const [whole = '', fraction = ''] = text.split('.');
  const digits = BigInt(`${whole}${fraction}` || '0');
  if (fraction === '' && digits < MOST_INTEGER) return literal(at, INTEGER, Number(digits));
  if (fraction === '' && digits < MOST_BIGINT) return literal(at, BIGINT, digits);
  const precision = Math.max(String(digits).length, fraction.length, 1);
  if (precision > MOST_DIGITS) {
    throw new SqlError(
      `${text} has more than ${MOST_DIGITS} digits.`,
      at,
      'Write it as a DOUBLE, with an exponent: 1.5E0.',
    );
  }
  return literal(at, decimalType(precision, fraction.length), digits);
}

function textLiteral(text: string, at: TextPosition): Expression {
  return literal(at, { name: 'VARCHAR', precision: text.length }, text);
}

function binaryLiteral(text: string, at: TextPosition): Expression {
  if (text.length % 2 !== 0 || /[^0-9A-Fa-f]/.test(text)) {
    throw new SqlError(`X'${text}' is not an even number of hexadecimal digits.`, at);
  }
  return literal(at, { name: 'VARBINARY', precision: text.length / 2 }, text.toUpperCase());
}

function timeLiteral(
  reader: TokenReader,
  at: TextPosition,
  type: typeof DATE,
  parse: (text: string) => number | undefined,
): Expression {
  const text = reader.string('a quoted time');
  const value = parse(text);
  if (value === undefined) throw new SqlError(`'${text}' is not a valid ${type.name}.`, at);
  return literal(at, type, value);
}

function literal(at: TextPosition, type: typeof DATE, value: Literal): Expression {
  return { kind: 'literal', at, type, value };
}
