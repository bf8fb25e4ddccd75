import type { Handlers } from '../../wire/handlers.js';
import { validate } from '../../wire/validate.js';
import { DOCUMENT, INVALID, PAGING, POLICY_ARN, POLICY_NAME, ROLE_NAME } from './iam-constraints.js';
import { checkDocument, encodeDocument, type IamState, noSuchEntity } from './iam-state.js';
import { page } from './page.js';

type RolePolicyHandlers = Pick<
  Handlers<'iam'>,
  | 'PutRolePolicy'
  | 'GetRolePolicy'
  | 'DeleteRolePolicy'
  | 'ListRolePolicies'
  | 'AttachRolePolicy'
  | 'DetachRolePolicy'
  | 'ListAttachedRolePolicies'
>;

/** AWS's own managed policies are taken as they are named; their texts are not part of this endpoint. */
const AWS_MANAGED = /^arn:aws[\w-]*:iam::aws:policy\/(?:.*\/)?([^/]+)$/;

export function rolePolicies(state: IamState): RolePolicyHandlers {
  return {
    PutRolePolicy(input) {
      validate(input, { RoleName: ROLE_NAME, PolicyName: POLICY_NAME, PolicyDocument: DOCUMENT }, INVALID);
      const role = state.role(input.RoleName);
      checkDocument(input.PolicyDocument);
      role.inlinePolicies.set(input.PolicyName, input.PolicyDocument);
      return {};
    },

    GetRolePolicy(input) {
      validate(input, { RoleName: ROLE_NAME, PolicyName: POLICY_NAME }, INVALID);
      const document = state.role(input.RoleName).inlinePolicies.get(input.PolicyName);
      if (document === undefined) throw noSuchPolicy(input.PolicyName);
      return {
        RoleName: input.RoleName,
        PolicyName: input.PolicyName,
        PolicyDocument: encodeDocument(document),
      };
    },

    DeleteRolePolicy(input) {
      validate(input, { RoleName: ROLE_NAME, PolicyName: POLICY_NAME }, INVALID);
      if (!state.role(input.RoleName).inlinePolicies.delete(input.PolicyName)) throw noSuchPolicy(input.PolicyName);
      return {};
    },

    ListRolePolicies(input) {
      validate(input, { RoleName: ROLE_NAME, ...PAGING }, INVALID);
      const names = [...state.role(input.RoleName).inlinePolicies.keys()];
      const { items, paging } = page(names, (name) => name, input);
      return { PolicyNames: items, ...paging };
    },

    AttachRolePolicy(input) {
      validate(input, { RoleName: ROLE_NAME, PolicyArn: POLICY_ARN }, INVALID);
      const role = state.role(input.RoleName);
      const name = AWS_MANAGED.exec(input.PolicyArn)?.[1] ?? state.policies.get(input.PolicyArn)?.name;
      if (name === undefined) {
        throw noSuchEntity(`Policy ${input.PolicyArn} does not exist or is not attachable.`);
      }
      role.attachedPolicies.set(input.PolicyArn, name);
      return {};
    },

    DetachRolePolicy(input) {
      validate(input, { RoleName: ROLE_NAME, PolicyArn: POLICY_ARN }, INVALID);
      if (!state.role(input.RoleName).attachedPolicies.delete(input.PolicyArn)) {
        throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
      }
      return {};
    },

    ListAttachedRolePolicies(input) {
      validate(input, { RoleName: ROLE_NAME, ...PAGING }, INVALID);
      const attached = [...state.role(input.RoleName).attachedPolicies].map(([PolicyArn, PolicyName]) => ({
        PolicyName,
        PolicyArn,
      }));
      const { items, paging } = page(attached, ({ PolicyArn }) => PolicyArn, input);
      return { AttachedPolicies: items, ...paging };
    },
  };
}

const noSuchPolicy = (name: string) => noSuchEntity(`The role policy with name ${name} cannot be found.`);
