import type { Clock } from '../../../shared/clock.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import { validate } from '../../wire/validate.js';
import { DESCRIPTION, DOCUMENT, INVALID, PAGING, PATH, POLICY_ARN, POLICY_NAME, TAGS } from './iam-constraints.js';
import {
  alreadyExists,
  checkDocument,
  deleteConflict,
  encodeDocument,
  type IamState,
  type ManagedPolicy,
  noSuchEntity,
  uniqueId,
} from './iam-state.js';
import { page } from './page.js';
import { wholeSeconds } from './roles.js';
import { tagList, tagMap } from './tags.js';

type ManagedPolicyHandlers = Pick<
  Handlers<'iam'>,
  | 'CreatePolicy'
  | 'GetPolicy'
  | 'DeletePolicy'
  | 'ListPolicies'
  | 'CreatePolicyVersion'
  | 'GetPolicyVersion'
  | 'ListPolicyVersions'
  | 'DeletePolicyVersion'
  | 'SetDefaultPolicyVersion'
  | 'ListEntitiesForPolicy'
  | 'TagPolicy'
  | 'UntagPolicy'
  | 'ListPolicyTags'
>;

const MOST_VERSIONS = 5;

export function managedPolicies(state: IamState, clock: Clock, accountId: string): ManagedPolicyHandlers {
  const rolesWith = (arn: string) => state.roles().filter((role) => role.attachedPolicies.has(arn));
  const describe = (policy: ManagedPolicy) => ({
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: rolesWith(policy.arn).length,
    PermissionsBoundaryUsageCount: state.roles().filter((role) => role.permissionsBoundaryArn === policy.arn).length,
    IsAttachable: true,
    Description: policy.description,
    CreateDate: policy.createDate,
    UpdateDate: policy.updateDate,
  });
  const describeVersion = (policy: ManagedPolicy, version: ManagedPolicy['versions'][number]) => ({
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersionId,
    CreateDate: version.createDate,
  });
  return {
    CreatePolicy(input) {
      validate(
        input,
        { PolicyName: POLICY_NAME, Path: PATH, PolicyDocument: DOCUMENT, Description: DESCRIPTION, Tags: TAGS },
        INVALID,
      );
      checkDocument(input.PolicyDocument);
      const path = input.Path ?? '/';
      const arn = `arn:aws:iam::${accountId}:policy${path}${input.PolicyName}`;
      if ([...state.policies.values()].some(({ name }) => name.toLowerCase() === input.PolicyName.toLowerCase())) {
        throw alreadyExists(`A policy called ${input.PolicyName} already exists. Duplicate names are not allowed.`);
      }
      const now = wholeSeconds(clock);
      const policy: ManagedPolicy = {
        name: input.PolicyName,
        path,
        id: uniqueId('ANPA'),
        arn,
        createDate: now,
        updateDate: now,
        description: input.Description,
        tags: tagMap(input.Tags),
        versions: [{ id: 'v1', document: input.PolicyDocument, createDate: now }],
        defaultVersionId: 'v1',
        versionsMade: 1,
      };
      state.policies.set(arn, policy);
      return { Policy: describe(policy) };
    },

    GetPolicy(input) {
      validate(input, { PolicyArn: POLICY_ARN }, INVALID);
      const policy = state.policy(input.PolicyArn);
      return { Policy: { ...describe(policy), Tags: tagList(policy.tags) } };
    },

    DeletePolicy(input) {
      validate(input, { PolicyArn: POLICY_ARN }, INVALID);
      const policy = state.policy(input.PolicyArn);
      if (rolesWith(policy.arn).length > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
      if (policy.versions.length > 1) {
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        );
      }
      state.policies.delete(policy.arn);
      return {};
    },

    ListPolicies(input) {
      validate(input, PAGING, INVALID);
      const wanted =
        input.Scope === 'AWS'
          ? []
          : [...state.policies.values()].filter(
              (policy) =>
                policy.path.startsWith(input.PathPrefix ?? '/') &&
                (!input.OnlyAttached || rolesWith(policy.arn).length > 0),
            );
      const { items, paging } = page(wanted, (policy) => policy.name, input);
      return { Policies: items.map(describe), ...paging };
    },

    CreatePolicyVersion(input) {
      validate(input, { PolicyArn: POLICY_ARN, PolicyDocument: DOCUMENT }, INVALID);
      const policy = state.policy(input.PolicyArn);
      checkDocument(input.PolicyDocument);
      if (policy.versions.length >= MOST_VERSIONS) {
        throw new AwsError(
          'LimitExceededException',
          `A managed policy can have up to ${MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
        );
      }
      policy.versionsMade += 1;
      const version = {
        id: `v${policy.versionsMade}`,
        document: input.PolicyDocument,
        createDate: wholeSeconds(clock),
      };
      policy.versions.unshift(version);
      policy.updateDate = version.createDate;
      if (input.SetAsDefault) policy.defaultVersionId = version.id;
      return { PolicyVersion: describeVersion(policy, version) };
    },

    GetPolicyVersion(input) {
      validate(input, { PolicyArn: POLICY_ARN }, INVALID);
      const policy = state.policy(input.PolicyArn);
      const version = versionOf(policy, input.VersionId);
      return {
        PolicyVersion: { ...describeVersion(policy, version), Document: encodeDocument(version.document) },
      };
    },

    ListPolicyVersions(input) {
      validate(input, { PolicyArn: POLICY_ARN, ...PAGING }, INVALID);
      const policy = state.policy(input.PolicyArn);
      const { items, paging } = page(policy.versions, (version) => version.id, input);
      return { Versions: items.map((version) => describeVersion(policy, version)), ...paging };
    },

    DeletePolicyVersion(input) {
      validate(input, { PolicyArn: POLICY_ARN }, INVALID);
      const policy = state.policy(input.PolicyArn);
      const version = versionOf(policy, input.VersionId);
      if (version.id === policy.defaultVersionId) {
        throw deleteConflict('Cannot delete the default version of a policy.');
      }
      policy.versions.splice(policy.versions.indexOf(version), 1);
      return {};
    },

    SetDefaultPolicyVersion(input) {
      validate(input, { PolicyArn: POLICY_ARN }, INVALID);
      const policy = state.policy(input.PolicyArn);
      policy.defaultVersionId = versionOf(policy, input.VersionId).id;
      return {};
    },

    ListEntitiesForPolicy(input) {
      validate(input, { PolicyArn: POLICY_ARN, ...PAGING }, INVALID);
      const { items, paging } = page(rolesWith(state.policy(input.PolicyArn).arn), (role) => role.name, input);
      return {
        PolicyRoles: items.map((role) => ({ RoleName: role.name, RoleId: role.id })),
        PolicyUsers: [],
        PolicyGroups: [],
        ...paging,
      };
    },

    TagPolicy(input) {
      validate(input, { PolicyArn: POLICY_ARN, Tags: TAGS }, INVALID);
      const { tags } = state.policy(input.PolicyArn);
      for (const [key, value] of tagMap(input.Tags)) tags.set(key, value);
      return {};
    },

    UntagPolicy(input) {
      validate(input, { PolicyArn: POLICY_ARN }, INVALID);
      const { tags } = state.policy(input.PolicyArn);
      for (const key of input.TagKeys) tags.delete(key);
      return {};
    },

    ListPolicyTags(input) {
      validate(input, { PolicyArn: POLICY_ARN, ...PAGING }, INVALID);
      const { items, paging } = page(tagList(state.policy(input.PolicyArn).tags), ({ Key }) => Key, input);
      return { Tags: items, ...paging };
    },
  };
}

function versionOf(policy: ManagedPolicy, id: string): ManagedPolicy['versions'][number] {
  const version = policy.versions.find((candidate) => candidate.id === id);
  if (!version) throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return version;
}
