import { defineResourceType, deleteIfThere, type ResourceRequest } from '../resource-type.js';
import { TemplateFault } from '../run/failure-reason.js';
import { document, listOf, text } from '../shape.js';
import type { Value } from '../template/value.js';

/**
 * An inline policy put on roles (and users and groups, which this endpoint's IAM may lack: it says so itself).
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
 */
export const iamPolicy = defineResourceType({
  type: 'AWS::IAM::Policy',
  properties: {
    PolicyName: text.required(),
    PolicyDocument: document.required(),
    Roles: listOf(text),
    Users: listOf(text),
    Groups: listOf(text),
  },
  attributes: ['Id'],
  capability: 'CAPABILITY_IAM',

  async create(request) {
    const physicalId = request.generateName({ maxLength: 128 });
    request.initiated(physicalId);
    await put(request.properties, request);
    return { physicalId, attributes: { Id: physicalId } };
  },

  async update(request) {
    const { physicalId, previous, properties } = request;
    await put(properties, request);
    const renamed = previous.PolicyName !== properties.PolicyName;
    const gone = (before: string[] = [], after: string[] = []): string[] =>
      renamed ? before : before.filter((name) => !after.includes(name));
    await remove(
      {
        ...previous,
        Roles: gone(previous.Roles, properties.Roles),
        Users: gone(previous.Users, properties.Users),
        Groups: gone(previous.Groups, properties.Groups),
      },
      request,
    );
    return { physicalId, attributes: { Id: physicalId } };
  },

  delete: (request) => remove(request.properties, request),
});

interface PolicyProperties {
  PolicyName: string;
  PolicyDocument: Value;
  Roles?: string[];
  Users?: string[];
  Groups?: string[];
}

async function put(properties: PolicyProperties, { calls }: Pick<ResourceRequest<unknown>, 'calls'>): Promise<void> {
  if ([properties.Roles, properties.Users, properties.Groups].every((names = []) => names.length === 0))
    throw new TemplateFault('At least one of [Groups,Roles,Users] must be non-empty.');
  const policy = { PolicyName: properties.PolicyName, PolicyDocument: JSON.stringify(properties.PolicyDocument) };
  for (const RoleName of properties.Roles ?? []) await calls.iam.PutRolePolicy({ RoleName, ...policy });
  for (const UserName of properties.Users ?? []) await calls.iam.PutUserPolicy({ UserName, ...policy });
  for (const GroupName of properties.Groups ?? []) await calls.iam.PutGroupPolicy({ GroupName, ...policy });
}

async function remove(
  { PolicyName, Roles, Users, Groups }: PolicyProperties,
  { calls }: Pick<ResourceRequest<unknown>, 'calls'>,
): Promise<void> {
  for (const RoleName of Roles ?? []) await deleteIfThere(() => calls.iam.DeleteRolePolicy({ RoleName, PolicyName }));
  for (const UserName of Users ?? []) await deleteIfThere(() => calls.iam.DeleteUserPolicy({ UserName, PolicyName }));
  for (const GroupName of Groups ?? [])
    await deleteIfThere(() => calls.iam.DeleteGroupPolicy({ GroupName, PolicyName }));
}
