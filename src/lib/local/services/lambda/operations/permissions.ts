import { defineOperation } from '../../../define-operation.js';
import type { OperationContext } from '../../../wire/handlers.js';
import { functionArn } from '../function-name.js';
import { invalidParameter } from '../lambda-error.js';
import type { Policy, PolicyStatement } from '../lambda-state.js';
import { type LambdaStore, resolveFunction } from '../lambda-store.js';
import { principalOf, showPolicy, withoutStatement, withStatement } from '../resource-policy.js';

const CONSTRAINTS = {
  StatementId: { min: 1, max: 100, pattern: '[a-zA-Z0-9-_]+' },
  Action: { pattern: 'lambda:[*]|lambda:[a-zA-Z]+|[*]' },
  Principal: { min: 1, pattern: '[^\\s]+' },
  SourceAccount: { pattern: '\\d{12}' },
};

const policyOf = (store: LambdaStore, name: string, qualifier: string | undefined, context: OperationContext) => {
  const { found, qualifier: given } = resolveFunction(store, name, qualifier, context);
  const key = given ?? '';
  return {
    policy: found.policies.get(key),
    resource: functionArn(context, found.name, given),
    keep(policy: Policy | undefined): void {
      if (policy) found.policies.set(key, policy);
      else found.policies.delete(key);
    },
  };
};

export const addPermission = defineOperation('lambda', 'AddPermission').as({
  constraints: CONSTRAINTS,
  run(store: LambdaStore, input, context) {
    const { policy, resource, keep } = policyOf(store, input.FunctionName, input.Qualifier, context);
    if (resource.endsWith(':$LATEST')) {
      throw invalidParameter('We currently do not support adding policies for $LATEST.');
    }
    const statement: PolicyStatement = {
      Sid: input.StatementId,
      Effect: 'Allow',
      Principal: principalOf(input.Principal, context),
      Action: input.Action,
      Resource: resource,
    };
    const condition: NonNullable<PolicyStatement['Condition']> = {};
    const add = (operator: string, what: string, value: string | undefined): void => {
      if (value !== undefined) condition[operator] = { ...condition[operator], [what]: value };
    };
    add('StringEquals', 'AWS:SourceAccount', input.SourceAccount);
    add('StringEquals', 'aws:PrincipalOrgID', input.PrincipalOrgID);
    add('StringEquals', 'lambda:FunctionUrlAuthType', input.FunctionUrlAuthType);
    add('StringEquals', 'lambda:EventSourceToken', input.EventSourceToken);
    if (input.InvokedViaFunctionUrl !== undefined) {
      add('Bool', 'lambda:InvokedViaFunctionUrl', String(input.InvokedViaFunctionUrl));
    }
    add('ArnLike', 'AWS:SourceArn', input.SourceArn);
    if (Object.keys(condition).length > 0) statement.Condition = condition;
    keep(withStatement(policy, statement, input.RevisionId));
    return { Statement: JSON.stringify(statement) };
  },
});

export const removePermission = defineOperation('lambda', 'RemovePermission').as({
  run(store: LambdaStore, input, context) {
    const { policy, keep } = policyOf(store, input.FunctionName, input.Qualifier, context);
    keep(withoutStatement(policy, input.StatementId, input.RevisionId));
    return {};
  },
});

export const getPolicy = defineOperation('lambda', 'GetPolicy').as({
  run(store: LambdaStore, input, context) {
    return showPolicy(policyOf(store, input.FunctionName, input.Qualifier, context).policy);
  },
});
