import { defineOperation } from '../../../define-operation.js';
import { DOCUMENT, PAGING, POLICY_ARN, POLICY_NAME, ROLE_NAME } from '../iam-constraints.js';
import { checkDocument, encodeDocument, type IamState, noSuchEntity } from '../iam-state.js';
import { pageByName } from '../page.js';

/** AWS's own managed policies are taken as they are named; their texts are not part of this endpoint. */
const AWS_MANAGED = /^arn:aws[\w-]*:iam::aws:policy\/(?:.*\/)?([^/]+)$/;

export const putRolePolicy = defineOperation('iam', 'PutRolePolicy').as({
  constraints: { RoleName: ROLE_NAME, PolicyName: POLICY_NAME, PolicyDocument: DOCUMENT },
  run(state: IamState, input) {
    const role = state.role(input.RoleName);
    checkDocument(input.PolicyDocument);
    role.inlinePolicies.set(input.PolicyName, input.PolicyDocument);
    return {};
  },
});

export const getRolePolicy = defineOperation('iam', 'GetRolePolicy').as({
  constraints: { RoleName: ROLE_NAME, PolicyName: POLICY_NAME },
  run(state: IamState, input) {
    const document = state.role(input.RoleName).inlinePolicies.get(input.PolicyName);
    if (document === undefined) throw noSuchPolicy(input.PolicyName);
    return {
      RoleName: input.RoleName,
      PolicyName: input.PolicyName,
      PolicyDocument: encodeDocument(document),
    };
  },
});

export const deleteRolePolicy = defineOperation('iam', 'DeleteRolePolicy').as({
  constraints: { RoleName: ROLE_NAME, PolicyName: POLICY_NAME },
  run(state: IamState, input) {
    if (!state.role(input.RoleName).inlinePolicies.delete(input.PolicyName)) throw noSuchPolicy(input.PolicyName);
    return {};
  },
});

export const listRolePolicies = defineOperation('iam', 'ListRolePolicies').as({
  constraints: { RoleName: ROLE_NAME, ...PAGING },
  run(state: IamState, input) {
    const names = [...state.role(input.RoleName).inlinePolicies.keys()];
    const { items, paging } = pageByName(`ListRolePolicies ${input.RoleName}`, names, (name) => name, input);
    return { PolicyNames: items, ...paging };
  },
});

export const attachRolePolicy = defineOperation('iam', 'AttachRolePolicy').as({
  constraints: { RoleName: ROLE_NAME, PolicyArn: POLICY_ARN },
  run(state: IamState, input) {
    const role = state.role(input.RoleName);
    const name = AWS_MANAGED.exec(input.PolicyArn)?.[1] ?? state.policies.get(input.PolicyArn)?.name;
    if (name === undefined) {
      throw noSuchEntity(`Policy ${input.PolicyArn} does not exist or is not attachable.`);
    }
    role.attachedPolicies.set(input.PolicyArn, name);
    return {};
  },
});

export const detachRolePolicy = defineOperation('iam', 'DetachRolePolicy').as({
  constraints: { RoleName: ROLE_NAME, PolicyArn: POLICY_ARN },
  run(state: IamState, input) {
    if (!state.role(input.RoleName).attachedPolicies.delete(input.PolicyArn)) {
      throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
    }
    return {};
  },
});

export const listAttachedRolePolicies = defineOperation('iam', 'ListAttachedRolePolicies').as({
  constraints: { RoleName: ROLE_NAME, ...PAGING },
  run(state: IamState, input) {
    const attached = [...state.role(input.RoleName).attachedPolicies].map(([PolicyArn, PolicyName]) => ({
      PolicyName,
      PolicyArn,
    }));
    const { items, paging } = pageByName(
      `ListAttachedRolePolicies ${input.RoleName}`,
      attached,
      ({ PolicyArn }) => PolicyArn,
      input,
    );
    return { AttachedPolicies: items, ...paging };
  },
});

const noSuchPolicy = (name: string) => noSuchEntity(`The role policy with name ${name} cannot be found.`);
