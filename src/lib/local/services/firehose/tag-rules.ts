import type { TagRules } from '../../kit/tags.js';
import { AwsError } from '../../wire/aws-error.js';
import { invalidArgument } from './firehose-errors.js';

export const TAG_RULES: TagRules = {
  tooMany: (most) => new AwsError('LimitExceededException', `A delivery stream can have ${most} tags.`),
  invalid: (fault, key) =>
    invalidArgument(fault === 'repeated' ? `Duplicate tag key ${key}` : `Tag key ${key} or its value is invalid`),
};
