import type { TagFault, TagRules } from '../../kit/tags.js';
import { AwsError } from '../../wire/aws-error.js';

const WHY: Record<TagFault, string> = {
  length: 'keys have 1 to 128 characters, values at most 256',
  characters: 'keys and values have letters, digits, spaces and _ . : / = + - @',
  reserved: 'keys with the prefix aws: are reserved',
  repeated: 'a key may come once',
};

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html */
export const TAG_RULES: TagRules = {
  tooMany: (most) =>
    new AwsError(
      'TooManyTagsError',
      `A resource can have at most ${most} tags. Remove one or more tags and try again.`,
    ),
  invalid: (fault, key) => new AwsError('ValidationException', `Tag "${key}" is not valid: ${WHY[fault]}.`),
};
