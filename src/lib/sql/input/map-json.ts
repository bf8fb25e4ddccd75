import { UsageError } from '../../shared/errors.js';
import { RowError } from '../sql-error.js';
import type { Row, SqlType } from '../types/sql-type.js';
import { type Coerce, coercerOf } from './coerce-value.js';
import type { InputRecord, InputSchema } from './input-schema.js';
import { follow, type JsonPath, parseJsonPath } from './json-path.js';
import { addRecordColumns, type MapRecord, textOf } from './record-rows.js';

interface MappedColumn {
  readonly coerce: Coerce;
  readonly path: JsonPath;
  /** The only member of a plain path, the usual case. */
  readonly member: string | undefined;
}

/** Reads the rows of JSON records. */
export function jsonMapper(schema: InputSchema, types: readonly SqlType[]): MapRecord {
  const rowPath = parseJsonPath(schema.rowPath ?? '$');
  const columns = schema.columns.map((column, index): MappedColumn => {
    const path =
      column.mapping === undefined ? { members: [column.name], ofElements: undefined } : parseJsonPath(column.mapping);
    const plain = path.members.length === 1 && path.ofElements === undefined;
    return {
      coerce: coercerOf(types[index] ?? { name: 'VARCHAR' }),
      path,
      member: plain ? path.members[0] : undefined,
    };
  });
  const list = flattenedList(schema, columns);
  return (record, at, sinks) => {
    const text = typeof record.data === 'string' || record.data instanceof Uint8Array ? textOf(record.data) : undefined;
    let root: unknown;
    try {
      root = text === undefined ? record.data : JSON.parse(text);
    } catch {
      sinks.rejected({ errorName: 'InvalidRecord', message: 'The record is not JSON.', data: text ?? '' });
      return;
    }
    const source: Source = { record, text, rowPath, list };
    const found = follow(root, rowPath.members);
    const roots = Array.isArray(found) ? found : [found];
    for (const [index, one] of roots.entries()) {
      const base = rowPath.ofElements ? follow(one, rowPath.ofElements) : one;
      const elements = list === undefined ? undefined : follow(base, list);
      const count = Array.isArray(elements) ? Math.max(1, elements.length) : 1;
      for (let element = 0; element < count; element += 1) {
        const place = {
          base,
          index,
          element: Array.isArray(elements) ? elements[element] : undefined,
          elementIndex: element,
        };
        try {
          sinks.row(readRow(columns, place, at, source));
        } catch (error) {
          if (!(error instanceof RowError)) throw error;
          sinks.rejected({
            errorName: error.errorName,
            message: error.message,
            data: text ?? JSON.stringify(base) ?? '',
          });
        }
      }
    }
  };
}

interface Source {
  readonly record: InputRecord;
  readonly text: string | undefined;
  readonly rowPath: JsonPath;
  readonly list: readonly string[] | undefined;
}

interface Place {
  readonly base: unknown;
  readonly index: number;
  readonly element: unknown;
  readonly elementIndex: number;
}

function readRow(columns: readonly MappedColumn[], place: Place, at: number, source: Source): Row {
  const row: Row = new Array(columns.length + 5);
  row[0] = at;
  const { base } = place;
  const object = typeof base === 'object' && base !== null ? (base as Record<string, unknown>) : undefined;
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index];
    if (column === undefined) continue;
    const { member, path } = column;
    const value =
      member !== undefined
        ? object !== undefined && Object.hasOwn(object, member)
          ? object[member]
          : undefined
        : valueAt(path, base, place.element);
    row[index + 1] = column.coerce(value, () => exactText(path, place, source, value));
  }
  addRecordColumns(row, columns.length + 1, source.record);
  return row;
}

function valueAt(path: JsonPath, base: unknown, element: unknown): unknown {
  if (path.ofElements === undefined || path.ofElements.length === 0) return follow(base, path.members);
  return follow(element, path.ofElements);
}

/** The list whose elements are rows of their own; DG allows one such list in a schema. */
function flattenedList(schema: InputSchema, columns: readonly MappedColumn[]): readonly string[] | undefined {
  const lists = columns
    .filter(({ path }) => path.ofElements && path.ofElements.length > 0)
    .map(({ path }) => path.members);
  const [first] = lists;
  const other = lists.find((members) => JSON.stringify(members) !== JSON.stringify(first));
  if (other) {
    throw new UsageError(
      `Schema of ${schema.name}: only one list can become rows, and "${other.join('.')}" is a second one.`,
      {
        hint: `Map ${other.join('.')} as a whole: $.${other.join('.')}[0:]`,
      },
    );
  }
  return first;
}

const NUMBER_OR_TEXT = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** The digits of a number as the record has them: the record is read again with its numbers as text. */
function exactText(path: JsonPath, place: Place, source: Source, value: unknown): string {
  if (source.text === undefined) return String(value);
  const root: unknown = JSON.parse(
    source.text.replaceAll(NUMBER_OR_TEXT, (token) => (token.startsWith('"') ? token : `"${token}"`)),
  );
  const found = follow(root, source.rowPath.members);
  const one: unknown = Array.isArray(found) ? found[place.index] : found;
  const base = source.rowPath.ofElements ? follow(one, source.rowPath.ofElements) : one;
  const elements = source.list === undefined ? undefined : follow(base, source.list);
  const exact = valueAt(path, base, Array.isArray(elements) ? elements[place.elementIndex] : undefined);
  return typeof exact === 'string' ? exact : String(value);
}
