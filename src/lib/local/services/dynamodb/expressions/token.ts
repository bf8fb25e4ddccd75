import { invalid } from '../dynamodb-errors.js';

/** `word` is a bare name or keyword, `name` a placeholder `#n`, `value` a placeholder `:v`. */
export interface Token {
  kind: 'word' | 'name' | 'value' | 'number' | 'sign' | 'end';
  text: string;
  start: number;
  end: number;
}

const TOKEN =
  /\s*(?:(?<word>[A-Za-z_]\w*)|(?<name>#[\w]+)|(?<value>:[\w]+)|(?<number>\d+)|(?<sign><>|<=|>=|[=<>(),.[\]+-])|(?<end>$))/uy;

/** The tokens of one expression, read from the front. */
export class Tokens {
  readonly #tokens: Token[] = [];
  readonly #text: string;
  #at = 0;

  /** @throws AwsError ValidationException for a character that no expression has */
  constructor(text: string) {
    this.#text = text;
    TOKEN.lastIndex = 0;
    for (;;) {
      const from = TOKEN.lastIndex;
      const found = TOKEN.exec(text);
      if (!found) throw this.#syntaxError(this.#strangeToken(from));
      const [kind = 'end', token = ''] =
        Object.entries(found.groups ?? {}).find(([, part]) => part !== undefined) ?? [];
      const end = found.index + found[0].length;
      this.#tokens.push({ kind: kind as Token['kind'], text: token, start: end - token.length, end });
      if (kind === 'end') return;
    }
  }

  get next(): Token {
    return this.#tokens[this.#at] ?? this.#end;
  }

  /** The token after the next one. */
  get afterNext(): Token {
    return this.#tokens[this.#at + 1] ?? this.#end;
  }

  /** Where reading is: to come back to. */
  get mark(): number {
    return this.#at;
  }

  set mark(mark: number) {
    this.#at = mark;
  }

  take(): Token {
    const token = this.next;
    this.#at += 1;
    return token;
  }

  /** Takes the next token if it is this sign, or this keyword in any case. */
  takes(text: string): boolean {
    if (!this.isNext(text)) return false;
    this.#at += 1;
    return true;
  }

  isNext(text: string): boolean {
    const { kind, text: found } = this.next;
    return kind === 'sign' ? found === text : kind === 'word' && found.toUpperCase() === text;
  }

  expect(text: string): void {
    if (!this.takes(text)) throw this.unexpected();
  }

  /** The error for the next token. */
  unexpected(): Error {
    return this.#syntaxError(this.next);
  }

  get #end(): Token {
    const end = this.#text.length;
    return { kind: 'end', text: '', start: end, end };
  }

  #strangeToken(from: number): Token {
    const start = from + (/^\s*/.exec(this.#text.slice(from))?.[0].length ?? 0);
    const token: Token = {
      kind: 'sign',
      text: String.fromCodePoint(this.#text.codePointAt(start) ?? 0),
      start,
      end: start + 1,
    };
    this.#at = this.#tokens.length;
    this.#tokens.push(token);
    return token;
  }

  /** `near` shows the tokens on both sides. */
  #syntaxError({ kind, text, start, end }: Token): Error {
    const before = this.#tokens[this.#at - 1]?.start ?? start;
    const after = kind === 'end' ? end : (this.#tokens[this.#at + 1]?.end ?? end);
    const shown = kind === 'end' ? '<EOF>' : text;
    return invalid(`Syntax error; token: "${shown}", near: "${this.#text.slice(before, after).trimEnd()}"`);
  }
}
