import { defineOperation } from '../../../define-operation.js';
import { globalArnOf } from '../../../kit/arn.js';
import { addTags, newTags, tagList } from '../../../kit/tags.js';
import { uniqueId } from '../../../kit/unique-id.js';
import { AwsError } from '../../../wire/aws-error.js';
import { describePolicy, describeVersion } from '../answers.js';
import { DESCRIPTION, DOCUMENT, PAGING, PATH, POLICY_ARN, POLICY_NAME, TAGS } from '../iam-constraints.js';
import {
  alreadyExists,
  checkDocument,
  deleteConflict,
  encodeDocument,
  type IamState,
  type ManagedPolicy,
  noSuchEntity,
} from '../iam-state.js';
import { pageByName } from '../page.js';
import { tagRules } from '../tag-rules.js';

const TAG_RULES = tagRules('Policy');
const MOST_VERSIONS = 5;

export const createPolicy = defineOperation('iam', 'CreatePolicy').as({
  constraints: { PolicyName: POLICY_NAME, Path: PATH, PolicyDocument: DOCUMENT, Description: DESCRIPTION, Tags: TAGS },
  run(state: IamState, input, context) {
    checkDocument(input.PolicyDocument);
    const path = input.Path ?? '/';
    const arn = globalArnOf('iam', context, `policy${path}${input.PolicyName}`);
    if ([...state.policies.values()].some(({ name }) => name.toLowerCase() === input.PolicyName.toLowerCase())) {
      throw alreadyExists(`A policy called ${input.PolicyName} already exists. Duplicate names are not allowed.`);
    }
    const now = state.now();
    const policy: ManagedPolicy = {
      name: input.PolicyName,
      path,
      id: uniqueId('ANPA'),
      arn,
      createDate: now,
      updateDate: now,
      description: input.Description,
      tags: newTags(input.Tags, TAG_RULES),
      versions: [{ id: 'v1', document: input.PolicyDocument, createDate: now }],
      defaultVersionId: 'v1',
      versionsMade: 1,
    };
    state.policies.set(arn, policy);
    return { Policy: describePolicy(policy, state) };
  },
});

export const getPolicy = defineOperation('iam', 'GetPolicy').as({
  constraints: { PolicyArn: POLICY_ARN },
  run(state: IamState, input) {
    const policy = state.policy(input.PolicyArn);
    return { Policy: { ...describePolicy(policy, state), Tags: tagList(policy.tags) } };
  },
});

export const deletePolicy = defineOperation('iam', 'DeletePolicy').as({
  constraints: { PolicyArn: POLICY_ARN },
  run(state: IamState, input) {
    const policy = state.policy(input.PolicyArn);
    if (state.rolesWith(policy.arn).length > 0) throw deleteConflict('Cannot delete a policy attached to entities.');
    if (policy.versions.length > 1) {
      throw deleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      );
    }
    state.policies.delete(policy.arn);
    return {};
  },
});

export const listPolicies = defineOperation('iam', 'ListPolicies').as({
  constraints: PAGING,
  run(state: IamState, input) {
    const wanted =
      input.Scope === 'AWS'
        ? []
        : [...state.policies.values()].filter(
            (policy) =>
              policy.path.startsWith(input.PathPrefix ?? '/') &&
              (!input.OnlyAttached || state.rolesWith(policy.arn).length > 0),
          );
    const { items, paging } = pageByName('ListPolicies', wanted, (policy) => policy.name, input);
    return { Policies: items.map((item) => describePolicy(item, state)), ...paging };
  },
});

export const createPolicyVersion = defineOperation('iam', 'CreatePolicyVersion').as({
  constraints: { PolicyArn: POLICY_ARN, PolicyDocument: DOCUMENT },
  run(state: IamState, input) {
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
      createDate: state.now(),
    };
    policy.versions.unshift(version);
    policy.updateDate = version.createDate;
    if (input.SetAsDefault) policy.defaultVersionId = version.id;
    return { PolicyVersion: describeVersion(policy, version) };
  },
});

export const getPolicyVersion = defineOperation('iam', 'GetPolicyVersion').as({
  constraints: { PolicyArn: POLICY_ARN },
  run(state: IamState, input) {
    const policy = state.policy(input.PolicyArn);
    const version = versionOf(policy, input.VersionId);
    return {
      PolicyVersion: { ...describeVersion(policy, version), Document: encodeDocument(version.document) },
    };
  },
});

export const listPolicyVersions = defineOperation('iam', 'ListPolicyVersions').as({
  constraints: { PolicyArn: POLICY_ARN, ...PAGING },
  run(state: IamState, input) {
    const policy = state.policy(input.PolicyArn);
    const { items, paging } = pageByName(
      `ListPolicyVersions ${policy.arn}`,
      policy.versions,
      ({ id }) => id.padStart(12, '0'),
      input,
    );
    return { Versions: items.map((version) => describeVersion(policy, version)), ...paging };
  },
});

export const deletePolicyVersion = defineOperation('iam', 'DeletePolicyVersion').as({
  constraints: { PolicyArn: POLICY_ARN },
  run(state: IamState, input) {
    const policy = state.policy(input.PolicyArn);
    const version = versionOf(policy, input.VersionId);
    if (version.id === policy.defaultVersionId) {
      throw deleteConflict('Cannot delete the default version of a policy.');
    }
    policy.versions.splice(policy.versions.indexOf(version), 1);
    return {};
  },
});

export const setDefaultPolicyVersion = defineOperation('iam', 'SetDefaultPolicyVersion').as({
  constraints: { PolicyArn: POLICY_ARN },
  run(state: IamState, input) {
    const policy = state.policy(input.PolicyArn);
    policy.defaultVersionId = versionOf(policy, input.VersionId).id;
    return {};
  },
});

export const listEntitiesForPolicy = defineOperation('iam', 'ListEntitiesForPolicy').as({
  constraints: { PolicyArn: POLICY_ARN, ...PAGING },
  run(state: IamState, input) {
    const { items, paging } = pageByName(
      `ListEntitiesForPolicy ${input.PolicyArn}`,
      state.rolesWith(state.policy(input.PolicyArn).arn),
      (role) => role.name,
      input,
    );
    return {
      PolicyRoles: items.map((role) => ({ RoleName: role.name, RoleId: role.id })),
      PolicyUsers: [],
      PolicyGroups: [],
      ...paging,
    };
  },
});

export const tagPolicy = defineOperation('iam', 'TagPolicy').as({
  constraints: { PolicyArn: POLICY_ARN, Tags: TAGS },
  run(state: IamState, input) {
    addTags(state.policy(input.PolicyArn).tags, input.Tags, TAG_RULES);
    return {};
  },
});

export const untagPolicy = defineOperation('iam', 'UntagPolicy').as({
  constraints: { PolicyArn: POLICY_ARN },
  run(state: IamState, input) {
    const { tags } = state.policy(input.PolicyArn);
    for (const key of input.TagKeys) tags.delete(key);
    return {};
  },
});

export const listPolicyTags = defineOperation('iam', 'ListPolicyTags').as({
  constraints: { PolicyArn: POLICY_ARN, ...PAGING },
  run(state: IamState, input) {
    const { items, paging } = pageByName(
      `ListPolicyTags ${input.PolicyArn}`,
      tagList(state.policy(input.PolicyArn).tags),
      ({ Key }) => Key,
      input,
    );
    return { Tags: items, ...paging };
  },
});

function versionOf(policy: ManagedPolicy, id: string): ManagedPolicy['versions'][number] {
  const version = policy.versions.find((candidate) => candidate.id === id);
  if (!version) throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
  return version;
}
