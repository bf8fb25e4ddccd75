import { defineResourceType } from '../resource-type.js';

/**
 * A URL to send signals to. No WaitCondition waits for them here, so nothing listens; templates use it as a resource that costs nothing.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitconditionhandle.html
 */
export const waitConditionHandle = defineResourceType({
  type: 'AWS::CloudFormation::WaitConditionHandle',
  effective: [],
  create: async ({ region, stackId, logicalId }) => {
    const physicalId = `https://cloudformation-waitcondition-${region}.s3.${region}.amazonaws.com/${encodeURIComponent(stackId)}/${logicalId}`;
    return { physicalId, attributes: { Id: physicalId } };
  },
  update: async ({ physicalId }) => ({ physicalId, attributes: { Id: physicalId } }),
  delete: async () => {},
});
