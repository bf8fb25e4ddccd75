import { defineResourceType, deleteIfThere } from '../resource-type.js';
import { boolean, integer, listOf, object, oneOf, text } from '../shape.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-url.html */
export const lambdaUrl = defineResourceType({
  type: 'AWS::Lambda::Url',
  properties: {
    TargetFunctionArn: text.required().replaces(),
    Qualifier: text.replaces(),
    AuthType: oneOf('NONE', 'AWS_IAM').required(),
    InvokeMode: oneOf('BUFFERED', 'RESPONSE_STREAM'),
    Cors: object({
      AllowCredentials: boolean,
      AllowHeaders: listOf(text),
      AllowMethods: listOf(text),
      AllowOrigins: listOf(text),
      ExposeHeaders: listOf(text),
      MaxAge: integer,
    }),
  },
  attributes: ['FunctionArn', 'FunctionUrl'],

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
