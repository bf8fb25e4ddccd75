import type { Random } from './random.js';

/** What a record is made of besides chance. */
export interface RecordMoment {
  /** The record's number, from 0. */
  n: number;
  /** The time that the record tells, in milliseconds since the epoch: when it was due; with a seed, a time that the seed decides. */
  epochMs: number;
}

/** Makes the text of one record; `random` stands at the beginning of that record's numbers. */
export type MakeRecord = (random: Random, moment: RecordMoment) => string;

/** A built-in kind of data. */
export interface Schema {
  name: string;
  summary: string;
  /** Called once; what it prepares (pools) follows from the seed alone. */
  prepare(random: Random): MakeRecord;
}
