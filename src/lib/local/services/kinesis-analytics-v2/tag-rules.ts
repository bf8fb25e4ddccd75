import type { TagRules } from '../../kit/tags.js';
import { AwsError } from '../../wire/aws-error.js';

export const TAG_RULES: TagRules = {
  tooMany: (most) => new AwsError('TooManyTagsException', `An application has at most ${most} tags`),
  invalid: (_, key) => new AwsError('InvalidArgumentException', `Tag key ${key} is invalid`),
};
