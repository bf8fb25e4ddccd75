import { defineResourceType, deleteIfThere, type ResourceRequest } from '../resource-type.js';
import type { LambdaAliasProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html */
export const lambdaAlias = defineResourceType<LambdaAliasProperties>({
  type: 'AWS::Lambda::Alias',
  effective: [
    'Name',
    'FunctionName',
    'FunctionVersion',
    'Description',
    'ProvisionedConcurrencyConfig',
    'RoutingConfig',
  ],
  nameProperty: 'Name',
  nameWithin: 'FunctionName',

  async create(request) {
    const { AliasArn: arn = '' } = await request.calls.lambda.CreateAlias(aliasOf(request.properties));
    request.initiated(arn);
    await provision(request);
    return { physicalId: arn, attributes: { AliasArn: arn } };
  },

  async update(request) {
    const { calls, physicalId, previous, properties: wanted } = request;
    await calls.lambda.UpdateAlias({ ...aliasOf(wanted), Description: wanted.Description ?? '' });
    if (previous.ProvisionedConcurrencyConfig && !wanted.ProvisionedConcurrencyConfig) {
      await calls.lambda.DeleteProvisionedConcurrencyConfig({
        FunctionName: wanted.FunctionName,
        Qualifier: wanted.Name,
      });
    } else if (request.changed('ProvisionedConcurrencyConfig')) await provision(request);
    return { physicalId, attributes: { AliasArn: physicalId } };
  },

  async delete({ calls, properties: { FunctionName, Name } }) {
    await deleteIfThere(() => calls.lambda.DeleteAlias({ FunctionName, Name }));
  },
});

/** CloudFormation has the weights as a list, Lambda as a map. */
const aliasOf = ({ Name, FunctionName, FunctionVersion, Description, RoutingConfig }: LambdaAliasProperties) => ({
  Name,
  FunctionName,
  FunctionVersion,
  Description,
  RoutingConfig: {
    AdditionalVersionWeights: Object.fromEntries(
      (RoutingConfig?.AdditionalVersionWeights ?? []).map((entry) => [entry.FunctionVersion, entry.FunctionWeight]),
    ),
  },
});

async function provision({ calls, properties: wanted }: ResourceRequest<LambdaAliasProperties>): Promise<void> {
  if (!wanted.ProvisionedConcurrencyConfig) return;
  await calls.lambda.PutProvisionedConcurrencyConfig({
    FunctionName: wanted.FunctionName,
    Qualifier: wanted.Name,
    ...wanted.ProvisionedConcurrencyConfig,
  });
}
