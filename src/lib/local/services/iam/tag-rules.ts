import type { TagFault, TagRules } from '../../kit/tags.js';
import { AwsError } from '../../wire/aws-error.js';

const WHY: Record<TagFault, (key: string) => string> = {
  length: (key) => `Tag ${key} is not valid: keys have 1 to 128 characters, values at most 256.`,
  characters: (key) => `Tag ${key} has characters that tags cannot have.`,
  reserved: (key) => `Tag ${key} is not valid: keys with the prefix aws: are reserved.`,
  repeated: () => 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
export const tagRules = (of: 'Role' | 'Policy' | 'InstanceProfile'): TagRules => ({
  tooMany: (most) => new AwsError('LimitExceededException', `Cannot exceed quota for TagsPer${of}: ${most}`),
  invalid: (fault, key) => new AwsError('InvalidInputException', WHY[fault](key)),
});
