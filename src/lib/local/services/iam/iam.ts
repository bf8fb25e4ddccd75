import { defineService } from '../../define-service.js';
import { IamState } from './iam-state.js';
import * as instanceProfiles from './operations/instance-profiles.js';
import * as managedPolicies from './operations/managed-policies.js';
import * as rolePolicies from './operations/role-policies.js';
import * as roles from './operations/roles.js';

/** IAM as far as templates need it: roles, policies and instance profiles are kept and returned, and enforced nowhere. */
export const iam = defineService({
  id: 'iam',
  title: 'IAM',
  state: ({ clock }) => new IamState(clock),
  operations: [
    ...Object.values(instanceProfiles),
    ...Object.values(managedPolicies),
    ...Object.values(rolePolicies),
    ...Object.values(roles),
  ],
  invalid: 'ValidationError',
  gaps: [
    '**Nothing is enforced.** Roles, policies, managed policies and instance profiles are kept and returned; every caller may do everything.',
    '**Policies** are checked for JSON with a `Statement`, not against the policy language.',
    "**AWS's own managed policies** can be attached by any name. Their texts are not here.",
  ],
});
