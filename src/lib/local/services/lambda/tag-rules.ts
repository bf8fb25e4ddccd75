import type { TagRules } from '../../kit/tags.js';
import { invalidParameter } from './lambda-error.js';

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html */
export const TAG_RULES: TagRules = {
  tooMany: (most) => invalidParameter(`Total number of tags on the resource must not exceed ${most}.`),
  invalid: (_fault, key) =>
    invalidParameter(
      `The tag "${key}" is not valid: keys have 1 to 128 characters and do not begin with aws:, values at most 256.`,
    ),
};
