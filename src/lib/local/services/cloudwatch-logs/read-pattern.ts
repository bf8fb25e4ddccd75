import { type FilterPattern, parseFilterPattern } from '../../../shared/filter-pattern/filter-pattern.js';
import { FilterPatternError } from '../../../shared/filter-pattern/filter-pattern-error.js';
import { AwsError } from '../../wire/aws-error.js';

/** @throws AwsError InvalidParameterException in AWS's words, with where and why after them */
export function readPattern(text: string): FilterPattern {
  try {
    return parseFilterPattern(text);
  } catch (error) {
    if (!(error instanceof FilterPatternError)) throw error;
    throw new AwsError('InvalidParameterException', `${error.awsMessage} (${error.message})`);
  }
}
