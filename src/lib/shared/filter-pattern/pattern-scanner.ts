import { FilterPatternError } from './filter-pattern-error.js';

/** Reads a filter pattern from left to right; shared by the three dialects. */
export class PatternScanner {
  readonly pattern: string;
  readonly end: number;
  position: number;

  /** Reads `pattern` between two offsets: dialects leave their outer brackets outside. */
  constructor(pattern: string, start = 0, end = pattern.length) {
    this.pattern = pattern;
    this.position = start;
    this.end = end;
  }

  get atEnd(): boolean {
    return this.position >= this.end;
  }

  /** The next character, or '' at the end. */
  peek(): string {
    return this.atEnd ? '' : (this.pattern[this.position] ?? '');
  }

  skipSpace(): void {
    while (!this.atEnd && /\s/.test(this.peek())) this.position += 1;
  }

  /** Consumes `text` if it comes next. */
  take(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.position += text.length;
    return true;
  }

  startsWith(text: string): boolean {
    return this.position + text.length <= this.end && this.pattern.startsWith(text, this.position);
  }

  /** Consumes what a sticky regular expression matches here; '' when it matches nothing. */
  takeMatch(sticky: RegExp): string {
    sticky.lastIndex = this.position;
    const found = sticky.exec(this.pattern.slice(0, this.end))?.[0] ?? '';
    this.position += found.length;
    return found;
  }

  /** Consumes a quoted text; `\"` and `\\` stand for the quote and the backslash. */
  takeQuoted(): string {
    const opened = this.position;
    const quote = this.peek();
    this.position += 1;
    let text = '';
    while (!this.atEnd) {
      const char = this.peek();
      this.position += 1;
      if (char === quote) return text;
      if (char === '\\' && (this.peek() === quote || this.peek() === '\\')) {
        text += this.peek();
        this.position += 1;
      } else {
        text += char;
      }
    }
    throw this.error(`the ${quote} is never closed`, { at: opened });
  }

  error(problem: string, options: { at?: number; awsMessage?: string; hint?: string } = {}): FilterPatternError {
    const { at, ...rest } = options;
    return new FilterPatternError(problem, { pattern: this.pattern, position: at ?? this.position, ...rest });
  }

  /** What AWS says of a character that its grammar does not know: https://repost.aws and many bug reports quote this sentence. */
  unexpected(hint?: string): FilterPatternError {
    const char = this.peek();
    if (char === '') return this.error('it ends too early');
    return this.error(`unexpected ${JSON.stringify(char)}`, {
      // A letter in the wrong place is no invalid character.
      ...(/[\p{L}\p{N}_\s]/u.test(char) ? {} : { awsMessage: `Invalid character(s) in term '${char}'` }),
      hint: hint ?? 'Put text with anything but letters, digits, "_" and "." in double quotes.',
    });
  }
}
