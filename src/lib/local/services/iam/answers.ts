// Roles, policies and profiles as IAM's operations answer them.
import { tagList } from '../../kit/tags.js';
import { encodeDocument, type IamState, type InstanceProfile, type ManagedPolicy, type Role } from './iam-state.js';

export const describeRole = (role: Role) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: role.createDate,
  AssumeRolePolicyDocument: encodeDocument(role.assumeRolePolicyDocument),
  Description: role.description,
  MaxSessionDuration: role.maxSessionDuration,
  PermissionsBoundary:
    role.permissionsBoundaryArn === undefined
      ? undefined
      : {
          PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const,
          PermissionsBoundaryArn: role.permissionsBoundaryArn,
        },
  Tags: role.tags.size > 0 ? tagList(role.tags) : undefined,
});

export const describePolicy = (policy: ManagedPolicy, state: IamState) => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.defaultVersionId,
  AttachmentCount: state.rolesWith(policy.arn).length,
  PermissionsBoundaryUsageCount: state.roles().filter((role) => role.permissionsBoundaryArn === policy.arn).length,
  IsAttachable: true,
  Description: policy.description,
  CreateDate: policy.createDate,
  UpdateDate: policy.updateDate,
});

export const describeVersion = (policy: ManagedPolicy, version: ManagedPolicy['versions'][number]) => ({
  VersionId: version.id,
  IsDefaultVersion: version.id === policy.defaultVersionId,
  CreateDate: version.createDate,
});

export const describeProfile = (profile: InstanceProfile, state: IamState) => ({
  Path: profile.path,
  InstanceProfileName: profile.name,
  InstanceProfileId: profile.id,
  Arn: profile.arn,
  CreateDate: profile.createDate,
  Roles: profile.roleNames.map((name) => describeRole(state.role(name))),
  Tags: tagList(profile.tags),
});
