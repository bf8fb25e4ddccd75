import type { LocalService, ServiceEnvironment } from '../../service.js';
import { IamState } from './iam-state.js';
import { instanceProfiles } from './instance-profiles.js';
import { managedPolicies } from './managed-policies.js';
import { rolePolicies } from './role-policies.js';
import { roles } from './roles.js';

/** IAM as far as templates need it: roles, policies and instance profiles are stored and given back, and enforced nowhere. */
export function createIam({ clock, accountId }: ServiceEnvironment): LocalService<'iam'> {
  const state = new IamState();
  return {
    handlers: {
      ...roles(state, clock, accountId),
      ...rolePolicies(state),
      ...managedPolicies(state, clock, accountId),
      ...instanceProfiles(state, clock, accountId),
    },
  };
}
