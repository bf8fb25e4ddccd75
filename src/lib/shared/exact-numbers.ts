// JSON numbers may have more digits than a double: an order's id of twenty digits would come out as another order's. Where a value is taken apart and put
// together again, such numbers travel as marked text.
import { randomUUID } from 'node:crypto';

/** No record can hold it: it is made anew in each process. */
const MARK = `number-${randomUUID()}:`;
const MARKED = new RegExp(`"${MARK}([^"]+)"`, 'g');
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const ZERO = 0x30;
const MAY_BE_LONG = /[\d.]{16}|(?:^|[:,[\s])-?[\d.]+[eE]/;

/** The value of a valid JSON text, with marks for the numbers that a double would change; `value` itself where there are none. */
export function withExactNumbers(text: string, value: unknown): unknown {
  if (!MAY_BE_LONG.test(text)) return value;
  return JSON.parse(
    text.replace(STRING_OR_NUMBER, (token) => (token.startsWith('"') || fits(token) ? token : `"${MARK}${token}"`)),
  );
}

/** Like `JSON.stringify`, the marked numbers with all their digits. */
export function stringifyExact(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes(MARK) ? text.replace(MARKED, '$1') : text;
}

/** The digits of a marked number; any other text as it is. */
export const unmarked = (text: string): string => (text.startsWith(MARK) ? text.slice(MARK.length) : text);

/** Whether a value is a marked number. */
export const isMarked = (value: unknown): value is string => typeof value === 'string' && value.startsWith(MARK);

/**
 * Compares two numbers as they are written, digit by digit, however many they have.
 * @returns below 0, 0 or above 0; NaN when one of them is no number
 */
export function compareDecimals(one: string, other: string): number {
  const [a, b] = [decimal(one), decimal(other)];
  if (!a || !b) return Number.NaN;
  if (a.sign !== b.sign) return a.sign - b.sign;
  if (a.magnitude !== b.magnitude) return a.sign * (a.magnitude - b.magnitude);
  return a.digits === b.digits ? 0 : a.digits < b.digits ? -a.sign : a.sign;
}

/** A number is its sign, times 0.digits, times ten to the magnitude. */
function decimal(text: string): { sign: number; digits: string; magnitude: number } | undefined {
  const [match, minus, whole = '', fraction = '', exponent = '0'] =
    /^(?:\+|(-))?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const all = whole + fraction;
  if (match === undefined || all === '') return undefined;
  const digits = all.replace(/^0+/, '');
  if (digits === '') return { sign: 0, digits, magnitude: 0 };
  const magnitude = digits.length - fraction.length + Number(exponent);
  return { sign: minus === undefined ? 1 : -1, digits: withoutLastZeros(digits), magnitude };
}

/** By hand: `/0+$/` takes quadratic time on a million zeros before another digit. */
function withoutLastZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === ZERO) end -= 1;
  return digits.slice(0, end);
}

/** Whether a double has all the digits of a number as it is written. */
export function fits(token: string): boolean {
  const value = Number(token);
  if (String(value) === token) return true;
  const digits = withoutLastZeros(
    token
      .replace(/[eE].*/, '')
      .replace(/\D/g, '')
      .replace(/^0+/, ''),
  );
  return digits.length <= 15 && Number.isFinite(value) && (value !== 0 || digits === '');
}
