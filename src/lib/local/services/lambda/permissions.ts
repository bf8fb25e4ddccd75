import { randomUUID } from 'node:crypto';
import type { Handler, OperationContext } from '../../wire/handlers.js';
import { validate } from '../../wire/validate.js';
import { functionArn } from './function-name.js';
import { conflict, notFound, staleRevision } from './lambda-error.js';
import type { Policy, PolicyStatement } from './lambda-state.js';
import { type LambdaStore, resolveFunction } from './lambda-store.js';

// Policies are kept and shown as AWS shows them. Nobody is refused by them: the local endpoint has one caller.

const CONSTRAINTS = {
  StatementId: { min: 1, max: 100, pattern: '[a-zA-Z0-9-_]+' },
  Action: { pattern: 'lambda:[*]|lambda:[a-zA-Z]+|[*]' },
  Principal: { min: 1, pattern: '[^\\s]+' },
  SourceAccount: { pattern: '\\d{12}' },
};

const policyOf = (store: LambdaStore, name: string, qualifier: string | undefined, context: OperationContext) => {
  const { found, qualifier: given } = resolveFunction(store, name, qualifier, context);
  const key = given ?? '';
  return { found, key, resource: functionArn(context.region, context.accountId, found.name, given) };
};

export function addPermission(store: LambdaStore): Handler<'lambda', 'AddPermission'> {
  return (input, context) => {
    validate(input, CONSTRAINTS);
    const { found, key, resource } = policyOf(store, input.FunctionName, input.Qualifier, context);
    const policy: Policy = found.policies.get(key) ?? { statements: [], revisionId: '' };
    if (input.RevisionId !== undefined && input.RevisionId !== policy.revisionId) throw staleRevision();
    if (policy.statements.some(({ Sid }) => Sid === input.StatementId)) {
      throw conflict(
        `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      );
    }
    const statement: PolicyStatement = {
      Sid: input.StatementId,
      Effect: 'Allow',
      Principal: principal(input.Principal),
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
    found.policies.set(key, { statements: [...policy.statements, statement], revisionId: randomUUID() });
    return { Statement: JSON.stringify(statement) };
  };
}

function principal(text: string): unknown {
  if (text === '*') return '*';
  if (/^\d{12}$/.test(text)) return { AWS: `arn:aws:iam::${text}:root` };
  return text.startsWith('arn:') ? { AWS: text } : { Service: text };
}

export function removePermission(store: LambdaStore): Handler<'lambda', 'RemovePermission'> {
  return (input, context) => {
    const { found, key } = policyOf(store, input.FunctionName, input.Qualifier, context);
    const policy = found.policies.get(key);
    if (input.RevisionId !== undefined && input.RevisionId !== policy?.revisionId) throw staleRevision();
    const left = policy?.statements.filter(({ Sid }) => Sid !== input.StatementId) ?? [];
    if (!policy || left.length === policy.statements.length) {
      throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
    }
    if (left.length === 0) found.policies.delete(key);
    else found.policies.set(key, { statements: left, revisionId: randomUUID() });
    return {};
  };
}

export function getPolicy(store: LambdaStore): Handler<'lambda', 'GetPolicy'> {
  return (input, context) => {
    const { found, key } = policyOf(store, input.FunctionName, input.Qualifier, context);
    const policy = found.policies.get(key);
    if (!policy) throw notFound('The resource you requested does not exist.');
    return {
      Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: policy.statements }),
      RevisionId: policy.revisionId,
    };
  };
}
