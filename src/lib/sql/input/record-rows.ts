import type { Row } from '../types/sql-type.js';
import type { InputRecord, RejectedRow } from './input-schema.js';

export interface RowSinks {
  row(row: Row): void;
  rejected(rejected: RejectedRow): void;
}

/** Turns one record into rows whose element 0, ROWTIME, is `at`. */
export type MapRecord = (record: InputRecord, at: number, sinks: RowSinks) => void;

/** Puts what the record itself says behind the row's columns, in the order of RECORD_COLUMNS. */
export function addRecordColumns(row: Row, from: number, record: InputRecord): void {
  row[from] = record.arrivalTime ?? null;
  row[from + 1] = record.partitionKey ?? null;
  row[from + 2] = record.sequenceNumber ?? null;
  row[from + 3] = record.shardId ?? null;
}

const decoder = new TextDecoder();

export function textOf(data: string | Uint8Array): string {
  return typeof data === 'string' ? data : decoder.decode(data);
}

/** Values as JSON for people; a bigint as text, which JSON.stringify refuses. */
export function shownJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? '';
}
