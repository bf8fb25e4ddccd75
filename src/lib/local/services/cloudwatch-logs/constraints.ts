// The documented bounds of the members that many operations of CloudWatch Logs share.
import { AwsError } from '../../wire/aws-error.js';
import type { Constraint, Constraints } from '../../wire/validate.js';

export const LOG_GROUP_NAME: Constraint = { min: 1, max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]+' };
/** A name or an ARN. The ARN ends with the name: `:*`, which DescribeLogGroups and CloudFormation add, is refused, as on AWS. */
export const LOG_GROUP_IDENTIFIER: Constraint = { min: 1, max: 2048, pattern: '[\\w#+=/:,.@-]*' };
export const LOG_GROUP_CLASS: Constraint = { enum: ['STANDARD', 'INFREQUENT_ACCESS', 'DELIVERY'] };
export const LOG_STREAM_NAME: Constraint = { min: 1, max: 512, pattern: '[^:*]*' };
export const FILTER_NAME: Constraint = { min: 1, max: 512, pattern: '[^:*]*' };
export const FILTER_PATTERN: Constraint = { min: 0, max: 1024 };
export const DESCRIBE_LIMIT: Constraint = { range: [1, 50] };
export const TAG_KEY: Constraint = { min: 1, max: 128, pattern: '([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)' };
export const TAGS: Constraint = {
  min: 1,
  max: 50,
  keys: TAG_KEY,
  values: { max: 256, pattern: '([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)' },
};

/** CloudWatch Logs answers a violated constraint with this code, where most services say ValidationException. */
export const INVALID = 'InvalidParameterException';

const LONGEST_NAME = 512;
const ACCOUNT_IDS: Constraint = { max: 20, item: { min: 12, max: 12, pattern: '^\\d{12}$' } };

/** Of every operation that has such a member. */
export const SHARED: Constraints = { nextToken: { min: 1 }, accountIdentifiers: ACCOUNT_IDS };

/**
 * AWS looks at these two names before anything else, and has another sentence for them.
 * @throws AwsError InvalidParameterException
 */
export function checkNames(input: Readonly<Record<string, unknown>>): void {
  for (const name of [input.logGroupName, input.logStreamName]) {
    if (typeof name === 'string' && name.length > LONGEST_NAME) {
      throw new AwsError(INVALID, 'Invalid LogGroup or LogStream, both must have length less than or equal to 512.');
    }
  }
}
