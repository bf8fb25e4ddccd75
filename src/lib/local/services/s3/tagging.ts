import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import type { S3State } from './s3-state.js';

type TaggingHandlers = Pick<
  Handlers<'s3'>,
  | 'PutObjectTagging'
  | 'GetObjectTagging'
  | 'DeleteObjectTagging'
  | 'PutBucketTagging'
  | 'GetBucketTagging'
  | 'DeleteBucketTagging'
>;

export function tagging(state: S3State): TaggingHandlers {
  return {
    PutObjectTagging(input) {
      state.object(input.Bucket, input.Key).tags = readTags(input.Tagging.TagSet, 10);
      return {};
    },
    GetObjectTagging(input) {
      return { TagSet: tagSet(state.object(input.Bucket, input.Key).tags) };
    },
    DeleteObjectTagging(input) {
      state.object(input.Bucket, input.Key).tags = new Map();
      return {};
    },
    PutBucketTagging(input) {
      state.bucket(input.Bucket).tags = readTags(input.Tagging.TagSet, 50);
      return {};
    },
    GetBucketTagging(input) {
      const { tags } = state.bucket(input.Bucket);
      if (!tags) {
        throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', {
          status: 404,
          members: { BucketName: input.Bucket },
        });
      }
      return { TagSet: tagSet(tags) };
    },
    DeleteBucketTagging(input) {
      state.bucket(input.Bucket).tags = undefined;
      return {};
    },
  };
}

const tagSet = (tags: ReadonlyMap<string, string>): { Key: string; Value: string }[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));

function readTags(given: readonly { Key: string; Value: string }[], most: number): Map<string, string> {
  const tags = new Map(given.map(({ Key, Value }) => [Key, Value]));
  if (tags.size < given.length) {
    throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key', { status: 400 });
  }
  if (given.length > most) {
    throw new AwsError('BadRequest', `Object tags cannot be greater than ${most}`, { status: 400 });
  }
  if (given.some(({ Key, Value }) => Key === '' || Key.length > 128 || Value.length > 256)) {
    throw new AwsError('InvalidTag', 'The TagKey you have provided is invalid', { status: 400 });
  }
  return tags;
}
