import { tagChanges, tagList } from '../resource-tags.js';
import { defineResourceType, deleteIfThere, type ResourceRequest } from '../resource-type.js';
import type { IAMRolePolicy, IAMRoleProperties } from '../schema/resource-properties.js';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html */
export const iamRole = defineResourceType<IAMRoleProperties>({
  type: 'AWS::IAM::Role',
  effective: [
    'RoleName',
    'Path',
    'AssumeRolePolicyDocument',
    'Description',
    'ManagedPolicyArns',
    'MaxSessionDuration',
    'PermissionsBoundary',
    'Policies',
    'Tags',
  ],
  nameProperty: 'RoleName',
  capability: 'CAPABILITY_IAM',

  async create(request) {
    const { calls, properties } = request;
    const name = properties.RoleName ?? request.generateName({ maxLength: 64 });
    const { Role: role } = await calls.iam.CreateRole({
      RoleName: name,
      Path: properties.Path,
      AssumeRolePolicyDocument: JSON.stringify(properties.AssumeRolePolicyDocument),
      Description: properties.Description,
      MaxSessionDuration: properties.MaxSessionDuration,
      PermissionsBoundary: properties.PermissionsBoundary,
      Tags: tagList(request),
    });
    request.initiated(name);
    await attach(name, [], properties.ManagedPolicyArns ?? [], request);
    await putPolicies(name, [], properties.Policies ?? [], request);
    return { physicalId: name, attributes: { Arn: role?.Arn, RoleId: role?.RoleId } };
  },

  async update(request) {
    const { calls, physicalId: name, properties, previous } = request;
    if (request.changed('AssumeRolePolicyDocument')) {
      await calls.iam.UpdateAssumeRolePolicy({
        RoleName: name,
        PolicyDocument: JSON.stringify(properties.AssumeRolePolicyDocument),
      });
    }
    if (request.changed('Description', 'MaxSessionDuration')) {
      await calls.iam.UpdateRole({
        RoleName: name,
        Description: properties.Description ?? '',
        MaxSessionDuration: properties.MaxSessionDuration ?? 3600,
      });
    }
    if (request.changed('PermissionsBoundary')) {
      if (properties.PermissionsBoundary === undefined)
        await calls.iam.DeleteRolePermissionsBoundary({ RoleName: name });
      else {
        await calls.iam.PutRolePermissionsBoundary({
          RoleName: name,
          PermissionsBoundary: properties.PermissionsBoundary,
        });
      }
    }
    await attach(name, previous.ManagedPolicyArns ?? [], properties.ManagedPolicyArns ?? [], request);
    if (request.changed('Policies'))
      await putPolicies(name, previous.Policies ?? [], properties.Policies ?? [], request);
    const { add, remove } = tagChanges(request);
    const added = Object.entries(add).map(([Key, Value]) => ({ Key, Value }));
    if (added.length > 0) await calls.iam.TagRole({ RoleName: name, Tags: added });
    if (remove.length > 0) await calls.iam.UntagRole({ RoleName: name, TagKeys: remove });
    const { Role: role } = await calls.iam.GetRole({ RoleName: name });
    return { physicalId: name, attributes: { Arn: role?.Arn, RoleId: role?.RoleId } };
  },

  async delete({ calls, physicalId, properties }) {
    // What the stack hung on the role goes with it: IAM refuses to delete a role that still has policies.
    await deleteIfThere(async () => {
      await detach(physicalId, properties.ManagedPolicyArns ?? [], { calls });
      await removePolicies(physicalId, properties.Policies ?? [], { calls });
      await calls.iam.DeleteRole({ RoleName: physicalId });
    });
  },
});

async function attach(
  name: string,
  before: readonly string[],
  after: readonly string[],
  { calls }: Pick<ResourceRequest<unknown>, 'calls'>,
): Promise<void> {
  for (const PolicyArn of after.filter((arn) => !before.includes(arn)))
    await calls.iam.AttachRolePolicy({ RoleName: name, PolicyArn });
  await detach(
    name,
    before.filter((arn) => !after.includes(arn)),
    { calls },
  );
}

/** Of these policies, those that are attached: one that IAM would not take is in the template all the same. */
async function detach(
  RoleName: string,
  arns: readonly string[],
  { calls: { iam } }: Pick<ResourceRequest<unknown>, 'calls'>,
): Promise<void> {
  if (arns.length === 0) return;
  const { AttachedPolicies: attached = [] } = await iam.ListAttachedRolePolicies({ RoleName });
  for (const { PolicyArn } of attached)
    if (PolicyArn !== undefined && arns.includes(PolicyArn)) await iam.DetachRolePolicy({ RoleName, PolicyArn });
}

async function putPolicies(
  name: string,
  before: readonly IAMRolePolicy[],
  after: readonly IAMRolePolicy[],
  { calls }: Pick<ResourceRequest<unknown>, 'calls'>,
): Promise<void> {
  for (const { PolicyName, PolicyDocument } of after)
    await calls.iam.PutRolePolicy({ RoleName: name, PolicyName, PolicyDocument: JSON.stringify(PolicyDocument) });
  await removePolicies(
    name,
    before.filter((old) => !after.some((policy) => policy.PolicyName === old.PolicyName)),
    { calls },
  );
}

/** Of these inline policies, those that are there. */
async function removePolicies(
  RoleName: string,
  policies: readonly IAMRolePolicy[],
  { calls: { iam } }: Pick<ResourceRequest<unknown>, 'calls'>,
): Promise<void> {
  if (policies.length === 0) return;
  const { PolicyNames: standing = [] } = await iam.ListRolePolicies({ RoleName });
  for (const PolicyName of standing)
    if (policies.some((policy) => policy.PolicyName === PolicyName))
      await iam.DeleteRolePolicy({ RoleName, PolicyName });
}
