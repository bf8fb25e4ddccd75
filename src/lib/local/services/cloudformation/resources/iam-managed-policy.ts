import { defineResourceType, deleteIfThere, type ResourceRequest } from '../resource-type.js';
import { document, listOf, text } from '../shape.js';

/** IAM keeps at most five versions of a managed policy; the oldest that is not the default makes room. */
const MAX_VERSIONS = 5;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html */
export const iamManagedPolicy = defineResourceType({
  type: 'AWS::IAM::ManagedPolicy',
  properties: {
    ManagedPolicyName: text.replaces(),
    Path: text.replaces(),
    Description: text.replaces(),
    PolicyDocument: document.required(),
    Roles: listOf(text),
    Users: listOf(text),
    Groups: listOf(text),
  },
  attributes: [
    'PolicyArn',
    'PolicyId',
    'AttachmentCount',
    'CreateDate',
    'DefaultVersionId',
    'IsAttachable',
    'PermissionsBoundaryUsageCount',
    'UpdateDate',
  ],
  nameProperty: 'ManagedPolicyName',
  capability: 'CAPABILITY_IAM',

  async create(request) {
    const { calls, properties } = request;
    const { Policy: made } = await calls.iam.CreatePolicy({
      PolicyName: properties.ManagedPolicyName ?? request.generateName({ maxLength: 128 }),
      Path: properties.Path,
      Description: properties.Description,
      PolicyDocument: JSON.stringify(properties.PolicyDocument),
    });
    const arn = made?.Arn ?? '';
    request.initiated(arn);
    await attach(arn, {}, properties, request);
    return { physicalId: arn, attributes: await attributesOf(arn, request) };
  },

  async update(request) {
    const { calls, physicalId: arn, previous, properties } = request;
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
    await attach(arn, previous, properties, request);
    return { physicalId: arn, attributes: await attributesOf(arn, request) };
  },

  async delete(request) {
    const { calls, physicalId: PolicyArn, properties } = request;
    await attach(PolicyArn, properties, {}, request);
    await deleteIfThere(async () => {
      const { Versions: versions = [] } = await calls.iam.ListPolicyVersions({ PolicyArn });
      for (const { VersionId, IsDefaultVersion } of versions)
        if (!IsDefaultVersion) await calls.iam.DeletePolicyVersion({ PolicyArn, VersionId });
    });
    await deleteIfThere(() => calls.iam.DeletePolicy({ PolicyArn }));
  },
});

interface Attached {
  Roles?: string[];
  Users?: string[];
  Groups?: string[];
}

async function attach(
  PolicyArn: string,
  before: Attached,
  after: Attached,
  { calls: { iam } }: Pick<ResourceRequest<unknown>, 'calls'>,
): Promise<void> {
  const added = (kind: keyof Attached): string[] => (after[kind] ?? []).filter((name) => !before[kind]?.includes(name));
  const gone = (kind: keyof Attached): string[] => (before[kind] ?? []).filter((name) => !after[kind]?.includes(name));
  for (const RoleName of added('Roles')) await iam.AttachRolePolicy({ RoleName, PolicyArn });
  for (const UserName of added('Users')) await iam.AttachUserPolicy({ UserName, PolicyArn });
  for (const GroupName of added('Groups')) await iam.AttachGroupPolicy({ GroupName, PolicyArn });
  for (const RoleName of gone('Roles')) await deleteIfThere(() => iam.DetachRolePolicy({ RoleName, PolicyArn }));
  for (const UserName of gone('Users')) await deleteIfThere(() => iam.DetachUserPolicy({ UserName, PolicyArn }));
  for (const GroupName of gone('Groups')) await deleteIfThere(() => iam.DetachGroupPolicy({ GroupName, PolicyArn }));
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
