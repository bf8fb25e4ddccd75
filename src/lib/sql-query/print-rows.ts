import type { ChalkInstance } from 'chalk';
import { printableText } from '../shared/printable-text.js';
import { formatValue } from '../sql/types/cast-value.js';
import type { Column } from '../sql/types/sql-type.js';
import { familyOf } from '../sql/types/sql-type.js';
import { writeJsonRow } from '../sql/types/write-row.js';
import { csvCell } from '../tail/render-csv.js';
import type { ResultRows } from './row-sink.js';

export type RowFormat = 'table' | 'ndjson' | 'csv' | 'json';

/** Makes the text of rows, a line each. Headers come with the first rows of a result. */
export type PrintRows = (rows: ResultRows) => string;

/** @param style for tables, which only a terminal gets */
export function rowPrinter(format: RowFormat, style: ChalkInstance): PrintRows {
  if (format === 'csv') return csvPrinter();
  if (format === 'table') return tablePrinter(style);
  if (format === 'ndjson')
    return ({ columns, rows }) => rows.map(({ values }) => `${writeJsonRow(columns, values)}\n`).join('');
  // What --json prints: `stream`, `rowtime`, `mayRepeat`, `data`.
  return ({ stream, columns, rows, mayRepeat }) =>
    rows
      .map(({ rowtime, values }) => {
        const about = JSON.stringify({ stream, rowtime: new Date(rowtime).toISOString(), mayRepeat });
        return `${about.slice(0, -1)},"data":${writeJsonRow(columns, values)}}\n`;
      })
      .join('');
}

function csvPrinter(): PrintRows {
  let headed: string | undefined;
  return ({ stream, columns, rows }) => {
    const head = headed === stream ? '' : `${columns.map(({ name }) => csvCell(name)).join(',')}\n`;
    headed = stream;
    const lines = rows.map(
      ({ values }) =>
        `${columns.map(({ type }, index) => csvCell(formatValue(values[index] ?? null, type))).join(',')}\n`,
    );
    return head + lines.join('');
  };
}

const LONGEST_CELL = 60;
const GAP = '  ';

/** A table that goes on: widths grow with the rows, and never shrink, so that columns stay under each other. */
function tablePrinter(style: ChalkInstance): PrintRows {
  const widthsOf = new Map<string, number[]>();
  let headed: string | undefined;
  return ({ stream, columns, rows }) => {
    const cells = rows.map(({ values }) => columns.map(({ type }, index) => cellOf(values[index] ?? null, type)));
    const known = widthsOf.get(stream) ?? [];
    const widths = columns.map(({ name }, index) =>
      Math.max(name.length, known[index] ?? 0, ...cells.map((line) => line[index]?.length ?? 0)),
    );
    widthsOf.set(stream, widths);
    const draw = (texts: readonly string[]): string =>
      texts
        .map((text, index) =>
          isRight(columns[index]) ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0),
        )
        .join(GAP)
        .trimEnd();
    const head =
      headed === stream
        ? ''
        : headOf(stream, headed, style) + style.bold(draw(columns.map(({ name }) => printableText(name))));
    headed = stream;
    return `${[...(head === '' ? [] : [head]), ...cells.map(draw)].join('\n')}\n`;
  };
}

/** The name of a result stands above its rows only where there are several. */
const headOf = (stream: string, before: string | undefined, style: ChalkInstance): string =>
  before === undefined ? '' : `\n${style.dim(printableText(stream))}\n`;

const isRight = (column: Column | undefined): boolean => column !== undefined && familyOf(column.type) === 'number';

function cellOf(value: Parameters<typeof formatValue>[0], type: Column['type']): string {
  if (value === null) return '-';
  const text = printableText(formatValue(value, type).replaceAll(/[\t\r\n]+/g, ' '));
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL - 1)}…` : text;
}
