import { defineResourceType } from '../resource-type.js';

/**
 * A URL to send signals to. No WaitCondition waits for them here, so nothing listens; templates use it as a resource that costs nothing.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitconditionhandle.html
 */
export const waitConditionHandle = defineResourceType({
  type: 'AWS::CloudFormation::WaitConditionHandle',
  properties: {},
  attributes: [],
  create: async ({ region, stackId, logicalId }) => ({
    physicalId: `https://cloudformation-waitcondition-${region}.s3.${region}.amazonaws.com/${encodeURIComponent(stackId)}/${logicalId}`,
  }),
  update: async ({ physicalId }) => ({ physicalId }),
  delete: async () => {},
});
