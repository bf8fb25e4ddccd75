import { UsageError } from '../../shared/errors.js';
import { RowError } from '../sql-error.js';
import type { Row, SqlType } from '../types/sql-type.js';
import { type Coerce, coercerOf } from './coerce-value.js';
import type { InputRecord, InputSchema } from './input-schema.js';
import { follow, type JsonPath, parseJsonPath } from './json-path.js';
import { addRecordColumns, type MapRecord, shownJson, textOf } from './record-rows.js';

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
  const reader = new RowReader(columns, rowPath, list);
  return (record, at, sinks) => {
    const text = typeof record.data === 'string' || record.data instanceof Uint8Array ? textOf(record.data) : undefined;
    let root: unknown;
    try {
      root = text === undefined ? record.data : JSON.parse(text);
    } catch {
      sinks.rejected({ errorName: 'InvalidRecord', message: 'The record is not JSON.', data: text ?? '' });
      return;
    }
    const found = follow(root, rowPath.members);
    const roots = Array.isArray(found) ? found : [found];
    for (let index = 0; index < roots.length; index += 1) {
      const base: unknown = rowPath.ofElements ? follow(roots[index], rowPath.ofElements) : roots[index];
      const elements = list === undefined ? undefined : follow(base, list);
      const count = Array.isArray(elements) ? Math.max(1, elements.length) : 1;
      for (let element = 0; element < count; element += 1) {
        try {
          reader.text = text;
          reader.index = index;
          reader.elementIndex = element;
          sinks.row(reader.read(base, Array.isArray(elements) ? elements[element] : undefined, at, record));
        } catch (error) {
          if (!(error instanceof RowError)) throw error;
          sinks.rejected({
            errorName: error.errorName,
            message: error.message,
            data: text ?? shownJson(base),
          });
        }
      }
    }
  };
}

/** Reads one row. It remembers where it is, so that a number's own digits can be looked up without making anything for the usual row. */
class RowReader {
  text: string | undefined;
  index = 0;
  elementIndex = 0;
  readonly #columns: readonly MappedColumn[];
  readonly #rowPath: JsonPath;
  readonly #list: readonly string[] | undefined;
  #path: JsonPath;
  #value: unknown;

  constructor(columns: readonly MappedColumn[], rowPath: JsonPath, list: readonly string[] | undefined) {
    this.#columns = columns;
    this.#rowPath = rowPath;
    this.#list = list;
    this.#path = rowPath;
  }

  read(base: unknown, element: unknown, at: number, record: InputRecord): Row {
    const columns = this.#columns;
    const row: Row = new Array(columns.length + 5);
    row[0] = at;
    const object = typeof base === 'object' && base !== null ? (base as Record<string, unknown>) : undefined;
    for (let index = 0; index < columns.length; index += 1) {
      const column = columns[index];
      if (column === undefined) continue;
      const { member, path } = column;
      let value: unknown;
      if (member === undefined) value = valueAt(path, base, element);
      else if (object !== undefined && Object.hasOwn(object, member)) value = object[member];
      this.#path = path;
      this.#value = value;
      row[index + 1] = column.coerce(value, this.#exact);
    }
    addRecordColumns(row, columns.length + 1, record);
    return row;
  }

  /** The digits of a number as the record has them: the record is read again with its numbers as text. */
  readonly #exact = (): string => {
    if (this.text === undefined) return String(this.#value);
    const quotedNumbers = this.text.replaceAll(NUMBER_OR_TEXT, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    );
    const found = follow(JSON.parse(quotedNumbers), this.#rowPath.members);
    const one: unknown = Array.isArray(found) ? found[this.index] : found;
    const base = this.#rowPath.ofElements ? follow(one, this.#rowPath.ofElements) : one;
    const elements = this.#list === undefined ? undefined : follow(base, this.#list);
    const exact = valueAt(this.#path, base, Array.isArray(elements) ? elements[this.elementIndex] : undefined);
    return typeof exact === 'string' ? exact : String(this.#value);
  };
}

const NUMBER_OR_TEXT = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

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
