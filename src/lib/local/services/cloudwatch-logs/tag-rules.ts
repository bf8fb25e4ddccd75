import type { TagRules } from '../../kit/tags.js';
import { AwsError } from '../../wire/aws-error.js';
import { INVALID } from './constraints.js';

/** @param resourceName what has too many tags, for the error */
export const tagRules = (resourceName: string): TagRules => ({
  tooMany: (most) =>
    new AwsError('TooManyTagsException', `A resource can have no more than ${most} tags.`, {
      members: { resourceName },
    }),
  invalid: (_fault, key) => new AwsError(INVALID, `Invalid tag key: ${key}`),
});
