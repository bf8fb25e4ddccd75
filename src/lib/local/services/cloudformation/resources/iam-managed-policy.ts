import { refuseUsersAndGroups } from '../refuse-users-and-groups.js';
import { defineResourceType, deleteIfThere, type ResourceRequest } from '../resource-type.js';
import type { IAMManagedPolicyProperties } from '../schema/resource-properties.js';

/** IAM keeps at most five versions of a managed policy; the oldest that is not the default makes room. */
const MAX_VERSIONS = 5;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html */
export const iamManagedPolicy = defineResourceType<IAMManagedPolicyProperties>({
  type: 'AWS::IAM::ManagedPolicy',
  effective: ['ManagedPolicyName', 'Path', 'Description', 'PolicyDocument', 'Roles', 'Users', 'Groups'],
  nameProperty: 'ManagedPolicyName',
  capability: 'CAPABILITY_IAM',

  async create(request) {
    const { calls, properties } = request;
    refuseUsersAndGroups(properties);
    const { Policy: made } = await calls.iam.CreatePolicy({
      PolicyName: properties.ManagedPolicyName ?? request.generateName({ maxLength: 128 }),
      Path: properties.Path,
      Description: properties.Description,
      PolicyDocument: JSON.stringify(properties.PolicyDocument),
    });
    const arn = made?.Arn ?? '';
    request.initiated(arn);
    await attach(arn, [], properties.Roles ?? [], request);
    return { physicalId: arn, attributes: await attributesOf(arn, request) };
  },

  async update(request) {
    const { calls, physicalId: arn, previous, properties } = request;
    refuseUsersAndGroups(properties);
    if (request.changed('PolicyDocument')) {
      const { Versions: versions = [] } = await calls.iam.ListPolicyVersions({ PolicyArn: arn });
      const oldest = versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).at(-1);
      if (versions.length >= MAX_VERSIONS && oldest)
        await calls.iam.DeletePolicyVersion({ PolicyArn: arn, VersionId: oldest.VersionId });
      await calls.iam.CreatePolicyVersion({
        PolicyArn: arn,
        PolicyDocument: JSON.stringify(properties.PolicyDocument),
        SetAsDefault: true,
      });
    }
    await attach(arn, previous.Roles ?? [], properties.Roles ?? [], request);
    return { physicalId: arn, attributes: await attributesOf(arn, request) };
  },

  async delete(request) {
    const { calls, physicalId: PolicyArn, properties } = request;
    await attach(PolicyArn, properties.Roles ?? [], [], request);
    await deleteIfThere(async () => {
      const { Versions: versions = [] } = await calls.iam.ListPolicyVersions({ PolicyArn });
      for (const { VersionId, IsDefaultVersion } of versions)
        if (!IsDefaultVersion) await calls.iam.DeletePolicyVersion({ PolicyArn, VersionId });
    });
    await deleteIfThere(() => calls.iam.DeletePolicy({ PolicyArn }));
  },
});

async function attach(
  PolicyArn: string,
  before: readonly string[],
  after: readonly string[],
  { calls: { iam } }: Pick<ResourceRequest<unknown>, 'calls'>,
): Promise<void> {
  for (const RoleName of after.filter((name) => !before.includes(name)))
    await iam.AttachRolePolicy({ RoleName, PolicyArn });
  for (const RoleName of before.filter((name) => !after.includes(name)))
    await deleteIfThere(() => iam.DetachRolePolicy({ RoleName, PolicyArn }));
}

async function attributesOf(PolicyArn: string, { calls }: Pick<ResourceRequest<unknown>, 'calls'>) {
  const { Policy: policy } = await calls.iam.GetPolicy({ PolicyArn });
  return {
    PolicyArn,
    PolicyId: policy?.PolicyId,
    AttachmentCount: policy?.AttachmentCount,
    CreateDate: policy?.CreateDate?.toISOString(),
    DefaultVersionId: policy?.DefaultVersionId,
    IsAttachable: policy?.IsAttachable ?? true,
    PermissionsBoundaryUsageCount: policy?.PermissionsBoundaryUsageCount ?? 0,
    UpdateDate: policy?.UpdateDate?.toISOString(),
  };
}
