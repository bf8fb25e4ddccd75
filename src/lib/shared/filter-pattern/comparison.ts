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

/** Whole text, case sensitive, where `*` stands for any run of characters, in quotes and out of them. */
function equalsText(pattern: string): (value: string | number | boolean) => boolean {
  if (!pattern.includes('*')) return (value) => String(value) === pattern;
  const parts = pattern.split('*');
  if (parts.every((part) => part === '')) return () => true;
  const [head = ''] = parts;
  const tail = parts.at(-1) ?? '';
  const middle = parts.slice(1, -1).filter((part) => part !== '');
  return (value) => {
    const text = String(value);
    if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
    let at = head.length;
    for (const part of middle) {
      const found = text.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= text.length - tail.length;
  };
}
