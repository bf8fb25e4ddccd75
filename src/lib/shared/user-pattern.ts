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
let inside: Context | undefined;
const EVERY = new Script('texts.every((text) => regexp.test(text))');
const GROUPS = new Script('regexp.exec(texts[0])');
const FOUND = new Script('[...texts[0].matchAll(regexp)]');

/** A regular expression in Java's syntax, as far as JavaScript reads it the same way. It must match a whole text. */
export class UserPattern {
  readonly #whole: RegExp;
  readonly #anywhere: RegExp;

  /** @throws SyntaxError for what is not a regular expression, or has a meaning in Java alone */
  constructor(source: string) {
    const [front = '', flags = ''] = /^\(\?([ims]+)\)/.exec(source) ?? [];
    if (JAVA_ALONE.test(source.replaceAll('\\\\', ''))) throw new SyntaxError(`only Java reads ${source}`);
    const newer = /\\[pP]\{|&&/.test(source) ? 'v' : '';
    const set = [...new Set(`s${flags}${newer}`)].join('');
    this.#whole = new RegExp(`^(?:${source.slice(front.length)})$`, set);
    this.#anywhere = new RegExp(source.slice(front.length), `g${set}`);
  }

  /** @throws SlowPatternError after half a second, for all texts together */
  matchesAll(texts: readonly string[]): boolean {
    return run(EVERY, this.#whole, texts) === true;
  }

  /** What the groups hold when the whole text matches. @throws SlowPatternError after half a second */
  groupsOf(text: string): (string | undefined)[] | undefined {
    const found = run(GROUPS, this.#whole, [text]) as RegExpExecArray | null;
    return found === null ? undefined : found.slice(1);
  }

  /** Each place where the pattern is found, from the left. @throws SlowPatternError after half a second */
  findAll(text: string): RegExpExecArray[] {
    return run(FOUND, this.#anywhere, [text]) as RegExpExecArray[];
  }
}

function run(script: Script, regexp: RegExp, texts: readonly string[]): unknown {
  inside ??= createContext(Object.create(null));
  Object.assign(inside, { regexp, texts });
  try {
    return script.runInContext(inside, { timeout: LIMIT_MS });
  } catch (cause) {
    // Too large to be compiled ends here too: V8 compiles with the first test.
    throw new SlowPatternError('the pattern takes too long', { cause });
  } finally {
    Object.assign(inside, { regexp: undefined, texts: undefined });
  }
}
