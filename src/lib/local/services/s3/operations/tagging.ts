import { defineOperation } from '../../../define-operation.js';
import { newTags, tagList } from '../../../kit/tags.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { S3State } from '../s3-state.js';
import { tagRules } from '../tag-rules.js';

export const putObjectTagging = defineOperation('s3', 'PutObjectTagging').as({
  run(state: S3State, input) {
    state.object(input.Bucket, input.Key).tags = newTags(input.Tagging.TagSet, tagRules(10));
    return {};
  },
});

export const getObjectTagging = defineOperation('s3', 'GetObjectTagging').as({
  run: (state: S3State, input) => ({ TagSet: tagList(state.object(input.Bucket, input.Key).tags) }),
});

export const deleteObjectTagging = defineOperation('s3', 'DeleteObjectTagging').as({
  run(state: S3State, input) {
    state.object(input.Bucket, input.Key).tags = new Map();
    return {};
  },
});

export const putBucketTagging = defineOperation('s3', 'PutBucketTagging').as({
  run(state: S3State, input) {
    state.bucket(input.Bucket).tags = newTags(input.Tagging.TagSet, tagRules(50));
    return {};
  },
});

export const getBucketTagging = defineOperation('s3', 'GetBucketTagging').as({
  run(state: S3State, input) {
    const { tags } = state.bucket(input.Bucket);
    if (!tags) {
      throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', {
        status: 404,
        members: { BucketName: input.Bucket },
      });
    }
    return { TagSet: tagList(tags) };
  },
});

export const deleteBucketTagging = defineOperation('s3', 'DeleteBucketTagging').as({
  run(state: S3State, input) {
    state.bucket(input.Bucket).tags = undefined;
    return {};
  },
});
