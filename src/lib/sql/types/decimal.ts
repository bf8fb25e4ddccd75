import { RowError } from '../sql-error.js';

const POWERS = Array.from({ length: 64 }, (_, power) => 10n ** BigInt(power));

export function tenTo(power: number): bigint {
  return POWERS[power] ?? 10n ** BigInt(power);
}

/** Moves a scaled number to another scale. Digits that do not fit are cut off, as CAST does with 7/2 = 3. */
export function rescale(value: bigint, from: number, to: number): bigint {
  return to >= from ? value * tenTo(to - from) : value / tenTo(from - to);
}

/** The same, rounded half away from zero: how a number becomes a DECIMAL column. */
export function rescaleRounded(value: bigint, from: number, to: number): bigint {
  if (to >= from) return value * tenTo(to - from);
  const factor = tenTo(from - to);
  const half = factor / 2n;
  return (value < 0n ? value - half : value + half) / factor;
}

/** `12.50` for 1250n at scale 2. */
export function formatDecimal(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const NUMBER_TEXT = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?\s*$/;

/** A number's text as an exact number: its digits, and how many of them are behind the point. */
export function parseExact(text: string): { value: bigint; scale: number } | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER_TEXT.exec(text) ?? [];
  if (whole === '' && fraction === '') return undefined;
  const shift = fraction.length - Number(exponent);
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  // 1e999 is a number, and none that any column holds: the caller's range check refuses 10^400 as well.
  return shift >= 0
    ? { value: digits, scale: Math.min(shift, 400) }
    : { value: digits * tenTo(Math.min(-shift, 400)), scale: 0 };
}

export function decimalToNumber(value: bigint, scale: number): number {
  return scale === 0 ? Number(value) : Number(formatDecimal(value, scale));
}

export function checkDigits(value: bigint, precision: number, typeName: string): bigint {
  if (value >= tenTo(precision) || value <= -tenTo(precision)) throw outOfRange(typeName);
  return value;
}

export function outOfRange(typeName: string): RowError {
  return new RowError('NumericOverflow', `Value out of range for ${typeName}.`);
}
