import { parseTypeText } from '../parse/parse-type.js';
import type { InputSchema } from './input-schema.js';
import { csvMapper } from './map-csv.js';
import { jsonMapper } from './map-json.js';
import type { MapRecord } from './record-rows.js';

/** How records become rows, ready to run. @throws UsageError when a type or a path of the schema is wrong */
export function recordMapper(schema: InputSchema): MapRecord {
  const types = schema.columns.map((column) => parseTypeText(column.type));
  return schema.format === 'CSV' ? csvMapper(schema, types) : jsonMapper(schema, types);
}
