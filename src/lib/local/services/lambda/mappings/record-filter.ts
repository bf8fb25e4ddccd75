import type { FilterCriteria } from '@aws-sdk/client-lambda';
import { compilePattern, PatternError } from '../../../../shared/event-pattern.js';
import { invalidParameter } from '../lambda-error.js';

const MOST_FILTERS = 5;
const PATTERN_CHARACTERS = 4096;

/** Given what a pattern sees of a record; undefined is matched by none. */
export type RecordFilter = (filterable: object | undefined) => boolean;

/**
 * Compiles a mapping's filter criteria: a record passes when one of the filters matches.
 * @param onlyKey the one key that patterns may name
 * @throws AwsError InvalidParameterValueException
 */
export function compileFilter(
  criteria: Pick<FilterCriteria, 'Filters'> | undefined,
  onlyKey: string | undefined,
): RecordFilter | undefined {
  const filters = criteria?.Filters ?? [];
  if (filters.length === 0) return undefined;
  if (filters.length > MOST_FILTERS) {
    throw invalidParameter(`A mapping has at most ${MOST_FILTERS} filters; ${filters.length} were given.`);
  }
  const matchers = filters.map(({ Pattern: pattern = '' }) => {
    if (pattern.length > PATTERN_CHARACTERS) {
      throw invalidParameter(`Invalid filter pattern definition: it is longer than ${PATTERN_CHARACTERS} characters.`);
    }
    try {
      const matches = compilePattern(pattern);
      if (onlyKey !== undefined) checkKeys(JSON.parse(pattern), onlyKey);
      return matches;
    } catch (error) {
      if (error instanceof PatternError) throw invalidParameter(`Invalid filter pattern definition: ${error.message}.`);
      throw error;
    }
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
