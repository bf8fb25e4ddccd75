import { SqlError, type TextPosition } from '../sql-error.js';
import type { Column } from '../types/sql-type.js';
import { parseType } from './parse-type.js';
import { TokenReader } from './token-reader.js';

/** One column of a parsed log line. */
export interface LogColumn extends Column {
  /** How a time is written, in java.text.SimpleDateFormat's letters. */
  readonly format?: string;
  /** FIXED_COLUMN_LOG_PARSE: where the column begins, from 0, and how long it is. */
  readonly start?: number;
  readonly length?: number;
}

/** `"name" TYPE TIMESTAMP 'dd/MMM/yyyy:HH:mm:ss' START 0 FOR 10, …`: the columns of the LOG_PARSE functions. @throws SqlError at the text's place */
export function parseColumnList(text: string, at: TextPosition): LogColumn[] {
  try {
    const reader = new TokenReader(text);
    const columns = reader.list(() => parseColumn(reader));
    if (reader.peek().kind !== 'end') throw reader.unexpected('"," or the end of the columns');
    return columns;
  } catch (error) {
    if (error instanceof SqlError) throw new SqlError(`in the list of columns: ${error.reason}`, at);
    throw error;
  }
}

function parseColumn(reader: TokenReader): LogColumn {
  const name = reader.name('a column');
  const typed = reader.takes('TYPE') || reader.peek().kind === 'word';
  const type = typed ? parseType(reader) : { name: 'VARCHAR' as const, precision: 1024 };
  const format = reader.peek().kind === 'string' ? reader.string('a format') : undefined;
  if (reader.takes('NOT')) reader.expect('NULL');
  const start = reader.takes('START') ? reader.integer('a position') : undefined;
  const length = start !== undefined && reader.takes('FOR') ? reader.integer('a length') : undefined;
  return {
    name,
    type,
    ...(format !== undefined && { format }),
    ...(start !== undefined && { start }),
    ...(length !== undefined && { length }),
  };
}
