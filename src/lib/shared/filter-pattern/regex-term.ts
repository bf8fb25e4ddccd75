import { compileRegex, type TextTest } from './linear-regex.js';
import type { PatternScanner } from './pattern-scanner.js';

const ALLOWED = /[A-Za-z0-9 :_#=@/;,\-^$?[\]{}|\\*+.]/;

/**
 * Consumes `%regex%`. Only AWS's subset is taken: letters, digits, `: _ # = @ / ; , -`, the operators `^ $ ? [ ] { } | \ * + .`; no
 * parentheses (`\x28` and `\x29` stand for them). The page does not list the space, and AWS takes it: `%Task timed out%` is in wide use,
 * and so is https://github.com/aws/aws-cdk/issues/36901.
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
      throw scanner.unexpected(
        'Regular expressions take no parentheses and no ! " & \' < > ` ~: write \\x28 for (, \\x29 for ).',
      );
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
