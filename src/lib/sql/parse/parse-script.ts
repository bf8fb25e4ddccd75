import { SqlError } from '../sql-error.js';
import { parseExpression } from './parse-expression.js';
import { parseQuery } from './parse-query.js';
import { parseType } from './parse-type.js';
import type { ColumnDefinition, CreateStream, InsertStatement, Script, Statement } from './syntax.js';
import { TokenReader } from './token-reader.js';

/** Parses an application's code: statements with semicolons between. @throws SqlError with line and column */
export function parseScript(sql: string): Script {
  const reader = new TokenReader(sql, { expression: parseExpression, query: parseQuery });
  const statements: Statement[] = [];
  while (reader.takes(';'));
  while (reader.peek().kind !== 'end') {
    statements.push(parseStatement(reader));
    if (reader.peek().kind !== 'end') reader.expect(';');
    while (reader.takes(';'));
  }
  return { statements };
}

function parseStatement(reader: TokenReader): Statement {
  const { at } = reader;
  if (reader.sees('CREATE')) return parseCreate(reader);
  if (reader.sees('INSERT')) return parseInsert(reader);
  if (reader.sees('SELECT') || reader.sees('(')) return { kind: 'query', at, query: reader.query() };
  for (const word of ['DROP', 'ALTER', 'UPDATE', 'DELETE', 'SET', 'EXECUTE', 'WITH', 'VALUES', 'MERGE']) {
    if (reader.sees(word))
      throw new SqlError(
        `${word} is not supported.`,
        at,
        'Use CREATE STREAM, CREATE PUMP, INSERT INTO or SELECT STREAM.',
      );
  }
  throw reader.unexpected('CREATE, INSERT or SELECT');
}

function parseCreate(reader: TokenReader): Statement {
  reader.expect('CREATE');
  reader.takes('OR', 'REPLACE');
  const { at } = reader;
  if (reader.takes('STREAM')) return parseStream(reader);
  if (reader.takes('PUMP')) {
    const name = reader.name('a name');
    reader.takes('STOPPED') || reader.takes('STARTED');
    reader.expect('AS');
    return { kind: 'create-pump', name, at, insert: parseInsert(reader) };
  }
  if (reader.peek().kind === 'word') {
    throw new SqlError(`CREATE ${reader.peek().text} is not supported.`, at, 'Use CREATE STREAM or CREATE PUMP.');
  }
  throw reader.unexpected('STREAM or PUMP');
}

function parseStream(reader: TokenReader): CreateStream {
  const { at } = reader;
  const name = reader.name('a name');
  let columns: ColumnDefinition[] | undefined;
  if (reader.takes('(')) {
    columns = reader.list(() => parseColumn(reader));
    reader.expect(')');
  }
  if (reader.takes('DESCRIPTION')) reader.string('a description');
  const query = reader.takes('AS') ? reader.query() : undefined;
  if (!columns && !query) throw reader.unexpected('"(" and columns');
  return { kind: 'create-stream', name, at, columns, query };
}

function parseColumn(reader: TokenReader): ColumnDefinition {
  const { at } = reader;
  const name = reader.name('a column');
  if (name === 'ROWTIME')
    throw new SqlError('every stream has a ROWTIME column already.', at, 'Remove it, or name it differently.');
  const type = parseType(reader);
  if (reader.takes('NOT')) reader.expect('NULL');
  if (reader.sees('DEFAULT') || reader.sees('PRIMARY') || reader.sees('OPTIONS')) {
    throw new SqlError(`${reader.peek().text} is not supported on a column.`, reader.at);
  }
  return { name, type, at };
}

function parseInsert(reader: TokenReader): InsertStatement {
  const { at } = reader.expect('INSERT');
  reader.takes('EXPEDITED');
  reader.expect('INTO');
  let into = reader.name('a stream');
  while (reader.takes('.')) into = reader.name('a stream');
  let columns: string[] | undefined;
  if (reader.sees('(') && reader.peek(1).text !== 'SELECT') {
    reader.expect('(');
    columns = reader.list(() => reader.name('a column'));
    reader.expect(')');
  }
  if (reader.sees('VALUES'))
    throw new SqlError('INSERT with VALUES is not supported.', reader.at, 'Insert from a SELECT STREAM.');
  return { kind: 'insert', at, into, columns, query: reader.query() };
}
