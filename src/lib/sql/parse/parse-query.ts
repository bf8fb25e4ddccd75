import { SqlError } from '../sql-error.js';
import type { Expression } from './expression-syntax.js';
import { parseSource } from './parse-source.js';
import { parseOrderBy, parseStagger, parseWindow } from './parse-window.js';
import type { NamedWindow, Query, Select, SelectItem } from './syntax.js';
import type { TokenReader } from './token-reader.js';

const MOST_PARTS = 100;

/** SELECT … UNION ALL SELECT … . STREAM may be left out, as Flink does. */
export function parseQuery(reader: TokenReader): Query {
  const { at } = reader;
  const parts = [parseSelect(reader)];
  while (reader.takes('UNION')) {
    reader.checkCount(parts.length + 1, MOST_PARTS, 'parts of UNION ALL');
    if (!reader.takes('ALL')) throw new SqlError('UNION without ALL is not supported.', reader.at, 'Use UNION ALL.');
    parts.push(parseSelect(reader));
  }
  for (const word of ['INTERSECT', 'EXCEPT', 'MINUS', 'LIMIT', 'FETCH', 'OFFSET']) {
    if (reader.sees(word)) throw new SqlError(`${word} is not supported on a stream.`, reader.at);
  }
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const last = parts.at(-1);
  return {
    kind: 'union-all',
    at,
    parts: parts.map((part) => ({ ...part, orderBy: [] })),
    orderBy: last?.orderBy ?? [],
  };
}

function parseSelect(reader: TokenReader): Select {
  if (reader.takes('(')) {
    const inner = reader.nested(() => parseSelect(reader));
    reader.expect(')');
    return inner;
  }
  const { at } = reader.expect('SELECT');
  reader.takes('STREAM');
  const distinct = reader.takes('DISTINCT');
  if (!distinct) reader.takes('ALL');
  const items = reader.list(() => parseItem(reader));
  reader.expect('FROM');
  const from = parseSource(reader);
  const where = reader.takes('WHERE') ? reader.expression() : undefined;
  const groupBy = reader.takes('GROUP', 'BY') ? reader.list(() => parseGroup(reader)) : [];
  const stagger = parseStagger(reader);
  const having = reader.takes('HAVING') ? reader.expression() : undefined;
  const windows = reader.takes('WINDOW') ? reader.list(() => parseNamedWindow(reader)) : [];
  if (reader.sees('QUALIFY')) throw new SqlError('QUALIFY is not supported.', reader.at);
  const orderBy = parseOrderBy(reader);
  return { kind: 'select', at, distinct, items, from, where, groupBy, stagger, having, windows, orderBy };
}

function parseGroup(reader: TokenReader): Expression {
  for (const word of ['ROLLUP', 'CUBE', 'GROUPING']) {
    if (reader.sees(word)) throw new SqlError(`GROUP BY ${word} is not supported.`, reader.at);
  }
  return reader.expression();
}

function parseItem(reader: TokenReader): SelectItem {
  const expression = reader.expression();
  if (reader.takes('AS')) return { expression, alias: reader.name('a name for the column') };
  const token = reader.peek();
  const named = token.kind === 'name' || (token.kind === 'word' && !reader.sees('FROM'));
  return { expression, alias: named && expression.kind !== 'star' ? reader.next().text : undefined };
}

function parseNamedWindow(reader: TokenReader): NamedWindow {
  const name = reader.name('the name of a window');
  reader.expect('AS');
  return { name, window: parseWindow(reader) };
}
