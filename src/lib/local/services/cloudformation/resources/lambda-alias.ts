import { defineResourceType, deleteIfThere, type ResourceRequest } from '../resource-type.js';
import { integer, listOf, number, object, type PropertiesOf, text } from '../shape.js';

const properties = {
  Name: text.required().replaces(),
  FunctionName: text.required().replaces(),
  FunctionVersion: text.required(),
  Description: text,
  ProvisionedConcurrencyConfig: object({ ProvisionedConcurrentExecutions: integer.required() }),
  RoutingConfig: object({
    AdditionalVersionWeights: listOf(
      object({ FunctionVersion: text.required(), FunctionWeight: number.required() }),
    ).required(),
  }),
};
type AliasProperties = PropertiesOf<typeof properties>;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html */
export const lambdaAlias = defineResourceType({
  type: 'AWS::Lambda::Alias',
  properties,
  attributes: ['AliasArn'],
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
const aliasOf = ({ Name, FunctionName, FunctionVersion, Description, RoutingConfig }: AliasProperties) => ({
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

async function provision({ calls, properties: wanted }: ResourceRequest<AliasProperties>): Promise<void> {
  if (!wanted.ProvisionedConcurrencyConfig) return;
  await calls.lambda.PutProvisionedConcurrencyConfig({
    FunctionName: wanted.FunctionName,
    Qualifier: wanted.Name,
    ...wanted.ProvisionedConcurrencyConfig,
  });
}
