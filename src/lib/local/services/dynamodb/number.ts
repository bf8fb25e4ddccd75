// Numbers of up to 38 significant digits, exact: `digits × 10^exponent`. A double would mix up ids above 2^53.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number
import { invalid } from './dynamodb-errors.js';

/** A number in its one canonical form: no trailing zeros in `digits`; zero is `{ digits: 0n, exponent: 0 }`. */
export interface Decimal {
  digits: bigint;
  exponent: number;
}

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;
const MOST_DIGITS = 38;
/** Far more than any number that can be stored is written with. */
const MOST_CHARACTERS = 1024;
const tooManyDigits = (): Error => invalid('Attempting to store more than 38 significant digits in a Number');
/** The power of ten of the first digit: from 1E-130 to 9.99…E+125. */
const GREATEST_MAGNITUDE = 125;
const SMALLEST_MAGNITUDE = -130;

/** @throws AwsError ValidationException in DynamoDB's words for text that is not a number, or one that it cannot store */
export function parseNumber(text: string): Decimal {
  const [matched, sign = '', whole = '', fraction = '', power = '0'] = FORM.exec(text.trim()) ?? [];
  if (matched === undefined || whole + fraction === '') {
    throw invalid(
      text === ''
        ? 'The parameter cannot be converted to a numeric value'
        : `The parameter cannot be converted to a numeric value: ${text}`,
    );
  }
  // As many zeros as a request holds would keep the next lines busy for minutes.
  if (whole.length + fraction.length > MOST_CHARACTERS) throw tooManyDigits();
  const significant = (whole + fraction).replace(/^0+/, '');
  const kept = significant.replace(/0+$/, '');
  if (kept === '') return { digits: 0n, exponent: 0 };
  const exponent = Number(power) - fraction.length + (significant.length - kept.length);
  return stored({ digits: BigInt(sign === '-' ? `-${kept}` : kept), exponent });
}

/** Checks what DynamoDB can hold. */
function stored(number: Decimal): Decimal {
  const count = digitCount(number.digits);
  const magnitude = number.exponent + count - 1;
  if (magnitude > GREATEST_MAGNITUDE) {
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (magnitude < SMALLEST_MAGNITUDE) {
    throw invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  if (count > MOST_DIGITS) throw tooManyDigits();
  return number;
}

const digitCount = (digits: bigint): number => (digits < 0n ? -digits : digits).toString().length;

/** As DynamoDB gives it back: all digits, no exponent. */
function formatNumber({ digits, exponent }: Decimal): string {
  const sign = digits < 0n ? '-' : '';
  const text = (digits < 0n ? -digits : digits).toString();
  if (exponent >= 0) return `${sign}${text}${'0'.repeat(digits === 0n ? 0 : exponent)}`;
  const point = text.length + exponent;
  return point > 0 ? `${sign}${text.slice(0, point)}.${text.slice(point)}` : `${sign}0.${'0'.repeat(-point)}${text}`;
}

/** The text of a number as it is stored. @throws as parseNumber */
export function canonicalNumber(text: string): string {
  // Most numbers are whole, short, and written as they are stored.
  return /^(?:0|-?[1-9]\d{0,36})$/.test(text) ? text : formatNumber(parseNumber(text));
}

/** Below, at or above zero as `one` is less than, equal to or greater than `other`. */
export function compareNumbers(one: string, other: string): number {
  if (one.length < 16 && other.length < 16) return Number(one) - Number(other); // exact in a double, or of a double's own order
  const { digits } = minus(parseNumber(one), parseNumber(other));
  return digits < 0n ? -1 : digits > 0n ? 1 : 0;
}

/** @throws AwsError ValidationException where the sum cannot be stored */
export const addNumbers = (one: string, other: string): string =>
  formatNumber(stored(plus(parseNumber(one), parseNumber(other))));

/** @throws AwsError ValidationException where the difference cannot be stored */
export const subtractNumbers = (one: string, other: string): string =>
  formatNumber(stored(minus(parseNumber(one), parseNumber(other))));

function plus(one: Decimal, other: Decimal): Decimal {
  const exponent = Math.min(one.exponent, other.exponent);
  const at = ({ digits, exponent: own }: Decimal): bigint => digits * 10n ** BigInt(own - exponent);
  return canonical({ digits: at(one) + at(other), exponent });
}

const minus = (one: Decimal, { digits, exponent }: Decimal): Decimal => plus(one, { digits: -digits, exponent });

function canonical({ digits, exponent }: Decimal): Decimal {
  if (digits === 0n) return { digits, exponent: 0 };
  const text = digits.toString();
  const kept = text.replace(/0+$/, '');
  return { digits: BigInt(kept), exponent: exponent + (text.length - kept.length) };
}

/** A text that sorts, code unit by code unit, as the numbers do: the key of an ordered index. */
export function numberSortKey(text: string): string {
  const { digits, exponent } = parseNumber(text);
  if (digits === 0n) return '1';
  const magnitude = exponent + digitCount(digits) - 1 - SMALLEST_MAGNITUDE;
  const power = String(magnitude).padStart(3, '0');
  if (digits > 0n) return `2${power}${digits}`;
  // Of negative numbers the greater magnitude comes first: every digit is turned round, and an end sorts after any digit.
  return `0${complement(power)}${complement(String(-digits))}~`;
}

const complement = (digits: string): string => digits.replace(/\d/g, (digit) => String(9 - Number(digit)));
