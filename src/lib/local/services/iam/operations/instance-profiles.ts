import { defineOperation } from '../../../define-operation.js';
import { globalArnOf } from '../../../kit/arn.js';
import { newTags } from '../../../kit/tags.js';
import { uniqueId } from '../../../kit/unique-id.js';
import { AwsError } from '../../../wire/aws-error.js';
import { describeProfile } from '../answers.js';
import { PAGING, PATH, PROFILE_NAME, ROLE_NAME, TAGS } from '../iam-constraints.js';
import { deleteConflict, type IamState, type InstanceProfile, noSuchEntity } from '../iam-state.js';
import { pageByName } from '../page.js';
import { tagRules } from '../tag-rules.js';

export const createInstanceProfile = defineOperation('iam', 'CreateInstanceProfile').as({
  constraints: { InstanceProfileName: PROFILE_NAME, Path: PATH, Tags: TAGS },
  run(state: IamState, input, context) {
    const path = input.Path ?? '/';
    const profile: InstanceProfile = {
      name: input.InstanceProfileName,
      path,
      id: uniqueId('AIPA'),
      arn: globalArnOf('iam', context, `instance-profile${path}${input.InstanceProfileName}`),
      createDate: state.now(),
      roleNames: [],
      tags: newTags(input.Tags, tagRules('InstanceProfile')),
    };
    state.addProfile(profile);
    return { InstanceProfile: describeProfile(profile, state) };
  },
});

export const getInstanceProfile = defineOperation('iam', 'GetInstanceProfile').as({
  constraints: { InstanceProfileName: PROFILE_NAME },
  run(state: IamState, input) {
    return { InstanceProfile: describeProfile(state.profile(input.InstanceProfileName), state) };
  },
});

export const deleteInstanceProfile = defineOperation('iam', 'DeleteInstanceProfile').as({
  constraints: { InstanceProfileName: PROFILE_NAME },
  run(state: IamState, input) {
    const profile = state.profile(input.InstanceProfileName);
    if (profile.roleNames.length > 0) {
      throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
    }
    state.removeProfile(profile);
    return {};
  },
});

export const addRoleToInstanceProfile = defineOperation('iam', 'AddRoleToInstanceProfile').as({
  constraints: { InstanceProfileName: PROFILE_NAME, RoleName: ROLE_NAME },
  run(state: IamState, input) {
    const profile = state.profile(input.InstanceProfileName);
    const role = state.role(input.RoleName);
    if (profile.roleNames.length > 0) {
      throw new AwsError('LimitExceededException', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1');
    }
    profile.roleNames.push(role.name);
    return {};
  },
});

export const removeRoleFromInstanceProfile = defineOperation('iam', 'RemoveRoleFromInstanceProfile').as({
  constraints: { InstanceProfileName: PROFILE_NAME, RoleName: ROLE_NAME },
  run(state: IamState, input) {
    const profile = state.profile(input.InstanceProfileName);
    const at = profile.roleNames.indexOf(input.RoleName);
    if (at === -1) throw noSuchEntity(`The role with name ${input.RoleName} cannot be found.`);
    profile.roleNames.splice(at, 1);
    return {};
  },
});

export const listInstanceProfiles = defineOperation('iam', 'ListInstanceProfiles').as({
  constraints: PAGING,
  run(state: IamState, input) {
    const wanted = state.profiles().filter((profile) => profile.path.startsWith(input.PathPrefix ?? '/'));
    const { items, paging } = pageByName('ListInstanceProfiles', wanted, (profile) => profile.name, input);
    return { InstanceProfiles: items.map((item) => describeProfile(item, state)), ...paging };
  },
});

export const listInstanceProfilesForRole = defineOperation('iam', 'ListInstanceProfilesForRole').as({
  constraints: { RoleName: ROLE_NAME, ...PAGING },
  run(state: IamState, input) {
    const role = state.role(input.RoleName);
    const wanted = state.profiles().filter((profile) => profile.roleNames.includes(role.name));
    const { items, paging } = pageByName(
      `ListInstanceProfilesForRole ${role.name}`,
      wanted,
      (profile) => profile.name,
      input,
    );
    return { InstanceProfiles: items.map((item) => describeProfile(item, state)), ...paging };
  },
});
