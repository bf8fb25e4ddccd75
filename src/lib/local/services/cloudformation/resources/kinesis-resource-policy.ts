import { defineResourceType, deleteIfThere } from '../resource-type.js';
import { AlreadyExists } from '../run/failure-reason.js';
import type { KinesisResourcePolicyProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-resourcepolicy.html */
export const kinesisResourcePolicy = defineResourceType<KinesisResourcePolicyProperties>({
  type: 'AWS::Kinesis::ResourcePolicy',
  effective: ['ResourceArn', 'ResourcePolicy'],

  async create({ calls, properties }) {
    const { Policy: standing } = await calls.kinesis.GetResourcePolicy({ ResourceARN: properties.ResourceArn });
    if (standing !== '{}') throw new AlreadyExists('AWS::Kinesis::ResourcePolicy', properties.ResourceArn);
    await calls.kinesis.PutResourcePolicy({
      ResourceARN: properties.ResourceArn,
      Policy: JSON.stringify(properties.ResourcePolicy),
    });
    return { physicalId: properties.ResourceArn };
  },

  async update({ calls, physicalId, properties }) {
    await calls.kinesis.PutResourcePolicy({
      ResourceARN: physicalId,
      Policy: JSON.stringify(properties.ResourcePolicy),
    });
    return { physicalId };
  },

  async delete({ calls, physicalId }) {
    await deleteIfThere(() => calls.kinesis.DeleteResourcePolicy({ ResourceARN: physicalId }));
  },
});
