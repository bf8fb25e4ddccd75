import { SqlError, type TextPosition } from '../sql-error.js';
import type { Expression } from './expression-syntax.js';
import { parseWindow } from './parse-window.js';
import type { JoinKind, Source, TableArgument, TableFunctionSource } from './syntax.js';
import type { TokenReader } from './token-reader.js';

/** Words behind a source that are not its alias. */
const AFTER_SOURCE = new Set(
  'WHERE GROUP HAVING WINDOW WINDOWED ORDER UNION ON USING JOIN INNER LEFT RIGHT FULL CROSS NATURAL OVER AS FOR INTERSECT EXCEPT MINUS LIMIT FETCH OFFSET QUALIFY'.split(
    ' ',
  ),
);

const MOST_JOINS = 100;

/** What stands behind FROM: streams, subqueries, table functions, and joins of them. */
export function parseSource(reader: TokenReader): Source {
  let left = parseOne(reader);
  for (let joins = 0; ; joins += 1) {
    reader.checkCount(joins, MOST_JOINS, 'joins');
    const { at } = reader;
    if (reader.takes(','))
      left = { kind: 'join', at, join: 'CROSS', left, right: parseOne(reader), on: undefined, using: [] };
    else {
      const join = takeJoin(reader);
      if (join === undefined) return left;
      left = parseJoin(reader, join, left, at);
    }
  }
}

function takeJoin(reader: TokenReader): JoinKind | undefined {
  if (reader.sees('NATURAL'))
    throw new SqlError('NATURAL JOIN is not supported.', reader.at, 'Write the condition behind ON.');
  if (reader.takes('JOIN') || reader.takes('INNER', 'JOIN')) return 'INNER';
  if (reader.takes('CROSS', 'JOIN')) return 'CROSS';
  return (['LEFT', 'RIGHT', 'FULL'] as const).find(
    (side) => reader.takes(side, 'OUTER', 'JOIN') || reader.takes(side, 'JOIN'),
  );
}

function parseJoin(reader: TokenReader, join: JoinKind, left: Source, at: TextPosition): Source {
  const right = parseOne(reader);
  let on: Expression | undefined;
  let using: string[] = [];
  if (join !== 'CROSS') {
    if (reader.takes('USING', '(')) {
      using = reader.list(() => reader.name('a column'));
      reader.expect(')');
    } else {
      reader.expect('ON');
      on = reader.expression();
    }
  }
  return { kind: 'join', at, join, left, right, on, using };
}

function parseOne(reader: TokenReader): Source {
  const { at } = reader;
  if (reader.sees('(')) return reader.nested(() => parseParenthesis(reader, at));
  if (reader.sees('LATERAL') || reader.sees('UNNEST'))
    throw new SqlError(`${reader.peek().text} is not supported.`, at);
  if (reader.takes('TABLE', '(')) {
    const call = parseTableFunction(reader);
    reader.expect(')');
    return { ...call, ...parseAlias(reader) };
  }
  const name = reader.name('a stream');
  if (reader.sees('(')) return { ...parseTableFunction(reader, { name, at }), ...parseAlias(reader) };
  let full = name;
  while (reader.takes('.')) full = reader.name('a stream');
  if (reader.sees('FOR', 'SYSTEM_TIME')) throw new SqlError('FOR SYSTEM_TIME is not supported.', reader.at);
  const { window, alias } = parseWindowedAlias(reader);
  return { kind: 'stream', name: full, at, alias, window };
}

function parseParenthesis(reader: TokenReader, at: TextPosition): Source {
  reader.expect('(');
  if (!reader.sees('SELECT') && !reader.sees('(')) {
    const inner = parseSource(reader);
    reader.expect(')');
    return inner;
  }
  const query = reader.query();
  reader.expect(')');
  return { kind: 'subquery', at, query, ...parseWindowedAlias(reader) };
}

/** `OVER (…) AS a`, `AS a OVER w`, `a (x, y)`. */
function parseWindowedAlias(reader: TokenReader): {
  window: ReturnType<typeof parseWindow> | string | undefined;
  alias: string | undefined;
  columns: string[] | undefined;
} {
  const takeOver = (): ReturnType<typeof parseWindow> | string | undefined =>
    reader.takes('OVER') ? (reader.sees('(') ? parseWindow(reader) : reader.name('a window')) : undefined;
  const before = takeOver();
  const { alias, columns } = parseAlias(reader);
  const window = before ?? takeOver();
  // DG, "Stream Joins": `JOIN TradeStream OVER t ON o.id = t.id`, where the window's name is the source's too.
  return { window, alias: alias ?? (typeof window === 'string' ? window : undefined), columns };
}

function parseAlias(reader: TokenReader): { alias: string | undefined; columns: string[] | undefined } {
  const token = reader.peek();
  const explicit = reader.takes('AS');
  const named = token.kind === 'name' || (token.kind === 'word' && !AFTER_SOURCE.has(token.text));
  if (!explicit && !named) return { alias: undefined, columns: undefined };
  const alias = reader.name('an alias');
  if (!reader.takes('(')) return { alias, columns: undefined };
  const columns = reader.list(() => reader.name('a column'));
  reader.expect(')');
  return { alias, columns };
}

function parseTableFunction(reader: TokenReader, known?: { name: string; at: TextPosition }): TableFunctionSource {
  const { at } = known ?? reader;
  const name = known?.name ?? reader.name('a table function');
  reader.expect('(');
  const values = reader.takes(')') ? [] : reader.list(() => parseTableArgument(reader));
  if (values.length > 0) reader.expect(')');
  return { kind: 'table-function', name, at, arguments: values, alias: undefined, columns: undefined };
}

function parseTableArgument(reader: TokenReader): TableArgument {
  // Flink names its arguments: DATA => TABLE s, TIMECOL => DESCRIPTOR(t).
  if (reader.peek(1).text === '=>' && reader.peek().kind === 'word') {
    reader.next();
    reader.next();
  }
  const { at } = reader;
  if (reader.takes('CURSOR', '(')) {
    const query = reader.query();
    reader.expect(')');
    return { kind: 'cursor', query };
  }
  if (reader.takes('TABLE')) {
    const wrapped = reader.takes('(');
    const name = reader.name('a stream');
    if (wrapped) reader.expect(')');
    const partitionBy = reader.takes('PARTITION', 'BY') ? partitionColumns(reader) : [];
    return { kind: 'table', name, at, partitionBy };
  }
  if (reader.takes('DESCRIPTOR', '(')) {
    const columns = reader.list(() => reader.name('a column'));
    reader.expect(')');
    return { kind: 'descriptor', columns, at };
  }
  return { kind: 'value', expression: reader.expression() };
}

/** Flink: `TABLE s PARTITION BY k, DESCRIPTOR(t)` or `PARTITION BY (k, l)`. The next argument follows the same comma. */
function partitionColumns(reader: TokenReader): string[] {
  if (reader.takes('(')) {
    const columns = reader.list(() => reader.name('a column'));
    reader.expect(')');
    return columns;
  }
  const columns = [reader.name('a column')];
  while (reader.sees(',') && reader.peek(2).text !== '(' && reader.peek(2).text !== '=>') {
    reader.next();
    columns.push(reader.name('a column'));
  }
  return columns;
}
