import { exactValue } from './json-lines.js';
import { cellText, type Field, fieldOf } from './select-fields.js';
import type { TailItem } from './tail-item.js';

/**
 * Columns are the selected fields, else those of the first object; the first line names them.
 * @param onWarning told, once each, of what the columns have no place for
 */
export function csvRenderer(
  fields: readonly Field[] | undefined,
  onWarning: (text: string) => void,
): (item: TailItem) => string {
  let columns = fields;
  let headed = false;
  const said = new Set<string>();
  const warnOnce = (kind: string, text: string): void => {
    if (!said.has(kind)) onWarning(text);
    said.add(kind);
  };
  return (item) => {
    const value = exactValue(item);
    const names = namesOf(value);
    columns ??= names?.map((name) => ({ name, path: [name] })) ?? [{ name: 'value', path: [] }];
    const known = columns;
    const isWhole = known[0]?.path.length === 0; // bare values: each is the one cell of its row
    if (!names && !isWhole)
      warnOnce('no fields', `${nameOf(item)} has no fields, so its row is empty; this is said once`);
    const others =
      fields || isWhole ? [] : (names ?? []).filter((name) => known.every((column) => column.name !== name));
    if (others.length > 0)
      warnOnce(
        'other fields',
        `${nameOf(item)} has fields that the first record lacks (${others.slice(0, 5).join(', ')}); name the columns with --select`,
      );
    const row = known.map((column) => csvCell(cellText(fieldOf(value, column)))).join(',');
    const head = headed ? '' : `${known.map(({ name }) => csvCell(name)).join(',')}\n`;
    headed = true;
    return `${head}${row}`;
  };
}

function namesOf(value: unknown): string[] | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : undefined;
}

const nameOf = ({ record }: TailItem): string => `${record.shardId}:${record.sequenceNumber}`;

/** What a spreadsheet takes for a formula, and runs. https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** RFC 4180: quotes where a cell holds a comma, a quote or a line break. A formula gets an apostrophe in front, as OWASP advises; a number stays. */
export function csvCell(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
