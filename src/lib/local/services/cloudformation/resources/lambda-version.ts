import { defineResourceType, deleteIfThere } from '../resource-type.js';
import type { LambdaVersionProperties } from '../schema/resource-properties.js';

/**
 * A version is published once and never changes; deleting the resource deletes the version.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html
 */
export const lambdaVersion = defineResourceType<LambdaVersionProperties>({
  type: 'AWS::Lambda::Version',
  effective: ['FunctionName', 'CodeSha256', 'Description', 'ProvisionedConcurrencyConfig'],

  async create(request) {
    const { calls, properties } = request;
    const published = await calls.lambda.PublishVersion({
      FunctionName: properties.FunctionName,
      CodeSha256: properties.CodeSha256,
      Description: properties.Description,
    });
    const arn = published.FunctionArn ?? '';
    request.initiated(arn);
    if (properties.ProvisionedConcurrencyConfig) {
      await calls.lambda.PutProvisionedConcurrencyConfig({
        FunctionName: properties.FunctionName,
        Qualifier: published.Version,
        ...properties.ProvisionedConcurrencyConfig,
      });
    }
    return { physicalId: arn, attributes: { Version: published.Version, FunctionArn: arn } };
  },

  async delete({ calls, physicalId }) {
    const version = physicalId.slice(physicalId.lastIndexOf(':') + 1);
    const functionArn = physicalId.slice(0, physicalId.lastIndexOf(':'));
    await deleteIfThere(() => calls.lambda.DeleteFunction({ FunctionName: functionArn, Qualifier: version }));
  },
});
