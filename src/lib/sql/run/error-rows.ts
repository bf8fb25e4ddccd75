import type { RejectedRow } from '../input/input-schema.js';
import { shownJson } from '../input/record-rows.js';
import type { RowError } from '../sql-error.js';
import type { Row, Value } from '../types/sql-type.js';

const MOST = { name: 32, message: 4096, data: 49_152, pump: 128 };

/** A row of the error stream for a row that a pump could not compute. DATA_ROW is hexadecimal, as AWS's. */
export function errorRow(error: RowError, row: Row | undefined, pump: string, now: number): Row {
  const data = row === undefined ? null : hexOf(shownJson(row.slice(1)));
  return errorColumns(error, now, (row?.[0] ?? null) as number | null, data, pump);
}

/** A row of the error stream for a record that does not fit its schema. */
export function rejectedRow({ errorName, message, data }: RejectedRow, input: string, now: number): Row {
  return errorColumns({ errorName, message }, now, now, hexOf(data), input);
}

function errorColumns(
  { errorName, message }: Pick<RowError, 'errorName' | 'message'>,
  now: number,
  rowtime: number | null,
  data: Value,
  pump: string,
): Row {
  return [
    now,
    now,
    'ERROR',
    errorName.slice(0, MOST.name),
    message.slice(0, MOST.message),
    rowtime,
    data,
    pump.slice(0, MOST.pump),
  ];
}

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase().slice(0, MOST.data);
}
