import type { TagRules } from '../../kit/tags.js';
import { AwsError } from '../../wire/aws-error.js';
import { invalidParameter } from './sns-errors.js';

export const TAG_RULES: TagRules = {
  tooMany: () =>
    new AwsError('TagLimitExceededException', 'Could not complete request: tag quota of per resource exceeded'),
  invalid: (_, key) => invalidParameter(`Tag keys must be valid and distinct: ${key}`),
};
