import { formatValue } from './cast-value.js';
import { type Column, familyOf, type Value } from './sql-type.js';

/**
 * One row as a JSON object, with the numbers of BIGINT and DECIMAL to their last digit. Times are text as the dialect writes them.
 * @param values one for each column, without ROWTIME
 */
export function writeJsonRow(columns: readonly Column[], values: readonly Value[]): string {
  const members = columns.map(
    (column, index) => `${JSON.stringify(column.name)}:${writeJsonValue(values[index] ?? null, column)}`,
  );
  return `{${members.join(',')}}`;
}

function writeJsonValue(value: Value, column: Column): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (familyOf(column.type) !== 'number') return JSON.stringify(formatValue(value, column.type));
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  return formatValue(value, column.type);
}

/** One row as CSV, quoted where a value holds the delimiter, a quote or a line break. */
export function writeCsvRow(columns: readonly Column[], values: readonly Value[], delimiter = ','): string {
  return columns
    .map((column, index) => {
      const text = formatValue(values[index] ?? null, column.type);
      return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(delimiter);
}
