import type { FilterPattern } from '../../../shared/filter-pattern/filter-pattern.js';
import { FilterPatternError } from '../../../shared/filter-pattern/filter-pattern-error.js';
import { parseFilterPattern } from '../../../shared/filter-pattern/parse-filter-pattern.js';
import { AwsError } from '../../wire/aws-error.js';

/**
 * @param what how AWS calls the pattern of an operation: "Invalid subscription filter pattern"
 * @throws AwsError InvalidParameterException in AWS's words, with where and why after them
 */
export function readPattern(text: string, what: 'filter' | 'metric filter' | 'subscription filter'): FilterPattern {
  try {
    return parseFilterPattern(text);
  } catch (error) {
    if (!(error instanceof FilterPatternError)) throw error;
    const said = error.awsMessage.replace('Invalid filter pattern', `Invalid ${what} pattern`);
    throw new AwsError('InvalidParameterException', `${said} (${error.message})`);
  }
}
