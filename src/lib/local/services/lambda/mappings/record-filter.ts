import type { FilterCriteria } from '@aws-sdk/client-lambda';
import { invalidParameter } from '../lambda-error.js';
import { compilePattern, PatternError } from './event-pattern.js';

const MOST_FILTERS = 5;
const PATTERN_CHARACTERS = 4096;

/** Given what a pattern sees of a record. */
export type RecordFilter = (filterable: object) => boolean;

/**
 * Compiles a mapping's filter criteria: a record passes when one of the filters matches.
 * @throws AwsError InvalidParameterValueException
 */
export function compileFilter(criteria: Pick<FilterCriteria, 'Filters'> | undefined): RecordFilter | undefined {
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
      return compilePattern(pattern);
    } catch (error) {
      if (error instanceof PatternError) throw invalidParameter(`Invalid filter pattern definition: ${error.message}.`);
      throw error;
    }
  });
  return (filterable) => matchers.some((matches) => matches(filterable));
}
