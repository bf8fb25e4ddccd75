import { type LogColumn, parseColumnList } from '../parse/parse-column-list.js';
import type { Bound } from '../plan/bound.js';
import { RowError, SqlError, type TextPosition } from '../sql-error.js';
import { castBetween } from '../types/cast-value.js';
import { type SqlType, VARCHAR, type Value } from '../types/sql-type.js';
import { parsePattern } from './simple-date-format.js';

/** SQL Reference: columns without a name are COLUMN1, COLUMN2, …, each VARCHAR(1024). */
export function numberedColumns(count: number): LogColumn[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `COLUMN${index + 1}`,
    type: { name: 'VARCHAR', precision: 1024 },
  }));
}

/** The columns that an argument lists, or as many numbered ones as there are. */
export function logColumns(argument: Bound | undefined, count: number, name: string, at: TextPosition): LogColumn[] {
  if (!argument) return numberedColumns(count);
  const listed = argument.constant?.value;
  if (typeof listed !== 'string') throw new SqlError(`${name} needs columns that are the same for every row.`, at);
  return parseColumnList(listed, at);
}

/** A function of a log line whose value is a row. Cells that are missing are null; cells that do not fit are the row's error. */
export function logRow(
  text: Bound,
  columns: readonly LogColumn[],
  split: (line: string, now: number) => readonly Value[] | undefined,
  run = { now: 0 },
): Bound {
  const converts = columns.map(({ type, format }) => converterOf(type, format));
  const type: SqlType = { name: 'ROW', fields: columns };
  return {
    type,
    evaluate: (row) => {
      const line = text.evaluate(row);
      const cells = line === null ? undefined : split(String(line), run.now);
      return cells === undefined ? null : columns.map((_, index) => converts[index]?.(cells[index] ?? null) ?? null);
    },
  };
}

function converterOf(type: SqlType, format: string | undefined): (value: Value) => Value {
  const cast = castBetween(VARCHAR, type);
  return (value) => {
    if (typeof value !== 'string') return value;
    if (format === undefined) return cast?.(value) ?? null;
    const ms = parsePattern(format, value);
    if (ms === undefined)
      throw new RowError('InvalidDatetime', `'${value.slice(0, 100)}' does not match the format '${format}'.`);
    return castBetween({ name: 'TIMESTAMP' }, type)?.(ms) ?? null;
  };
}
