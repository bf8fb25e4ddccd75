import { type FilterPattern, parseFilterPattern } from '../../../shared/filter-pattern/filter-pattern.js';
import { FilterPatternError } from '../../../shared/filter-pattern/filter-pattern-error.js';
import { AwsError } from '../../wire/aws-error.js';

/**
 * @param what how the operation calls its pattern: those of metric filters say "Invalid metric filter pattern"
 * @throws AwsError InvalidParameterException in AWS's words, with where and why after them
 */
export function readPattern(
  text: string,
  what: 'filter pattern' | 'metric filter pattern' = 'filter pattern',
): FilterPattern {
  try {
    return parseFilterPattern(text);
  } catch (error) {
    if (!(error instanceof FilterPatternError)) throw error;
    const said = error.awsMessage.replace('Invalid filter pattern', `Invalid ${what}`);
    throw new AwsError('InvalidParameterException', `${said} (${error.message})`);
  }
}
