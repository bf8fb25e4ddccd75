import type { TagRules } from '../../kit/tags.js';
import { invalid, invalidValues } from './dynamodb-errors.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html */
export const TAG_RULES: TagRules = {
  tooMany: (most) => invalidValues(`Too many tags: a table can have at most ${most} tags`),
  invalid: (fault, key) =>
    fault === 'repeated'
      ? invalid(`Duplicate tag key found in the request: ${key}`)
      : invalidValues(
          fault === 'reserved'
            ? 'User-defined tag keys can\'t start with "aws:"'
            : `Tag "${key}" is not valid: keys have 1 to 128 characters, values at most 256, of letters, digits, spaces and _ . : / = + - @`,
        ),
};
