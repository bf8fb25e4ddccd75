import { arnOf, dnsSuffixOf } from '../../../kit/arn.js';
import { defineResourceType } from '../resource-type.js';

/**
 * A name and nothing behind it: this endpoint has no registry, and says so in the resource's events. It is here because `cdk bootstrap`
 * makes one for every account, whether or not images are ever used.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
 */
export const ecrRepository = defineResourceType({
  type: 'AWS::ECR::Repository',
  effective: ['RepositoryName'],
  nameProperty: 'RepositoryName',

  async create(request) {
    const { accountId, properties, region } = request;
    const name = properties.RepositoryName ?? request.generateName({ maxLength: 256, lowerCase: true });
    return { physicalId: name, attributes: attributesOf(name, region, accountId) };
  },

  update: async ({ accountId, physicalId, region }) => ({
    physicalId,
    attributes: attributesOf(physicalId, region, accountId),
  }),

  delete: async () => {},
});

const attributesOf = (name: string, region: string, accountId: string) => ({
  Arn: arnOf('ecr', { region, accountId }, `repository/${name}`),
  RepositoryUri: `${accountId}.dkr.ecr.${region}.${dnsSuffixOf(region)}/${name}`,
});
