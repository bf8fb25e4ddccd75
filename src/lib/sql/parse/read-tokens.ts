import { SqlError, type TextPosition } from '../sql-error.js';

/** `word` is unquoted and upper case; `name` was quoted and is exact; `binary` is X'…' as hexadecimal digits. */
export type TokenKind = 'word' | 'name' | 'string' | 'number' | 'binary' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: TextPosition;
  /** Where it begins and ends in the text. */
  readonly from: number;
  readonly to: number;
}

const BLANK = /(?:\s+|--[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const WORD = /[A-Za-z_$][\w$]*/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const QUOTED = /"((?:[^"]|"")*)"|`((?:[^`]|``)*)`/y;
const TEXT = /'((?:[^']|'')*)'/y;
const SYMBOL = /<>|!=|<=|>=|\|\||=>|[<>=(),.;+\-*/%?]/y;
const UNICODE_TEXT = /[uU]&(?=')/y;
const BINARY_TEXT = /[xX](?=')/y;

/** Splits SQL into tokens. Comments are `--`, `//` and slash-star; the last token is always `end`. */
export function readTokens(sql: string): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let line = 1;
  let lineStart = 0;
  const add = (kind: TokenKind, text: string, to: number): void => {
    tokens.push({ kind, text, at: { line, column: offset - lineStart + 1 }, from: offset, to });
    moveTo(to);
  };
  const moveTo = (to: number): void => {
    for (let found = sql.indexOf('\n', offset); found >= 0 && found < to; found = sql.indexOf('\n', found + 1)) {
      line += 1;
      lineStart = found + 1;
    }
    offset = to;
  };
  for (;;) {
    const blank = match(BLANK, sql, offset);
    if (blank) moveTo(offset + blank[0].length);
    if (offset >= sql.length) break;
    const prefixed = match(UNICODE_TEXT, sql, offset) ?? match(BINARY_TEXT, sql, offset);
    const prefix = prefixed?.[0] ?? '';
    const text = match(TEXT, sql, offset + prefix.length);
    const quoted = match(QUOTED, sql, offset);
    const word = match(WORD, sql, offset);
    const plain = match(NUMBER, sql, offset) ?? match(SYMBOL, sql, offset);
    if (text) {
      const value = (text[1] ?? '').replaceAll("''", "'");
      const kind = prefix.toUpperCase() === 'X' ? 'binary' : 'string';
      const shown = prefix.length === 2 ? value.replaceAll(/\\([0-9A-Fa-f]{4})/g, unicode) : value;
      add(kind, shown, offset + prefix.length + text[0].length);
    } else if (quoted) {
      const value = quoted[1]?.replaceAll('""', '"') ?? quoted[2]?.replaceAll('``', '`') ?? '';
      add('name', value, offset + quoted[0].length);
    } else if (word) add('word', word[0].toUpperCase(), offset + word[0].length);
    else if (plain) add(/[\d]/.test(plain[0]) ? 'number' : 'symbol', plain[0], offset + plain[0].length);
    else throw unreadable(sql.slice(offset), { line, column: offset - lineStart + 1 });
  }
  add('end', '', offset);
  return tokens;
}

function unreadable(rest: string, at: TextPosition): SqlError {
  const char = rest.charAt(0);
  if (char === "'") return new SqlError('the text that begins here has no closing quote.', at);
  if (char === '"' || char === '`') return new SqlError('the name that begins here has no closing quote.', at);
  return new SqlError(`"${char}" is not SQL.`, at);
}

function unicode(_: string, code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16));
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
