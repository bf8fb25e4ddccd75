import type { Architecture, Runtime } from '@aws-sdk/client-lambda';
import { defineResourceType, deleteIfThere } from '../resource-type.js';
import type { LambdaLayerVersionProperties } from '../schema/resource-properties.js';

/**
 * Every change publishes a new version.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-layerversion.html
 */
export const lambdaLayerVersion = defineResourceType<LambdaLayerVersionProperties>({
  type: 'AWS::Lambda::LayerVersion',
  effective: ['LayerName', 'Content', 'CompatibleArchitectures', 'CompatibleRuntimes', 'Description', 'LicenseInfo'],

  async create(request) {
    const { calls, properties } = request;
    const { LayerVersionArn: arn = '' } = await calls.lambda.PublishLayerVersion({
      LayerName: properties.LayerName ?? request.generateName({ maxLength: 64 }),
      Content: properties.Content,
      CompatibleArchitectures: properties.CompatibleArchitectures as Architecture[] | undefined,
      CompatibleRuntimes: properties.CompatibleRuntimes as Runtime[] | undefined,
      Description: properties.Description,
      LicenseInfo: properties.LicenseInfo,
    });
    return { physicalId: arn, attributes: { LayerVersionArn: arn } };
  },

  async delete({ calls, physicalId }) {
    const at = physicalId.lastIndexOf(':');
    const LayerName = physicalId.slice(0, at);
    const VersionNumber = Number(physicalId.slice(at + 1));
    await deleteIfThere(() => calls.lambda.DeleteLayerVersion({ LayerName, VersionNumber }));
  },
});
