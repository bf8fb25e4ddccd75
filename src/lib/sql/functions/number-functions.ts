import { modulo } from '../plan/bind-arithmetic.js';
import { RowError } from '../sql-error.js';
import { outOfRange, rescaleRounded, tenTo } from '../types/decimal.js';
import { DOUBLE, isBig, type SqlType, scaleOf, type Value } from '../types/sql-type.js';
import { type FunctionCall, type ScalarFunction, strict } from './scalar-function.js';

/** Functions of numbers, from the SQL Reference, "Numeric Scalar Functions". */
export const NUMBER_FUNCTIONS: Record<string, ScalarFunction> = {
  ABS: strict(['number'], firstType, ([value]) =>
    typeof value === 'bigint' ? (value < 0n ? -value : value) : Math.abs(Number(value)),
  ),
  FLOOR: strict(['number'], wholeType, ([value], call) => rounded(value ?? null, call, Math.floor)),
  CEIL: strict(['number'], wholeType, ([value], call) => rounded(value ?? null, call, Math.ceil)),
  ROUND: strict(
    ['number', 'number'],
    firstType,
    ([value, digits], call) => round(value ?? null, Number(digits ?? 0), call),
    1,
  ),
  SIGN: strict(['number'], firstType, ([value], { values }) => {
    const sign = Math.sign(Number(value));
    const type = values[0]?.type;
    return type && isBig(type) ? BigInt(sign) * tenTo(scaleOf(type)) : sign;
  }),
  MOD: {
    least: 2,
    most: 2,
    families: ['number'],
    bind: ({ values: [left, right], at }) => modulo(given(left), given(right), at),
  },
  EXP: approximate(1, ([value = 0]) => Math.exp(value)),
  LN: approximate(1, ([value = 0]) => Math.log(positive('LN', value))),
  LOG10: approximate(1, ([value = 0]) => Math.log10(positive('LOG10', value))),
  SQRT: approximate(1, ([value = 0]) => Math.sqrt(value < 0 ? positive('SQRT', value) : value)),
  POWER: approximate(2, ([base = 0, exponent = 0]) => base ** exponent),
};

function given<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new Error('the number of arguments is checked before');
  return item;
}

function firstType({ values }: FunctionCall): SqlType {
  return values[0]?.type ?? DOUBLE;
}

function wholeType({ values }: FunctionCall): SqlType {
  const type = values[0]?.type ?? DOUBLE;
  return type.name === 'DECIMAL' ? { ...type, scale: 0 } : type;
}

function approximate(count: number, compute: (values: readonly number[]) => number): ScalarFunction {
  return strict(new Array<'number'>(count).fill('number'), DOUBLE, (values, call) => {
    const result = compute(
      values.map((value, index) => Number(value) / 10 ** scaleOf(call.values[index]?.type ?? DOUBLE)),
    );
    if (!Number.isFinite(result)) throw outOfRange('DOUBLE');
    return result;
  });
}

function positive(name: string, value: number): number {
  if (value > 0) return value;
  throw new RowError('InvalidArgument', `${name} of ${value} is not defined.`);
}

function rounded(value: Value, { values }: FunctionCall, round: (value: number) => number): Value {
  if (typeof value !== 'bigint') return round(Number(value));
  const factor = tenTo(scaleOf(values[0]?.type ?? DOUBLE));
  const whole = value / factor;
  const rest = value % factor;
  if (rest === 0n) return whole;
  return round === Math.floor ? (rest < 0n ? whole - 1n : whole) : rest > 0n ? whole + 1n : whole;
}

function round(value: Value, digits: number, { values }: FunctionCall): Value {
  if (typeof value === 'bigint') {
    const scale = scaleOf(values[0]?.type ?? DOUBLE);
    if (digits >= scale) return value;
    return digits < 0 ? value : rescaleRounded(value, scale, digits) * tenTo(scale - digits);
  }
  const factor = 10 ** digits;
  const number = Number(value);
  return (Math.sign(number) * Math.round(Math.abs(number) * factor)) / factor;
}
