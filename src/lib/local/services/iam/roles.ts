import type { Clock } from '../../../shared/clock.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import { validate } from '../../wire/validate.js';
import { DESCRIPTION, DOCUMENT, INVALID, PAGING, PATH, ROLE_NAME, TAGS } from './iam-constraints.js';
import { checkDocument, deleteConflict, encodeDocument, type IamState, type Role, uniqueId } from './iam-state.js';
import { page } from './page.js';
import { tagList, tagMap } from './tags.js';

type RoleHandlers = Pick<
  Handlers<'iam'>,
  | 'CreateRole'
  | 'GetRole'
  | 'DeleteRole'
  | 'ListRoles'
  | 'UpdateRole'
  | 'UpdateRoleDescription'
  | 'UpdateAssumeRolePolicy'
  | 'PutRolePermissionsBoundary'
  | 'DeleteRolePermissionsBoundary'
  | 'TagRole'
  | 'UntagRole'
  | 'ListRoleTags'
  | 'CreateServiceLinkedRole'
>;

const DURATION = { range: [3600, 43_200] as const };

export function roles(state: IamState, clock: Clock, accountId: string): RoleHandlers {
  const add = (given: Pick<Role, 'name' | 'path' | 'assumeRolePolicyDocument'> & Partial<Role>): Role => {
    const role: Role = {
      id: uniqueId('AROA'),
      arn: `arn:aws:iam::${accountId}:role${given.path}${given.name}`,
      createDate: wholeSeconds(clock),
      description: undefined,
      maxSessionDuration: 3600,
      permissionsBoundaryArn: undefined,
      tags: new Map(),
      inlinePolicies: new Map(),
      attachedPolicies: new Map(),
      ...given,
    };
    state.addRole(role);
    return role;
  };
  return {
    CreateRole(input) {
      validate(
        input,
        {
          RoleName: ROLE_NAME,
          Path: PATH,
          AssumeRolePolicyDocument: DOCUMENT,
          Description: DESCRIPTION,
          MaxSessionDuration: DURATION,
          Tags: TAGS,
        },
        INVALID,
      );
      checkDocument(input.AssumeRolePolicyDocument);
      const role = add({
        name: input.RoleName,
        path: input.Path ?? '/',
        assumeRolePolicyDocument: input.AssumeRolePolicyDocument,
        description: input.Description,
        maxSessionDuration: input.MaxSessionDuration ?? 3600,
        permissionsBoundaryArn: input.PermissionsBoundary,
        tags: tagMap(input.Tags),
      });
      return { Role: describeRole(role) };
    },

    GetRole(input) {
      validate(input, { RoleName: ROLE_NAME }, INVALID);
      return { Role: { ...describeRole(state.role(input.RoleName)), RoleLastUsed: {} } };
    },

    DeleteRole(input) {
      validate(input, { RoleName: ROLE_NAME }, INVALID);
      const role = state.role(input.RoleName);
      if (role.attachedPolicies.size > 0) {
        throw deleteConflict('Cannot delete entity, must detach all policies first.');
      }
      if (role.inlinePolicies.size > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
      if (state.profiles().some((profile) => profile.roleNames.includes(role.name))) {
        throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
      }
      state.removeRole(role);
      return {};
    },

    ListRoles(input) {
      validate(input, PAGING, INVALID);
      const wanted = state.roles().filter((role) => role.path.startsWith(input.PathPrefix ?? '/'));
      const { items, paging } = page(wanted, (role) => role.name, input);
      // Tags and boundaries are left out of lists: "IAM resource-listing operations return a subset of the available attributes".
      return { Roles: items.map((role) => ({ ...describeRole(role), Tags: undefined })), ...paging };
    },

    UpdateRole(input) {
      validate(input, { RoleName: ROLE_NAME, Description: DESCRIPTION, MaxSessionDuration: DURATION }, INVALID);
      const role = state.role(input.RoleName);
      role.description = input.Description;
      if (input.MaxSessionDuration !== undefined) role.maxSessionDuration = input.MaxSessionDuration;
      return {};
    },

    UpdateRoleDescription(input) {
      validate(input, { RoleName: ROLE_NAME, Description: DESCRIPTION }, INVALID);
      const role = state.role(input.RoleName);
      role.description = input.Description;
      return { Role: describeRole(role) };
    },

    UpdateAssumeRolePolicy(input) {
      validate(input, { RoleName: ROLE_NAME, PolicyDocument: DOCUMENT }, INVALID);
      checkDocument(input.PolicyDocument);
      state.role(input.RoleName).assumeRolePolicyDocument = input.PolicyDocument;
      return {};
    },

    PutRolePermissionsBoundary(input) {
      state.role(input.RoleName).permissionsBoundaryArn = input.PermissionsBoundary;
      return {};
    },

    DeleteRolePermissionsBoundary(input) {
      state.role(input.RoleName).permissionsBoundaryArn = undefined;
      return {};
    },

    TagRole(input) {
      validate(input, { RoleName: ROLE_NAME, Tags: TAGS }, INVALID);
      const { tags } = state.role(input.RoleName);
      for (const [key, value] of tagMap(input.Tags)) tags.set(key, value);
      return {};
    },

    UntagRole(input) {
      validate(input, { RoleName: ROLE_NAME }, INVALID);
      const { tags } = state.role(input.RoleName);
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },

    ListRoleTags(input) {
      validate(input, { RoleName: ROLE_NAME, ...PAGING }, INVALID);
      const { items, paging } = page(tagList(state.role(input.RoleName).tags), ({ Key }) => Key, input);
      return { Tags: items, ...paging };
    },

    CreateServiceLinkedRole(input) {
      validate(input, { AWSServiceName: { min: 1, max: 128, pattern: '[\\w+=,.@-]+' } }, INVALID);
      const service = input.AWSServiceName;
      if (!service.endsWith('.amazonaws.com')) {
        throw new AwsError('InvalidInputException', `Service role name ${service} is not valid.`);
      }
      const suffix = input.CustomSuffix === undefined ? '' : `_${input.CustomSuffix}`;
      const role = add({
        name: `AWSServiceRoleFor${pascal(service.slice(0, -'.amazonaws.com'.length))}${suffix}`,
        path: `/aws-service-role/${service}/`,
        description: input.Description,
        assumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
        }),
      });
      return { Role: describeRole(role) };
    },
  };
}

const pascal = (text: string): string =>
  text.replaceAll(/(?:^|[.-])([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** IAM's dates have no fractions of a second. */
export const wholeSeconds = (clock: Clock): Date => new Date(Math.floor(clock.now() / 1000) * 1000);

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
