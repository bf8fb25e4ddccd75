import { defineResourceType, deleteIfThere } from '../resource-type.js';
import type { LambdaUrlProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-url.html */
export const lambdaUrl = defineResourceType<LambdaUrlProperties>({
  type: 'AWS::Lambda::Url',
  effective: ['TargetFunctionArn', 'Qualifier', 'AuthType', 'InvokeMode', 'Cors'],

  async create({ calls, properties }) {
    const { TargetFunctionArn, ...rest } = properties;
    const made = await calls.lambda.CreateFunctionUrlConfig({ FunctionName: TargetFunctionArn, ...rest });
    const arn = made.FunctionArn ?? TargetFunctionArn;
    return { physicalId: arn, attributes: { FunctionArn: arn, FunctionUrl: made.FunctionUrl } };
  },

  async update({ calls, physicalId, properties }) {
    const { TargetFunctionArn, ...rest } = properties;
    const made = await calls.lambda.UpdateFunctionUrlConfig({
      FunctionName: TargetFunctionArn,
      ...rest,
      Cors: rest.Cors ?? {},
    });
    return { physicalId, attributes: { FunctionArn: made.FunctionArn, FunctionUrl: made.FunctionUrl } };
  },

  async delete({ calls, properties: { TargetFunctionArn, Qualifier } }) {
    await deleteIfThere(() => calls.lambda.DeleteFunctionUrlConfig({ FunctionName: TargetFunctionArn, Qualifier }));
  },
});
