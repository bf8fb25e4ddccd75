import type { InputSchema } from '../input/input-schema.js';
import { columnsOf } from '../plan/plan-application.js';
import { type Column, familyOf } from '../types/sql-type.js';
import { flinkType, quoted, writeOptions } from './flink-names.js';

/**
 * An input as a table with wide types, and a view over it that narrows them by the dialect's rules. Flink's own conversion makes 9500 of 9500.75, and
 * keeps forty characters in a VARCHAR(32); here a number that does not fit its column leaves its row out, and text is cut.
 */
export function writeSourceTable(input: InputSchema, options: Readonly<Record<string, string>>): string[] {
  const columns = columnsOf(input);
  const raw = `${input.name}_RAW`;
  const definitions = columns.map((column) => `${quoted(column.name)} ${rawType(column)}`);
  const table = `CREATE TABLE ${quoted(raw)} (${[...definitions, '`ROWTIME` AS PROCTIME()'].join(', ')})\nWITH (${writeOptions(options)})`;
  const items = [...columns.map(narrowed), '`ROWTIME`'];
  const conditions = columns.flatMap((column) => conditionOf(column) ?? []);
  const where = conditions.length > 0 ? `\nWHERE ${conditions.join(' AND ')}` : '';
  return [
    table,
    `CREATE TEMPORARY VIEW ${quoted(input.name)} AS\nSELECT ${items.join(', ')}\nFROM ${quoted(raw)}${where}`,
  ];
}

/** Numbers that a DOUBLE holds exactly come as DOUBLE; everything else, BIGINT and DECIMAL too, as text. */
function rawType({ type }: Column): string {
  if (familyOf(type) === 'boolean') return 'BOOLEAN';
  if (familyOf(type) !== 'number' || type.name === 'BIGINT' || type.name === 'DECIMAL') return 'STRING';
  return 'DOUBLE';
}

function narrowed({ name, type }: Column): string {
  const column = quoted(name);
  if (familyOf(type) === 'text') {
    return type.precision === undefined
      ? column
      : `CAST(SUBSTRING(${column} FROM 1 FOR ${type.precision}) AS ${flinkType(type)}) AS ${column}`;
  }
  if (type.name === 'DOUBLE' || type.name === 'BOOLEAN') return column;
  return `TRY_CAST(${column} AS ${flinkType(type)}) AS ${column}`;
}

function conditionOf({ name, type }: Column): string | undefined {
  const column = quoted(name);
  if (['TINYINT', 'SMALLINT', 'INTEGER'].includes(type.name))
    return `(${column} IS NULL OR ${column} = FLOOR(${column}))`;
  const converts = type.name === 'BIGINT' || type.name === 'DECIMAL' || familyOf(type) === 'time';
  return converts ? `(${column} IS NULL OR TRY_CAST(${column} AS ${flinkType(type)}) IS NOT NULL)` : undefined;
}
