import type { OutputRow } from '../sql/run/outbox.js';
import type { Column } from '../sql/types/sql-type.js';

/** Rows of one result, on their way out. */
export interface ResultRows {
  stream: string;
  columns: readonly Column[];
  rows: readonly OutputRow[];
  /** An earlier run may have written them already. */
  mayRepeat: boolean;
}

/** Where the rows of a query go. */
export interface RowSink {
  /** Resolves when there is room for more. */
  write(rows: ResultRows): Promise<void>;
  /** Resolves when all that was written has left this process. */
  flush(): Promise<void>;
  close?(): Promise<void>;
}
