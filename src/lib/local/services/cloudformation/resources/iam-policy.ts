import { refuseUsersAndGroups } from '../refuse-users-and-groups.js';
import { defineResourceType, deleteIfThere, type ResourceRequest } from '../resource-type.js';
import { TemplateFault } from '../run/failure-reason.js';
import type { IAMPolicyProperties } from '../schema/resource-properties.js';

/**
 * An inline policy put on roles.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
 */
export const iamPolicy = defineResourceType<IAMPolicyProperties>({
  type: 'AWS::IAM::Policy',
  effective: ['PolicyName', 'PolicyDocument', 'Roles', 'Users', 'Groups'],
  capability: 'CAPABILITY_IAM',

  async create(request) {
    const physicalId = request.generateName({ maxLength: 128 });
    await put(request.properties, request, () => request.initiated(physicalId));
    return { physicalId, attributes: { Id: physicalId } };
  },

  async update(request) {
    const { physicalId, previous, properties } = request;
    await put(properties, request);
    const isRenamed = previous.PolicyName !== properties.PolicyName;
    const gone = (previous.Roles ?? []).filter((name) => isRenamed || !properties.Roles?.includes(name));
    await remove(previous.PolicyName, gone, request);
    return { physicalId, attributes: { Id: physicalId } };
  },

  delete: (request) => remove(request.properties.PolicyName, request.properties.Roles ?? [], request),
});

async function put(
  properties: IAMPolicyProperties,
  { calls }: Pick<ResourceRequest<unknown>, 'calls'>,
  onPut: () => void = () => {},
): Promise<void> {
  const { PolicyName, PolicyDocument, Roles = [], Users = [], Groups = [] } = properties;
  if ([...Roles, ...Users, ...Groups].length === 0)
    throw new TemplateFault('At least one of [Groups,Roles,Users] must be non-empty.');
  refuseUsersAndGroups(properties);
  for (const RoleName of Roles) {
    await calls.iam.PutRolePolicy({ RoleName, PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) });
    onPut();
  }
}

async function remove(
  PolicyName: string,
  roles: readonly string[],
  { calls }: Pick<ResourceRequest<unknown>, 'calls'>,
): Promise<void> {
  for (const RoleName of roles) {
    await deleteIfThere(async () => {
      // A name that IAM would not take was never put, and cannot be asked to go.
      const { PolicyNames = [] } = await calls.iam.ListRolePolicies({ RoleName });
      if (PolicyNames.includes(PolicyName)) await calls.iam.DeleteRolePolicy({ RoleName, PolicyName });
    });
  }
}
