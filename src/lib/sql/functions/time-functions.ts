import type { Bound } from '../plan/bound.js';
import { RowError } from '../sql-error.js';
import { DAY_MS } from '../types/date-time.js';
import { BIGINT, DATE, TIME, TIMESTAMP, VARCHAR, type Value } from '../types/sql-type.js';
import { type ScalarFunction, strict } from './scalar-function.js';
import { formatPattern, parsePattern } from './simple-date-format.js';

/** Functions of dates and times, from the SQL Reference, "Date and Time Functions" and "Datetime Conversion Functions". */
export const TIME_FUNCTIONS: Record<string, ScalarFunction> = {
  CURRENT_TIMESTAMP: instant(TIMESTAMP, (now) => now),
  LOCALTIMESTAMP: instant(TIMESTAMP, (now) => now),
  CURRENT_DATE: instant(DATE, (now) => Math.floor(now / DAY_MS) * DAY_MS),
  CURRENT_TIME: instant(TIME, (now) => now % DAY_MS),
  LOCALTIME: instant(TIME, (now) => now % DAY_MS),
  CURRENT_ROW_TIMESTAMP: {
    least: 0,
    most: 0,
    families: [],
    bind: () => ({ type: TIMESTAMP, evaluate: (row) => row[0] ?? null }),
  },
  UNIX_TIMESTAMP: strict(['time'], BIGINT, ([time]) => BigInt(Number(time))),
  TO_TIMESTAMP: strict(['number'], TIMESTAMP, ([ms]) => Number(ms)),
  TSDIFF: strict(['time', 'time'], BIGINT, ([from, to]) => BigInt(Math.abs(Number(to) - Number(from)))),
  CHAR_TO_TIMESTAMP: strict(['text', 'text'], TIMESTAMP, ([pattern, text]) => parsed(String(pattern), String(text))),
  CHAR_TO_DATE: strict(
    ['text', 'text'],
    DATE,
    ([pattern, text]) => Math.floor(parsed(String(pattern), String(text)) / DAY_MS) * DAY_MS,
  ),
  CHAR_TO_TIME: strict(['text', 'text'], TIME, ([pattern, text]) => parsed(String(pattern), String(text)) % DAY_MS),
  TIMESTAMP_TO_CHAR: strict(['text', 'time'], VARCHAR, ([pattern, time]) =>
    formatPattern(String(pattern), Number(time)),
  ),
  DATE_TO_CHAR: strict(['text', 'time'], VARCHAR, ([pattern, time]) => formatPattern(String(pattern), Number(time))),
  TIME_TO_CHAR: strict(['text', 'time'], VARCHAR, ([pattern, time]) => formatPattern(String(pattern), Number(time))),
  /** The value itself: it only says that it never decreases. */
  MONOTONIC: { least: 1, most: 1, families: ['any'], bind: ({ values: [value] }) => value as Bound },
};

function instant(type: typeof DATE, compute: (now: number) => Value): ScalarFunction {
  return {
    least: 0,
    most: 0,
    families: [],
    bind: ({ run }) => ({ type, evaluate: () => compute(run.now) }),
  };
}

function parsed(pattern: string, text: string): number {
  const ms = parsePattern(pattern, text);
  if (ms === undefined)
    throw new RowError('InvalidDatetime', `'${text.slice(0, 100)}' does not match the format '${pattern}'.`);
  return ms;
}
