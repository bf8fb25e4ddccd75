// Regular expressions that users write in a template or a parameter. They need look-ahead, which no linear engine has, so V8 matches them
// under a time limit: docs/decisions/0005-patterns-of-users.md has the figures.
import { type Context, createContext, Script } from 'node:vm';

/** A pattern that did not finish in time. The caller refuses it in its service's words. */
export class SlowPatternError extends Error {}

/** An honest pattern needs microseconds; the limit leaves room for a busy machine. */
const LIMIT_MS = 500;
/** Java reads these otherwise than JavaScript, which takes most of them for plain letters. */
const JAVA_ALONE = /\\(?:[AGZzQEHhRXNea]|x\{|[1-9]\d*\+)/;
/** Shared by all patterns: a context costs a millisecond, a test in it a tenth of one. */
let room: { inside: Context; script: Script } | undefined;

/** A regular expression in Java's syntax, as far as JavaScript reads it the same way. It must match a whole text. */
export class UserPattern {
  readonly #regexp: RegExp;

  /** @throws SyntaxError for what is not a regular expression, or has a meaning in Java alone */
  constructor(source: string) {
    const [front = '', flags = ''] = /^\(\?([ims]+)\)/.exec(source) ?? [];
    if (JAVA_ALONE.test(source.replaceAll('\\\\', ''))) throw new SyntaxError(`only Java reads ${source}`);
    const newer = /\\[pP]\{|&&/.test(source) ? 'v' : '';
    this.#regexp = new RegExp(`^(?:${source.slice(front.length)})$`, [...new Set(`s${flags}${newer}`)].join(''));
  }

  /** @throws SlowPatternError after half a second, for all texts together */
  matchesAll(texts: readonly string[]): boolean {
    room ??= {
      inside: createContext(Object.create(null)),
      script: new Script('texts.every((text) => regexp.test(text))'),
    };
    Object.assign(room.inside, { regexp: this.#regexp, texts });
    try {
      return room.script.runInContext(room.inside, { timeout: LIMIT_MS }) === true;
    } catch (cause) {
      // Too large to be compiled ends here too: V8 compiles with the first test.
      throw new SlowPatternError('the pattern takes too long', { cause });
    } finally {
      Object.assign(room.inside, { regexp: undefined, texts: undefined });
    }
  }
}
