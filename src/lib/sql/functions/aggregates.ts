import { checkBigint, checkDecimal, checkWhole } from '../types/cast-value.js';
import { outOfRange } from '../types/decimal.js';
import {
  BIGINT,
  DOUBLE,
  decimalType,
  familyOf,
  isExact,
  MOST_DIGITS,
  type SqlType,
  scaleOf,
  type Value,
} from '../types/sql-type.js';

/** What an aggregate knows of the values so far; JSON with bigints. Undefined before the first value. */
export type AggregateState = number | bigint | string | boolean | readonly AggregateState[] | null;

/**
 * An aggregate as two operations: one value's state, and the state of two runs of values, the first before the second. So the same definition
 * serves windows that only grow and windows that slide, without taking values back out of a sum of floating-point numbers.
 */
export interface Aggregate {
  readonly type: SqlType;
  /** Undefined leaves a null out. */
  lift(value: Value): AggregateState | undefined;
  combine(first: AggregateState, second: AggregateState): AggregateState;
  result(state: AggregateState | undefined): Value;
}

/** Aggregates by name, for a value of a type; COUNT(*) is COUNT of TRUE. Undefined where the type does not fit. */
export const AGGREGATES: Record<string, (type: SqlType) => Aggregate | undefined> = {
  COUNT: () => ({
    type: BIGINT,
    lift: (value) => (value === null ? undefined : 1),
    combine: (first, second) => Number(first) + Number(second),
    result: (state) => BigInt(Number(state ?? 0)),
  }),
  SUM: sum,
  AVG: average,
  MIN: (type) => extreme(type, (first, second) => first <= second),
  MAX: (type) => extreme(type, (first, second) => first >= second),
  FIRST_VALUE: (type) => positional(type, (first) => first),
  LAST_VALUE: (type) => positional(type, (_, second) => second),
  STDDEV: (type) => spread(type, (squares, count) => (count < 2 ? null : Math.sqrt(squares / (count - 1)))),
  STDDEV_SAMP: (type) => spread(type, (squares, count) => (count < 2 ? null : Math.sqrt(squares / (count - 1)))),
  STDDEV_POP: (type) => spread(type, (squares, count) => Math.sqrt(squares / count)),
  VAR_SAMP: (type) => spread(type, (squares, count) => (count < 2 ? null : squares / (count - 1))),
  VAR_POP: (type) => spread(type, (squares, count) => squares / count),
};

/** Sums of whole numbers are BIGINT, of DECIMAL as many digits as there are, else DOUBLE. */
function sum(type: SqlType): Aggregate | undefined {
  if (familyOf(type) === 'null') return empty(BIGINT);
  if (familyOf(type) !== 'number') return undefined;
  if (!isExact(type)) {
    return {
      type: DOUBLE,
      lift: (value) => (value === null ? undefined : Number(value)),
      combine: (first, second) => Number(first) + Number(second),
      result: (state) => (state === undefined ? null : finite(Number(state))),
    };
  }
  const result = type.name === 'DECIMAL' ? decimalType(MOST_DIGITS, scaleOf(type)) : BIGINT;
  const check = result.name === 'DECIMAL' ? (value: bigint) => checkDecimal(value, result) : checkBigint;
  return {
    type: result,
    ...exactSum,
    result: (state) => (state === undefined ? null : check(BigInt(state as number | bigint))),
  };
}

/** Whole numbers are added as JavaScript numbers for as long as those are exact, then as bigints. */
const exactSum: Pick<Aggregate, 'lift' | 'combine'> = {
  lift: (value) => (typeof value === 'number' || typeof value === 'bigint' ? value : undefined),
  combine: (first, second) => {
    if (typeof first === 'number' && typeof second === 'number') {
      const total = first + second;
      return Number.isSafeInteger(total) ? total : BigInt(first) + BigInt(second);
    }
    return BigInt(first as number | bigint) + BigInt(second as number | bigint);
  },
};

/** AVG answers in its argument's type, as Calcite does: of whole numbers a whole number. */
function average(type: SqlType): Aggregate | undefined {
  const total = sum(type);
  if (!total) return undefined;
  const exact = isExact(type);
  return {
    type: familyOf(type) === 'null' ? DOUBLE : type.name === 'REAL' ? DOUBLE : type,
    lift: (value) => {
      const lifted = total.lift(value);
      return lifted === undefined ? undefined : [lifted, 1];
    },
    combine: (first, second) => {
      const [[one = 0, count = 0], [other = 0, more = 0]] = [first as AggregateState[], second as AggregateState[]];
      return [total.combine(one, other), Number(count) + Number(more)];
    },
    result: (state) => {
      if (state === undefined) return null;
      const [value = 0, count = 1] = state as AggregateState[];
      if (!exact) return finite(Number(value) / Number(count));
      const mean = BigInt(value as number | bigint) / BigInt(Number(count));
      return type.name === 'BIGINT' || type.name === 'DECIMAL' ? mean : checkWhole(Number(mean), type);
    },
  };
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw outOfRange('DOUBLE');
}

function extreme(
  type: SqlType,
  keepsFirst: (first: AggregateState & {}, second: AggregateState & {}) => boolean,
): Aggregate | undefined {
  if (familyOf(type) === 'row') return undefined;
  return {
    type,
    lift: (value) => (value === null ? undefined : (value as AggregateState)),
    combine: (first, second) => (first !== null && second !== null && keepsFirst(first, second) ? first : second),
    result: (state) => (state ?? null) as Value,
  };
}

/** Nulls count too: the first row's value is the first value. */
function positional(type: SqlType, pick: (first: AggregateState, second: AggregateState) => AggregateState): Aggregate {
  return {
    type,
    lift: (value) => value as AggregateState,
    combine: pick,
    result: (state) => (state ?? null) as Value,
  };
}

/** Count, mean and squared distance of two runs of values combine exactly enough: Chan, Golub and LeVeque, 1979. */
function spread(type: SqlType, finish: (squares: number, count: number) => number | null): Aggregate | undefined {
  if (familyOf(type) !== 'number') return undefined;
  const divisor = 10 ** scaleOf(type);
  return {
    type: DOUBLE,
    lift: (value) => (value === null ? undefined : [1, Number(value) / divisor, 0]),
    combine: (first, second) => {
      const [[n = 0, mean = 0, squares = 0], [m = 0, other = 0, more = 0]] = [first as number[], second as number[]];
      const count = n + m;
      const apart = other - mean;
      return [count, mean + (apart * m) / count, squares + more + (apart * apart * n * m) / count];
    },
    result: (state) => {
      if (state === undefined) return null;
      const [count = 0, , squares = 0] = state as number[];
      return finish(squares, count);
    },
  };
}

function empty(type: SqlType): Aggregate {
  return { type, lift: () => undefined, combine: (first) => first, result: () => null };
}
