import { type Column, TIMESTAMP, VARCHAR } from '../types/sql-type.js';

/** How the records of a stream become rows of an in-application stream, or those of an object rows of a reference table. */
export interface InputSchema {
  /** Exact, as if quoted: `SOURCE_SQL_STREAM_001`. */
  readonly name: string;
  readonly columns: readonly InputColumn[];
  /** JSON unless said otherwise. */
  readonly format?: 'JSON' | 'CSV';
  /** Where in a JSON record its rows are: `$` (the default), `$.rows[0:]`. */
  readonly rowPath?: string;
  /** CSV: a comma and a line feed unless said otherwise. */
  readonly columnDelimiter?: string;
  readonly rowDelimiter?: string;
}

export interface InputColumn {
  readonly name: string;
  /** As SQL writes it: `VARCHAR(16)`, `DECIMAL(5,2)`. */
  readonly type: string;
  /** JSON: the path to the value, `$.name` of the column unless said otherwise. CSV takes columns in order. */
  readonly mapping?: string;
}

/** One record of a source. */
export interface InputRecord {
  /** The payload: text, UTF-8 bytes, or the object that the JSON stands for. */
  readonly data: string | Uint8Array | Readonly<Record<string, unknown>>;
  /** ApproximateArrivalTimestamp, in milliseconds since the epoch. */
  readonly arrivalTime?: number;
  readonly partitionKey?: string;
  readonly sequenceNumber?: string;
  readonly shardId?: string;
}

/** A row that cannot be made: what a record was, and why. */
export interface RejectedRow {
  readonly errorName: string;
  readonly message: string;
  /** The row's source text. */
  readonly data: string;
}

/** Columns that every input has besides its own; `*` leaves them out (DG, "Timestamps and the ROWTIME Column"). */
export const RECORD_COLUMNS: readonly Column[] = [
  { name: 'APPROXIMATE_ARRIVAL_TIME', type: TIMESTAMP },
  { name: 'PARTITION_KEY', type: VARCHAR },
  { name: 'SEQUENCE_NUMBER', type: VARCHAR },
  { name: 'SHARD_ID', type: VARCHAR },
];
