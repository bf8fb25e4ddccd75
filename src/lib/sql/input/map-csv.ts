import { RowError } from '../sql-error.js';
import type { Row, SqlType } from '../types/sql-type.js';
import { coercerOf } from './coerce-value.js';
import type { InputSchema } from './input-schema.js';
import { addRecordColumns, type MapRecord, shownJson, textOf } from './record-rows.js';

/** Reads the rows of CSV records: columns in order, missing ones null, further ones left out. */
export function csvMapper(schema: InputSchema, types: readonly SqlType[]): MapRecord {
  const delimiter = schema.columnDelimiter ?? ',';
  const rowDelimiter = schema.rowDelimiter ?? '\n';
  const coercers = types.map(coercerOf);
  return (record, at, sinks) => {
    const data = record.data;
    const text = typeof data === 'string' || data instanceof Uint8Array ? textOf(data) : shownJson(data);
    for (const line of splitCsv(text, delimiter, rowDelimiter)) {
      try {
        const row: Row = new Array(coercers.length + 5);
        row[0] = at;
        for (const [index, coerce] of coercers.entries()) {
          const cell = line[index];
          const isText = types[index]?.name === 'VARCHAR' || types[index]?.name === 'CHAR';
          // An empty cell is text of no length, and no number.
          row[index + 1] = cell === undefined || (cell === '' && !isText) ? null : coerce(cell, () => cell);
        }
        addRecordColumns(row, coercers.length + 1, record);
        sinks.row(row);
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        sinks.rejected({ errorName: error.errorName, message: error.message, data: line.join(delimiter) });
      }
    }
  };
}

/** Splits text into rows of cells. A cell in double quotes may hold delimiters; `""` inside it is a quote. Empty lines are no rows. */
function splitCsv(text: string, delimiter: string, rowDelimiter: string): string[][] {
  const rows: string[][] = [];
  let cells: string[] = [];
  let at = 0;
  let cell = '';
  const endRow = (): void => {
    const last = rowDelimiter === '\n' && cell.endsWith('\r') ? cell.slice(0, -1) : cell;
    if (cells.length > 0 || last !== '') rows.push([...cells, last]);
    cells = [];
    cell = '';
  };
  while (at < text.length) {
    if (cell === '' && text[at] === '"') {
      const end = closingQuote(text, at + 1);
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else if (text.startsWith(delimiter, at)) {
      cells.push(cell);
      cell = '';
      at += delimiter.length;
    } else if (text.startsWith(rowDelimiter, at)) {
      endRow();
      at += rowDelimiter.length;
    } else {
      cell += text[at];
      at += 1;
    }
  }
  endRow();
  return rows;
}

function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  return text.length;
}
