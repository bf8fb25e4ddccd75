import { defineResourceType, deleteIfThere, isThere } from '../resource-type.js';
import { AlreadyExists } from '../run/failure-reason.js';
import type { S3BucketPolicyProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html */
export const s3BucketPolicy = defineResourceType<S3BucketPolicyProperties>({
  type: 'AWS::S3::BucketPolicy',
  effective: ['Bucket', 'PolicyDocument'],

  async create({ calls, properties }) {
    if (await isThere(() => calls.s3.GetBucketPolicy({ Bucket: properties.Bucket })))
      throw new AlreadyExists('AWS::S3::BucketPolicy', properties.Bucket);
    await calls.s3.PutBucketPolicy({ Bucket: properties.Bucket, Policy: JSON.stringify(properties.PolicyDocument) });
    return { physicalId: properties.Bucket };
  },

  async update({ calls, physicalId, properties }) {
    await calls.s3.PutBucketPolicy({ Bucket: physicalId, Policy: JSON.stringify(properties.PolicyDocument) });
    return { physicalId };
  },

  async delete({ calls, physicalId }) {
    await deleteIfThere(() => calls.s3.DeleteBucketPolicy({ Bucket: physicalId }));
  },
});
