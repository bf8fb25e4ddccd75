import { UsageError } from '../shared/errors.js';

/** A place in the SQL text, both counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** SQL that cannot run: wrong syntax, an unknown name, types that do not fit, or something that pipectl does not support. */
export class SqlError extends UsageError {
  readonly line: number;
  readonly column: number;
  /** The sentence without its position, for an API that reports the position on its own. */
  readonly reason: string;

  constructor(reason: string, at: TextPosition, hint?: string) {
    super(`SQL line ${at.line}, column ${at.column}: ${reason}`, hint === undefined ? {} : { hint });
    this.line = at.line;
    this.column = at.column;
    this.reason = reason;
  }
}

/** One row that cannot be computed: it goes to the error stream, and the application continues. */
export class RowError extends Error {
  /** As in ERROR_NAME of the error stream, at most 32 characters. */
  readonly errorName: string;

  constructor(errorName: string, message: string) {
    super(message);
    this.name = 'RowError';
    this.errorName = errorName;
  }
}
