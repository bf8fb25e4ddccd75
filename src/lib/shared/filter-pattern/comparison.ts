// A condition's right-hand side, shared by JSON and space-delimited patterns: `= 4*`, `!= "x"`, `>= 1e3`, `= %regex%`.
import { compareDecimals, fits, isMarked, unmarked } from '../exact-numbers.js';
import type { PatternScanner } from './pattern-scanner.js';
import { takeRegex } from './regex-term.js';

/** Tests one value; numbers and booleans are compared by their text where the operand is text. A number that a double would change comes marked. */
export interface Comparison {
  readonly usesRegex: boolean;
  test(value: string | number | boolean): boolean;
}

const OPERATOR = /!=|>=|<=|=|>|</y;
const BARE = /[\p{L}\p{N}_.*+-]+/uy;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Consumes an operator and its operand. */
export function takeComparison(scanner: PatternScanner): Comparison {
  const operator = scanner.takeMatch(OPERATOR);
  if (operator === '') throw scanner.unexpected('Expected one of = != < > <= >=.');
  if (operator === '=' && scanner.peek() === '=')
    throw scanner.error('equality is one =, not ==', { hint: 'Write { $.level = "ERROR" }.' });
  scanner.skipSpace();
  const operandAt = scanner.position;
  const negated = operator === '!=';
  if (operator === '=' || negated) {
    if (scanner.peek() === '%') {
      const regex = takeRegex(scanner);
      return { usesRegex: true, test: (value) => regex.test(textOf(value)) !== negated };
    }
    const quoted = scanner.peek() === '"';
    const text = quoted ? scanner.takeQuoted() : scanner.takeMatch(BARE);
    if (text === '' && !quoted) throw scanner.unexpected();
    const equals = !quoted && NUMBER.test(text) ? equalsNumber(text) : equalsText(text);
    return { usesRegex: false, test: negated ? (value) => !equals(value) : equals };
  }
  const text = scanner.peek() === '"' ? scanner.takeQuoted() : scanner.takeMatch(BARE);
  if (!NUMBER.test(text)) {
    throw scanner.error(`${operator} needs a number`, { at: operandAt });
  }
  const holds = ORDER[operator] ?? (() => false);
  const compare = comparedWith(text);
  // A NaN compares false with everything, so text that is not a number never matches.
  return { usesRegex: false, test: (value) => holds(compare(value)) };
}

/** Whether an operator holds, by the sign of the difference. */
const ORDER: Readonly<Record<string, (difference: number) => boolean>> = {
  '<': (difference) => difference < 0,
  '>': (difference) => difference > 0,
  '<=': (difference) => difference <= 0,
  '>=': (difference) => difference >= 0,
};

/** A value's difference from a number, by its sign: as doubles, or digit by digit if a double does not hold one of the two. */
function comparedWith(operand: string): (value: string | number | boolean) => number {
  const number = Number(operand);
  const exact = !fits(operand);
  return (value) => {
    if (typeof value === 'number' && !exact) return value - number;
    const text = typeof value === 'boolean' ? '' : textOf(value);
    if (!NUMBER.test(text)) return Number.NaN;
    return exact || !fits(text) ? compareDecimals(text, operand) : Number(text) - number;
  };
}

/** A value as text; a marked number has its digits as they were written. */
const textOf = (value: string | number | boolean): string => (isMarked(value) ? unmarked(value) : String(value));

function equalsNumber(text: string): (value: string | number | boolean) => boolean {
  const compare = comparedWith(text);
  return (value) => value === text || compare(value) === 0;
}

/**
 * Whole text, case sensitive. A `*` at the beginning or at the end, in quotes and out of them, stands for any characters; between others it
 * is a character: "Ev*ent will only match the actual string Ev*ent".
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
function equalsText(pattern: string): (value: string | number | boolean) => boolean {
  const open = pattern.startsWith('*');
  const text = pattern.slice(open ? 1 : 0);
  const openEnd = text.endsWith('*') || (open && text === '');
  const fixed = openEnd ? text.slice(0, -1) : text;
  if (open && openEnd) return (value) => textOf(value).includes(fixed);
  if (open) return (value) => textOf(value).endsWith(fixed);
  if (openEnd) return (value) => textOf(value).startsWith(fixed);
  return (value) => textOf(value) === fixed;
}
