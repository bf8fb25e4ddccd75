import { SqlError, type TextPosition } from '../sql-error.js';
import type { Expression } from './expression-syntax.js';
import { readTokens, type Token } from './read-tokens.js';
import type { Query } from './syntax.js';

/** The two rules that others contain and that contain them; handed in, so that no file imports one above it. */
export interface Grammar {
  expression(reader: TokenReader): Expression;
  query(reader: TokenReader): Query;
}

const MOST_DEPTH = 200;
/** As AWS's limit on the columns of an in-application stream. */
const MOST_ITEMS = 1000;

/** A cursor over the tokens of one SQL text. */
export class TokenReader {
  readonly sql: string;
  readonly #tokens: readonly Token[];
  readonly #grammar: Grammar | undefined;
  #index = 0;
  #depth = 0;

  constructor(sql: string, grammar?: Grammar) {
    this.sql = sql;
    this.#tokens = readTokens(sql);
    this.#grammar = grammar;
  }

  expression(): Expression {
    return this.#rule().expression(this);
  }

  query(): Query {
    return this.nested(() => this.#rule().query(this));
  }

  #rule(): Grammar {
    if (!this.#grammar) throw new Error('these tokens hold a type only');
    return this.#grammar;
  }

  /** Reads what may hold itself, to a depth at which no text exhausts the call stack. */
  nested<Item>(read: () => Item): Item {
    if (this.#depth === MOST_DEPTH) throw new SqlError(`SQL nests at most ${MOST_DEPTH} levels.`, this.at);
    this.#depth += 1;
    const item = read();
    this.#depth -= 1;
    return item;
  }

  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1;
    const token = this.#tokens[Math.min(this.#index + ahead, last)];
    if (!token) throw new Error('the tokens have no end');
    return token;
  }

  get at(): TextPosition {
    return this.peek().at;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#index += 1;
    return token;
  }

  /** Whether the next tokens are these words or symbols. */
  sees(...texts: string[]): boolean {
    return texts.every((text, ahead) => {
      const token = this.peek(ahead);
      return (token.kind === 'word' || token.kind === 'symbol') && token.text === text;
    });
  }

  /** Takes these words or symbols if all of them come next. */
  takes(...texts: string[]): boolean {
    if (!this.sees(...texts)) return false;
    this.#index += texts.length;
    return true;
  }

  expect(...texts: string[]): Token {
    const first = this.peek();
    for (const text of texts) if (!this.takes(text)) throw this.unexpected(text);
    return first;
  }

  /** A name: unquoted ones are upper case already. */
  name(what: string): string {
    const token = this.peek();
    if (token.kind !== 'word' && token.kind !== 'name') throw this.unexpected(what);
    return this.next().text;
  }

  string(what: string): string {
    if (this.peek().kind !== 'string') throw this.unexpected(what);
    return this.next().text;
  }

  integer(what: string): number {
    const token = this.peek();
    if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw this.unexpected(what);
    return Number(this.next().text);
  }

  /** Reads one or more of something, with commas between. */
  list<Item>(read: () => Item): Item[] {
    const items = [read()];
    while (this.takes(',')) {
      this.checkCount(items.length + 1, MOST_ITEMS, 'items');
      items.push(read());
    }
    return items;
  }

  /** Refuses one more of something than may stand in a row: each is a level of a tree, or makes the work grow with its square. */
  checkCount(count: number, most: number, what: string): void {
    if (count > most)
      throw new SqlError(`more than ${most.toLocaleString('en-US')} ${what} in a row are not supported.`, this.at);
  }

  unexpected(expected: string): SqlError {
    const token = this.peek();
    const found = token.kind === 'end' ? 'the end of the text' : `"${this.sql.slice(token.from, token.to)}"`;
    return new SqlError(`expected ${expected}, found ${found}.`, token.at);
  }
}
