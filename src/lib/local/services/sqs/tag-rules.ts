import type { TagRules } from '../../kit/tags.js';
import { invalidValue } from './sqs-errors.js';

export const TAG_RULES: TagRules = {
  tooMany: (most) => invalidValue(`Too many tags added for queue. Maximum number of tags allowed is ${most}.`),
  invalid: (_, key) => invalidValue(`Tag key '${key}' is invalid.`),
};
