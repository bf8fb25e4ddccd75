import { defineResourceType, deleteIfThere, type ResourceRequest, type Tag } from '../resource-type.js';
import type { SSMParameterProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html */
export const ssmParameter = defineResourceType<SSMParameterProperties>({
  type: 'AWS::SSM::Parameter',
  effective: ['Name', 'Type', 'Value', 'AllowedPattern', 'DataType', 'Description', 'Policies', 'Tier', 'Tags'],
  attributes: ['Type', 'Value'],
  nameProperty: 'Name',

  async create(request) {
    const { calls, properties: wanted, stackTags } = request;
    const name = wanted.Name ?? request.generateName({ maxLength: 1011 });
    const tags = tagsOf(wanted, stackTags);
    await calls.ssm.PutParameter({
      ...parameterOf(wanted),
      Name: name,
      ...(Object.keys(tags).length > 0 && {
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    });
    return { physicalId: name, attributes: { Type: wanted.Type, Value: wanted.Value } };
  },

  async update(request) {
    const { calls, physicalId: name, previous, properties: wanted, stackTags } = request;
    if (request.changed('Type', 'Value', 'AllowedPattern', 'DataType', 'Description', 'Policies', 'Tier'))
      await calls.ssm.PutParameter({ ...parameterOf(wanted), Name: name, Overwrite: true });
    await retag(name, tagsOf(previous, request.previousStackTags), tagsOf(wanted, stackTags), request);
    return { physicalId: name, attributes: { Type: wanted.Type, Value: wanted.Value } };
  },

  async delete({ calls, physicalId }) {
    await deleteIfThere(() => calls.ssm.DeleteParameter({ Name: physicalId }));
  },
});

/** Its own over the stack's. Other types have them as a list. */
const tagsOf = ({ Tags }: SSMParameterProperties, stackTags: readonly Tag[]): Record<string, string> => ({
  ...Object.fromEntries(stackTags.map(({ Key, Value }) => [Key, Value])),
  ...Tags,
});

const parameterOf = ({ Name: _name, Tags: _tags, ...rest }: SSMParameterProperties) => rest;

async function retag(
  name: string,
  before: Record<string, string>,
  after: Record<string, string>,
  { calls }: Pick<ResourceRequest<unknown>, 'calls'>,
): Promise<void> {
  const added = Object.entries(after).filter(([key, value]) => before[key] !== value);
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const resource = { ResourceType: 'Parameter' as const, ResourceId: name };
  if (added.length > 0) {
    await calls.ssm.AddTagsToResource({ ...resource, Tags: added.map(([Key, Value]) => ({ Key, Value })) });
  }
  if (gone.length > 0) await calls.ssm.RemoveTagsFromResource({ ...resource, TagKeys: gone });
}
