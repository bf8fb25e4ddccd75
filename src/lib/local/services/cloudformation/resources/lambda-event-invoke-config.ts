import { defineResourceType, deleteIfThere, isThere, type ResourceRequest } from '../resource-type.js';
import { AlreadyExists } from '../run/failure-reason.js';
import type { LambdaEventInvokeConfigProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html */
export const lambdaEventInvokeConfig = defineResourceType<LambdaEventInvokeConfigProperties>({
  type: 'AWS::Lambda::EventInvokeConfig',
  effective: ['FunctionName', 'Qualifier', 'MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig'],

  async create(request) {
    const { FunctionName, Qualifier } = request.properties;
    if (await isThere(() => request.calls.lambda.GetFunctionEventInvokeConfig({ FunctionName, Qualifier })))
      throw new AlreadyExists('AWS::Lambda::EventInvokeConfig', `${FunctionName}|${Qualifier}`);
    await put(request);
    return { physicalId: `${FunctionName}|${Qualifier}` };
  },

  async update(request) {
    await put(request);
    return { physicalId: request.physicalId };
  },

  async delete({ calls, properties: { FunctionName, Qualifier } }) {
    await deleteIfThere(() => calls.lambda.DeleteFunctionEventInvokeConfig({ FunctionName, Qualifier }));
  },
});

/** Put, unlike Update, takes away what it is not told. */
const put = ({ calls, properties: wanted }: ResourceRequest<LambdaEventInvokeConfigProperties>) =>
  calls.lambda.PutFunctionEventInvokeConfig(wanted);
