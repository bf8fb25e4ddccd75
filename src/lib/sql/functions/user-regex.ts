import { SlowPatternError, UserPattern } from '../../shared/user-pattern.js';
import { RowError } from '../sql-error.js';

/** Patterns that one function has compiled; texts may bring new ones. */
const MOST_PATTERNS = 100;

/** Compiles patterns once. A pattern that is none, or takes too long on a row, is that row's error. */
export class PatternCache {
  readonly #compiled = new Map<string, UserPattern>();

  get(source: string): UserPattern {
    const known = this.#compiled.get(source);
    if (known) return known;
    try {
      const pattern = new UserPattern(source);
      if (this.#compiled.size >= MOST_PATTERNS) this.#compiled.clear();
      this.#compiled.set(source, pattern);
      return pattern;
    } catch (error) {
      if (error instanceof SyntaxError)
        throw new RowError('InvalidPattern', `'${source.slice(0, 100)}' is not a valid pattern.`);
      throw error;
    }
  }
}

/** Runs a pattern on a row's text; too slow is an error of that row. */
export function matching<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof SlowPatternError)
      throw new RowError('SlowPattern', 'The pattern takes too long on this text.');
    throw error;
  }
}
