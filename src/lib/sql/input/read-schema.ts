import { UsageError } from '../../shared/errors.js';
import { parseType } from '../parse/parse-type.js';
import { TokenReader } from '../parse/token-reader.js';
import { writeType } from '../types/sql-type.js';
import { writeJsonPath } from './infer-schema.js';
import type { InputColumn, InputSchema } from './input-schema.js';

/** A schema as the API of Kinesis Analytics, and AWS's templates, write it. */
export interface SourceSchema {
  RecordFormat?:
    | {
        RecordFormatType?: string | undefined;
        MappingParameters?:
          | {
              JSONMappingParameters?: { RecordRowPath?: string | undefined } | undefined;
              CSVMappingParameters?:
                | { RecordRowDelimiter?: string | undefined; RecordColumnDelimiter?: string | undefined }
                | undefined;
            }
          | undefined;
      }
    | undefined;
  RecordColumns?:
    | readonly { Name?: string | undefined; SqlType?: string | undefined; Mapping?: string | undefined }[]
    | undefined;
}

/** The schema of an input, from AWS's form. */
export function readSourceSchema(name: string, { RecordFormat, RecordColumns = [] }: SourceSchema): InputSchema {
  const csv = RecordFormat?.MappingParameters?.CSVMappingParameters;
  const rowPath = RecordFormat?.MappingParameters?.JSONMappingParameters?.RecordRowPath;
  return {
    name,
    format: RecordFormat?.RecordFormatType === 'CSV' ? 'CSV' : 'JSON',
    columns: RecordColumns.map(({ Name = '', SqlType = 'VARCHAR', Mapping }) => ({
      name: Name,
      type: SqlType,
      ...(Mapping !== undefined && Mapping !== '' && { mapping: Mapping }),
    })),
    ...(rowPath !== undefined && { rowPath }),
    ...(csv?.RecordColumnDelimiter !== undefined && { columnDelimiter: csv.RecordColumnDelimiter }),
    ...(csv?.RecordRowDelimiter !== undefined && { rowDelimiter: csv.RecordRowDelimiter }),
  };
}

/**
 * Reads the schema in a file: AWS's form (`RecordColumns`, or an `InputSchema` around it), or `{"columns": [{"name", "type", "mapping"}]}`.
 * @param file how the file is called in errors
 * @throws UsageError
 */
export function parseSchemaFile(name: string, text: string, file: string): InputSchema {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--schema: ${file} is not JSON: ${(error as Error).message}.`, { cause: error });
  }
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const schema = (given.InputSchema ?? given) as Record<string, unknown>;
  if (Array.isArray(schema.RecordColumns)) return readSourceSchema(name, schema as SourceSchema);
  if (Array.isArray(schema.columns)) return { ...(schema as unknown as InputSchema), name };
  throw new UsageError(`--schema: ${file} has no columns.`, {
    hint: 'Write {"columns": [{"name": "price", "type": "DOUBLE"}]}, or the InputSchema of an application.',
  });
}

/**
 * Reads `id VARCHAR(16), price DECIMAL(10,2)`; the names are the records' fields, as they are written.
 * @throws UsageError
 */
export function parseColumns(text: string): InputColumn[] {
  const reader = new TokenReader(text);
  const columns = reader.list(() => {
    const token = reader.peek();
    reader.name('a column');
    const name = token.kind === 'name' ? token.text : text.slice(token.from, token.to);
    return { name, type: writeType(parseType(reader)), mapping: writeJsonPath([name]) };
  });
  if (reader.peek().kind !== 'end') throw reader.unexpected('"," or the end of the columns');
  return columns;
}
