// A condition's right-hand side, shared by JSON and space-delimited patterns: `= 4*`, `!= "x"`, `>= 1e3`, `= %regex%`.
import type { PatternScanner } from './pattern-scanner.js';
import { takeRegex } from './regex-term.js';

/** Tests one value; numbers and booleans are compared by their text where the operand is text. */
export interface Comparison {
  readonly usesRegex: boolean;
  test(value: string | number | boolean): boolean;
}

const OPERATOR = /!=|>=|<=|=|>|</y;
const BARE = /[\p{L}\p{N}_.*+-]+/uy;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Consumes an operator and its operand. */
export function takeComparison(scanner: PatternScanner): Comparison {
  const operator = scanner.takeMatch(OPERATOR);
  if (operator === '') throw scanner.unexpected('Expected one of = != < > <= >=.');
  scanner.skipSpace();
  const operandAt = scanner.position;
  const negated = operator === '!=';
  if (operator === '=' || negated) {
    if (scanner.peek() === '%') {
      const regex = takeRegex(scanner);
      return { usesRegex: true, test: (value) => regex.test(String(value)) !== negated };
    }
    const quoted = scanner.peek() === '"';
    const text = quoted ? scanner.takeQuoted() : scanner.takeMatch(BARE);
    if (text === '' && !quoted) throw scanner.unexpected();
    const equals = !quoted && NUMBER.test(text) ? equalsNumber(Number(text), text) : equalsText(text);
    return { usesRegex: false, test: negated ? (value) => !equals(value) : equals };
  }
  const text = scanner.peek() === '"' ? scanner.takeQuoted() : scanner.takeMatch(BARE);
  if (!NUMBER.test(text)) {
    throw scanner.error(`${operator} needs a number`, { at: operandAt });
  }
  const bound = Number(text);
  return { usesRegex: false, test: numericTest(operator, bound) };
}

function numericTest(operator: string, bound: number): (value: string | number | boolean) => boolean {
  const compare: (value: number) => boolean =
    operator === '<'
      ? (value) => value < bound
      : operator === '>'
        ? (value) => value > bound
        : operator === '<='
          ? (value) => value <= bound
          : (value) => value >= bound;
  // A NaN compares false with everything, so text that is not a number never matches.
  return (value) => compare(numberOf(value));
}

const numberOf = (value: string | number | boolean): number =>
  typeof value === 'number' ? value : typeof value === 'string' && NUMBER.test(value) ? Number(value) : Number.NaN;

const equalsNumber =
  (number: number, text: string) =>
  (value: string | number | boolean): boolean =>
    value === number || value === text || numberOf(value) === number;

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
  if (open && openEnd) return (value) => String(value).includes(fixed);
  if (open) return (value) => String(value).endsWith(fixed);
  if (openEnd) return (value) => String(value).startsWith(fixed);
  return (value) => String(value) === fixed;
}
