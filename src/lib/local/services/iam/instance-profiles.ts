import type { Clock } from '../../../shared/clock.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Handlers } from '../../wire/handlers.js';
import { validate } from '../../wire/validate.js';
import { INVALID, PAGING, PATH, PROFILE_NAME, ROLE_NAME, TAGS } from './iam-constraints.js';
import { deleteConflict, type IamState, type InstanceProfile, noSuchEntity, uniqueId } from './iam-state.js';
import { page } from './page.js';
import { describeRole, wholeSeconds } from './roles.js';
import { tagList, tagMap } from './tags.js';

type InstanceProfileHandlers = Pick<
  Handlers<'iam'>,
  | 'CreateInstanceProfile'
  | 'GetInstanceProfile'
  | 'DeleteInstanceProfile'
  | 'AddRoleToInstanceProfile'
  | 'RemoveRoleFromInstanceProfile'
  | 'ListInstanceProfiles'
  | 'ListInstanceProfilesForRole'
>;

export function instanceProfiles(state: IamState, clock: Clock, accountId: string): InstanceProfileHandlers {
  const describe = (profile: InstanceProfile) => ({
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: profile.createDate,
    Roles: profile.roleNames.map((name) => describeRole(state.role(name))),
    Tags: tagList(profile.tags),
  });
  return {
    CreateInstanceProfile(input) {
      validate(input, { InstanceProfileName: PROFILE_NAME, Path: PATH, Tags: TAGS }, INVALID);
      const path = input.Path ?? '/';
      const profile: InstanceProfile = {
        name: input.InstanceProfileName,
        path,
        id: uniqueId('AIPA'),
        arn: `arn:aws:iam::${accountId}:instance-profile${path}${input.InstanceProfileName}`,
        createDate: wholeSeconds(clock),
        roleNames: [],
        tags: tagMap(input.Tags),
      };
      state.addProfile(profile);
      return { InstanceProfile: describe(profile) };
    },

    GetInstanceProfile(input) {
      validate(input, { InstanceProfileName: PROFILE_NAME }, INVALID);
      return { InstanceProfile: describe(state.profile(input.InstanceProfileName)) };
    },

    DeleteInstanceProfile(input) {
      validate(input, { InstanceProfileName: PROFILE_NAME }, INVALID);
      const profile = state.profile(input.InstanceProfileName);
      if (profile.roleNames.length > 0) {
        throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
      }
      state.removeProfile(profile);
      return {};
    },

    AddRoleToInstanceProfile(input) {
      validate(input, { InstanceProfileName: PROFILE_NAME, RoleName: ROLE_NAME }, INVALID);
      const profile = state.profile(input.InstanceProfileName);
      const role = state.role(input.RoleName);
      if (profile.roleNames.length > 0) {
        throw new AwsError('LimitExceededException', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1');
      }
      profile.roleNames.push(role.name);
      return {};
    },

    RemoveRoleFromInstanceProfile(input) {
      validate(input, { InstanceProfileName: PROFILE_NAME, RoleName: ROLE_NAME }, INVALID);
      const profile = state.profile(input.InstanceProfileName);
      const at = profile.roleNames.indexOf(input.RoleName);
      if (at === -1) throw noSuchEntity(`The role with name ${input.RoleName} cannot be found.`);
      profile.roleNames.splice(at, 1);
      return {};
    },

    ListInstanceProfiles(input) {
      validate(input, PAGING, INVALID);
      const wanted = state.profiles().filter((profile) => profile.path.startsWith(input.PathPrefix ?? '/'));
      const { items, paging } = page(wanted, (profile) => profile.name, input);
      return { InstanceProfiles: items.map(describe), ...paging };
    },

    ListInstanceProfilesForRole(input) {
      validate(input, { RoleName: ROLE_NAME, ...PAGING }, INVALID);
      const role = state.role(input.RoleName);
      const wanted = state.profiles().filter((profile) => profile.roleNames.includes(role.name));
      const { items, paging } = page(wanted, (profile) => profile.name, input);
      return { InstanceProfiles: items.map(describe), ...paging };
    },
  };
}
