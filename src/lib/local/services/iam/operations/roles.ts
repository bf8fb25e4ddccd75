import { defineOperation } from '../../../define-operation.js';
import { type ArnPlace, globalArnOf } from '../../../kit/arn.js';
import { addTags, newTags, tagList } from '../../../kit/tags.js';
import { uniqueId } from '../../../kit/unique-id.js';
import { AwsError } from '../../../wire/aws-error.js';
import { describeRole } from '../answers.js';
import { DESCRIPTION, DOCUMENT, PAGING, PATH, ROLE_NAME, TAGS } from '../iam-constraints.js';
import { checkDocument, deleteConflict, type IamState, type Role } from '../iam-state.js';
import { pageByName } from '../page.js';
import { tagRules } from '../tag-rules.js';

const TAG_RULES = tagRules('Role');
const DURATION = { range: [3600, 43_200] as const };

export const createRole = defineOperation('iam', 'CreateRole').as({
  constraints: {
    RoleName: ROLE_NAME,
    Path: PATH,
    AssumeRolePolicyDocument: DOCUMENT,
    Description: DESCRIPTION,
    MaxSessionDuration: DURATION,
    Tags: TAGS,
  },
  run(state: IamState, input, context) {
    checkDocument(input.AssumeRolePolicyDocument);
    const role = addRole(state, context, {
      name: input.RoleName,
      path: input.Path ?? '/',
      assumeRolePolicyDocument: input.AssumeRolePolicyDocument,
      description: input.Description,
      maxSessionDuration: input.MaxSessionDuration ?? 3600,
      permissionsBoundaryArn: input.PermissionsBoundary,
      tags: newTags(input.Tags, TAG_RULES),
    });
    return { Role: describeRole(role) };
  },
});

export const getRole = defineOperation('iam', 'GetRole').as({
  constraints: { RoleName: ROLE_NAME },
  run(state: IamState, input) {
    return { Role: { ...describeRole(state.role(input.RoleName)), RoleLastUsed: {} } };
  },
});

export const deleteRole = defineOperation('iam', 'DeleteRole').as({
  constraints: { RoleName: ROLE_NAME },
  run(state: IamState, input) {
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
});

export const listRoles = defineOperation('iam', 'ListRoles').as({
  constraints: PAGING,
  run(state: IamState, input) {
    const wanted = state.roles().filter((role) => role.path.startsWith(input.PathPrefix ?? '/'));
    const { items, paging } = pageByName('ListRoles', wanted, (role) => role.name, input);
    // Tags and boundaries are left out of lists: "IAM resource-listing operations return a subset of the available attributes".
    return { Roles: items.map((role) => ({ ...describeRole(role), Tags: undefined })), ...paging };
  },
});

export const updateRole = defineOperation('iam', 'UpdateRole').as({
  constraints: { RoleName: ROLE_NAME, Description: DESCRIPTION, MaxSessionDuration: DURATION },
  run(state: IamState, input) {
    const role = state.role(input.RoleName);
    role.description = input.Description;
    if (input.MaxSessionDuration !== undefined) role.maxSessionDuration = input.MaxSessionDuration;
    return {};
  },
});

export const updateRoleDescription = defineOperation('iam', 'UpdateRoleDescription').as({
  constraints: { RoleName: ROLE_NAME, Description: DESCRIPTION },
  run(state: IamState, input) {
    const role = state.role(input.RoleName);
    role.description = input.Description;
    return { Role: describeRole(role) };
  },
});

export const updateAssumeRolePolicy = defineOperation('iam', 'UpdateAssumeRolePolicy').as({
  constraints: { RoleName: ROLE_NAME, PolicyDocument: DOCUMENT },
  run(state: IamState, input) {
    checkDocument(input.PolicyDocument);
    state.role(input.RoleName).assumeRolePolicyDocument = input.PolicyDocument;
    return {};
  },
});

export const putRolePermissionsBoundary = defineOperation('iam', 'PutRolePermissionsBoundary').as({
  run(state: IamState, input) {
    state.role(input.RoleName).permissionsBoundaryArn = input.PermissionsBoundary;
    return {};
  },
});

export const deleteRolePermissionsBoundary = defineOperation('iam', 'DeleteRolePermissionsBoundary').as({
  run(state: IamState, input) {
    state.role(input.RoleName).permissionsBoundaryArn = undefined;
    return {};
  },
});

export const tagRole = defineOperation('iam', 'TagRole').as({
  constraints: { RoleName: ROLE_NAME, Tags: TAGS },
  run(state: IamState, input) {
    addTags(state.role(input.RoleName).tags, input.Tags, TAG_RULES);
    return {};
  },
});

export const untagRole = defineOperation('iam', 'UntagRole').as({
  constraints: { RoleName: ROLE_NAME },
  run(state: IamState, input) {
    const { tags } = state.role(input.RoleName);
    for (const key of input.TagKeys) tags.delete(key);
    return {};
  },
});

export const listRoleTags = defineOperation('iam', 'ListRoleTags').as({
  constraints: { RoleName: ROLE_NAME, ...PAGING },
  run(state: IamState, input) {
    const { items, paging } = pageByName(
      `ListRoleTags ${input.RoleName}`,
      tagList(state.role(input.RoleName).tags),
      ({ Key }) => Key,
      input,
    );
    return { Tags: items, ...paging };
  },
});

export const createServiceLinkedRole = defineOperation('iam', 'CreateServiceLinkedRole').as({
  constraints: { AWSServiceName: { min: 1, max: 128, pattern: '[\\w+=,.@-]+' } },
  run(state: IamState, input, context) {
    const service = input.AWSServiceName;
    if (!service.endsWith('.amazonaws.com')) {
      throw new AwsError('InvalidInputException', `Service role name ${service} is not valid.`);
    }
    const suffix = input.CustomSuffix === undefined ? '' : `_${input.CustomSuffix}`;
    const role = addRole(state, context, {
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
});

const pascal = (text: string): string =>
  text.replaceAll(/(?:^|[.-])([a-z])/g, (_, letter: string) => letter.toUpperCase());

function addRole(
  state: IamState,
  place: ArnPlace,
  given: Pick<Role, 'name' | 'path' | 'assumeRolePolicyDocument'> & Partial<Role>,
): Role {
  const role: Role = {
    id: uniqueId('AROA'),
    arn: globalArnOf('iam', place, `role${given.path}${given.name}`),
    createDate: state.now(),
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
}
