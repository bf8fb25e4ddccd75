import { OperationError } from '../../shared/errors.js';
import type { TextPosition } from '../sql-error.js';
import type { Value } from '../types/sql-type.js';

/** The windows and joins hold as much as they may. Nothing has been dropped; the application cannot continue. */
export class StateFullError extends OperationError {}

/** 256 MiB, about a million rows of a few columns. */
const USUAL_STATE_BYTES = 256 * 1024 * 1024;

/** Counts what all operators of one application remember, by an estimate of its bytes. */
export class StateBudget {
  readonly limitBytes: number;
  #usedBytes = 0;

  constructor(limitBytes = USUAL_STATE_BYTES) {
    this.limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** @throws StateFullError naming the part of the text whose state is full */
  take(bytes: number, what: string, at: TextPosition): void {
    this.#usedBytes += bytes;
    if (this.#usedBytes <= this.limitBytes) return;
    throw new StateFullError(
      `SQL line ${at.line}, column ${at.column}: ${what} needs more state than ${this.limitBytes.toLocaleString('en-US')} bytes.`,
      { hint: 'Shorten the window, reduce its keys, or raise the limit of the state.' },
    );
  }

  give(bytes: number): void {
    this.#usedBytes -= bytes;
  }

  reset(): void {
    this.#usedBytes = 0;
  }
}

/** About what values cost in memory: 16 bytes each, and two for each character. */
export function bytesOf(values: readonly Value[]): number {
  let bytes = 64 + values.length * 16;
  for (const value of values) {
    if (typeof value === 'string') bytes += value.length * 2;
    else if (typeof value === 'object' && value !== null) bytes += bytesOf(value);
  }
  return bytes;
}
