import { compilePattern, PatternError } from '../shared/event-pattern.js';

const MOST_FILTERS = 5;
const PATTERN_CHARACTERS = 4096;

/** Given what a pattern sees of a record; undefined is matched by none. */
export type RecordFilter = (filterable: object | undefined) => boolean;

/**
 * Compiles the filter patterns of a mapping or a consumer: a record passes when one of them matches.
 * @param onlyKey the one key that patterns may name
 * @throws PatternError
 */
export function compileRecordFilter(
  patterns: readonly string[],
  onlyKey: string | undefined,
): RecordFilter | undefined {
  if (patterns.length === 0) return undefined;
  if (patterns.length > MOST_FILTERS)
    throw new PatternError(`at most ${MOST_FILTERS} filters are possible; ${patterns.length} were given`);
  const matchers = patterns.map((pattern) => {
    if (pattern.length > PATTERN_CHARACTERS)
      throw new PatternError(`it is longer than ${PATTERN_CHARACTERS} characters`);
    const matches = compilePattern(pattern);
    if (onlyKey !== undefined) checkKeys(JSON.parse(pattern), onlyKey);
    return matches;
  });
  return (filterable) => filterable !== undefined && matchers.some((matches) => matches(filterable));
}

/** Of a Kinesis record only `data` can be filtered, and only as JSON. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html */
function checkKeys(pattern: Record<string, unknown>, onlyKey: string): void {
  for (const [key, rule] of Object.entries(pattern)) {
    if (key === '$or') for (const choice of rule as Record<string, unknown>[]) checkKeys(choice, onlyKey);
    else if (key !== onlyKey)
      throw new PatternError(`this event source can be filtered on ${onlyKey} alone, not on ${key}`);
    else if (Array.isArray(rule))
      throw new PatternError(`${onlyKey} must be a JSON pattern, because records are filtered as JSON`);
  }
}
