import type { Row } from '../types/sql-type.js';

/** What an operator remembers: JSON, and bigints. */
export type SavedState =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly SavedState[]
  | { readonly [key: string]: SavedState };

/** Takes one row. */
export type RowSink = (row: Row) => void;

/** Runs a step for one row; a RowError becomes a row of the error stream, and what is left of the work goes on. */
export type Guard = (step: () => void, row?: Row) => void;

/** One running operation that remembers rows or groups. Rows come in order of ROWTIME. */
export interface Operator {
  /** The next instant at which something happens without a row, or Infinity. */
  due(): number;
  /** Does what is due at `now`, in order. */
  advance(now: number): void;
  save(): SavedState;
  restore(state: SavedState): void;
}

/** A part of saved state as what it was; the snapshot's fingerprint says that it is this plan's. */
export function listOf(state: SavedState | undefined): readonly SavedState[] {
  return Array.isArray(state) ? state : [];
}
