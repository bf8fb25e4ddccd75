import { compileRegex, type TextTest } from './linear-regex.js';
import type { PatternScanner } from './pattern-scanner.js';

const ALLOWED = /[A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+.]/;

/**
 * Consumes `%regex%`. Only AWS's subset is taken: letters, digits, `: _ # = @ / ; , -`, the operators `^ $ ? [ ] { } | \ * + .`; no
 * parentheses and no spaces (`\s` and `\x28` stand for them).
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
 */
export function takeRegex(scanner: PatternScanner): TextTest {
  const opened = scanner.position;
  scanner.position += 1;
  let source = '';
  for (;;) {
    if (scanner.atEnd) throw scanner.error('the % that begins a regular expression has no second %', { at: opened });
    const char = scanner.peek();
    if (char === '%') break;
    if (!ALLOWED.test(char)) {
      throw scanner.unexpected('Regular expressions take no parentheses and no spaces: write \\x28, \\x29 and \\s.');
    }
    source += char;
    scanner.position += 1;
    if (char === '\\') source += takeEscaped(scanner);
  }
  scanner.position += 1;
  if (source === '') throw scanner.error('the regular expression is empty', { at: opened });
  try {
    return compileRegex(source);
  } catch (error) {
    const why = error instanceof RangeError ? error.message : 'it does not read as one';
    throw scanner.error(`%${source}% is not a regular expression: ${why}`, { at: opened });
  }
}

/** A character after a backslash stands for itself, so more of them are allowed than bare. */
function takeEscaped(scanner: PatternScanner): string {
  const char = scanner.peek();
  if (char === '' || char === '(' || char === ')' || /[^\x21-\x7e]/.test(char)) throw scanner.unexpected();
  if (/[A-Za-z0-9]/.test(char) && !/[dDsSwWx]/.test(char)) {
    throw scanner.error(`\\${char} is not supported`, { hint: 'There are \\d \\D \\s \\S \\w \\W and \\xhh.' });
  }
  scanner.position += 1;
  return char;
}
