import { compileRegex } from '../../shared/filter-pattern/linear-regex.js';
import { UserPattern } from '../../shared/user-pattern.js';
import { RowError } from '../sql-error.js';
import { matching } from './user-regex.js';

export type TextMatch = (text: string) => boolean;

/** LIKE: `%` is any text, `_` any character. @throws RowError for an escape that is none */
export function likePattern(pattern: string, escapeChar?: string): TextMatch {
  const parts = splitPattern(pattern, escapeChar);
  const wildcards = parts.filter(({ wild }) => wild);
  const text = parts.flatMap(({ wild, char }) => (wild ? [] : [char])).join('');
  // The four usual forms need no automaton.
  if (wildcards.every(({ char }) => char === '%')) {
    const [first, last] = [parts[0]?.wild ?? false, parts.at(-1)?.wild ?? false];
    if (wildcards.length === 0) return (value) => value === text;
    if (wildcards.length === 1 && last) return (value) => value.startsWith(text);
    if (wildcards.length === 1 && first) return (value) => value.endsWith(text);
    if (wildcards.length === 2 && first && last) return (value) => value.includes(text);
  }
  const source = parts
    .map(({ wild, char }) => (wild ? (char === '%' ? '[\\s\\S]*' : '[\\s\\S]') : literal(char)))
    .join('');
  return linear(`^${source}$`, pattern);
}

/** SIMILAR TO: LIKE's wildcards and | * + ? {m,n} ( ) [ ] of regular expressions, over the whole text. */
export function similarPattern(pattern: string, escapeChar?: string): TextMatch {
  let source = '';
  let inClass = false;
  for (const { wild, char, escaped } of splitPattern(pattern, escapeChar)) {
    if (escaped) source += literal(char);
    else if (inClass) {
      source += char === '\\' || char === '[' ? `\\${char}` : char;
      if (char === ']') inClass = false;
    } else if (wild) source += char === '%' ? '[\\s\\S]*' : '[\\s\\S]';
    else {
      if (char === '[') inClass = true;
      source += /[.^$\\/]/.test(char) ? `\\${char}` : char;
    }
  }
  const posix = source.replaceAll(
    /\[:(ALPHA|UPPER|LOWER|DIGIT|ALNUM|SPACE|WHITESPACE):\]/gi,
    (_, name: string) => CLASSES[name.toUpperCase()] ?? '',
  );
  return posix.includes('(') ? limited(posix, pattern) : linear(alternativesAnchored(posix), pattern);
}

const CLASSES: Record<string, string> = {
  ALPHA: 'A-Za-z',
  UPPER: 'A-Z',
  LOWER: 'a-z',
  DIGIT: '0-9',
  ALNUM: 'A-Za-z0-9',
  SPACE: ' ',
  WHITESPACE: '\\s',
};

/** Without groups, each alternative carries its own anchors. */
function alternativesAnchored(source: string): string {
  const parts = [''];
  for (const [token] of source.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|[\s\S]/g)) {
    if (token === '|') parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts.map((part) => `^${part}$`).join('|');
}

function linear(source: string, shown: string): TextMatch {
  try {
    const compiled = compileRegex(source);
    return (text) => compiled.test(text);
  } catch (error) {
    throw notAPattern(shown, error);
  }
}

function limited(source: string, shown: string): TextMatch {
  try {
    const compiled = new UserPattern(source);
    return (text) => matching(() => compiled.matchesAll([text]));
  } catch (error) {
    throw notAPattern(shown, error);
  }
}

function notAPattern(pattern: string, error: unknown): Error {
  if (error instanceof SyntaxError || error instanceof RangeError)
    return new RowError('InvalidPattern', `'${pattern}' is not a valid pattern.`);
  return error instanceof Error ? error : new Error(String(error));
}

interface PatternPart {
  readonly char: string;
  readonly wild: boolean;
  readonly escaped: boolean;
}

function splitPattern(pattern: string, escapeChar: string | undefined): PatternPart[] {
  if (escapeChar !== undefined && escapeChar.length !== 1)
    throw new RowError('InvalidEscape', `'${escapeChar}' is not one escape character.`);
  const parts: PatternPart[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char !== escapeChar) parts.push({ char, wild: char === '%' || char === '_', escaped: false });
    else if (at + 1 === pattern.length)
      throw new RowError('InvalidEscape', `Nothing follows the escape character in '${pattern}'.`);
    else {
      at += 1;
      parts.push({ char: pattern.charAt(at), wild: false, escaped: true });
    }
  }
  return parts;
}

function literal(char: string): string {
  return /[\^$\\.*+?()[\]{}|/]/.test(char) ? `\\${char}` : char;
}
