import type { TagRules } from '../../kit/tags.js';
import { AwsError } from '../../wire/aws-error.js';

/**
 * @param most 10 for an object, 50 for a bucket
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
 */
export const tagRules = (most: number): TagRules => ({
  most,
  tooMany: () => new AwsError('BadRequest', `Object tags cannot be greater than ${most}`, { status: 400 }),
  invalid: (fault) => new AwsError('InvalidTag', WHY[fault], { status: 400 }),
});

const WHY = {
  length: 'The TagKey you have provided is invalid',
  characters: 'The TagValue you have provided is invalid',
  reserved: 'System tags cannot be added/updated by requester',
  repeated: 'Cannot provide multiple Tags with the same key',
};
