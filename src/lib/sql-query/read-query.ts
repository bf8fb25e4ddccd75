import { readFile } from 'node:fs/promises';
import { UsageError } from '../shared/errors.js';
import type { InputSchema } from '../sql/input/input-schema.js';
import { inputNameIn, nameAsWritten } from '../sql/input/name-as-written.js';
import { parseColumns, parseSchemaFile } from '../sql/input/read-schema.js';
import { parseScript } from '../sql/parse/parse-script.js';

/**
 * The stream and the text of `sql [STREAM] QUERY` and `sql [STREAM] --file FILE`; its syntax is checked before anything is read.
 * @throws UsageError, SqlError
 */
export async function readQuery(
  words: { first: string | undefined; second: string | undefined },
  file: string | undefined,
): Promise<{ stream: string | undefined; sql: string }> {
  const { first, second } = words;
  if (file !== undefined) {
    if (second !== undefined)
      throw new UsageError('--file and QUERY cannot be used together.', { hint: 'Leave one of them out.' });
    return { stream: first, sql: checked(await readText('--file', file)) };
  }
  const sql = second ?? first;
  if (sql === undefined || (second === undefined && !/\s/.test(sql.trim())))
    throw new UsageError('Missing argument: QUERY.', {
      hint: `For example: pipectl sql ${sql ?? 'orders'} 'SELECT STREAM * FROM "SOURCE_SQL_STREAM_001"'`,
    });
  return { stream: second === undefined ? undefined : first, sql: checked(sql) };
}

function checked(sql: string): string {
  parseScript(sql);
  return sql;
}

/** The schema that `--columns` or `--schema` gives; undefined if it is to be inferred. @throws UsageError */
export async function readInput(
  sql: string,
  stream: string,
  flags: { columns?: string | undefined; schema?: string | undefined },
): Promise<{ inputName: string; schema: InputSchema | undefined }> {
  const inputName = inputNameIn(sql, stream);
  const { columns, schema } = flags;
  if (columns !== undefined)
    return { inputName, schema: { name: inputName, columns: nameAsWritten(sql, parseColumns(columns)) } };
  if (schema === undefined) return { inputName, schema: undefined };
  return { inputName, schema: parseSchemaFile(inputName, await readText('--schema', schema), schema) };
}

async function readText(flag: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UsageError(`${flag}: ${path}: ${missing ? 'file not found' : (error as Error).message}.`, {
      cause: error,
    });
  }
}
