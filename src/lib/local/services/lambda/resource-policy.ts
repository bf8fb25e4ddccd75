import { randomUUID } from 'node:crypto';
import { type ArnPlace, globalArnOf } from '../../kit/arn.js';
import { conflict, notFound, staleRevision } from './lambda-error.js';
import type { Policy, PolicyStatement } from './lambda-state.js';

// Policies are kept and shown as AWS shows them. Nobody is refused by them: the local endpoint has one caller.

/** @throws AwsError ResourceConflictException, PreconditionFailedException */
export function withStatement(
  policy: Policy | undefined,
  statement: PolicyStatement,
  revisionId: string | undefined,
): Policy {
  if (revisionId !== undefined && revisionId !== policy?.revisionId) throw staleRevision();
  const statements = policy?.statements ?? [];
  if (statements.some(({ Sid }) => Sid === statement.Sid)) {
    throw conflict(
      `The statement id (${statement.Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  }
  return { statements: [...statements, statement], revisionId: randomUUID() };
}

/** @returns undefined when that was the last one. @throws AwsError ResourceNotFoundException, PreconditionFailedException */
export function withoutStatement(
  policy: Policy | undefined,
  id: string,
  revisionId: string | undefined,
): Policy | undefined {
  if (revisionId !== undefined && revisionId !== policy?.revisionId) throw staleRevision();
  const left = policy?.statements.filter(({ Sid }) => Sid !== id) ?? [];
  if (!policy || left.length === policy.statements.length) {
    throw notFound(`Statement ${id} is not found in resource policy.`);
  }
  return left.length === 0 ? undefined : { statements: left, revisionId: randomUUID() };
}

/** A policy as AWS answers it. @throws AwsError ResourceNotFoundException when there is none */
export function showPolicy(
  policy: Policy | undefined,
  missing = 'The resource you requested does not exist.',
): { Policy: string; RevisionId: string } {
  if (!policy) throw notFound(missing);
  return {
    Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: policy.statements }),
    RevisionId: policy.revisionId,
  };
}

/** `Principal` of a request as a policy has it: everybody, an account, a role or a service. */
export function principalOf(text: string, context: ArnPlace): unknown {
  if (text === '*') return '*';
  if (/^\d{12}$/.test(text)) return { AWS: globalArnOf('iam', { ...context, accountId: text }, 'root') };
  return text.startsWith('arn:') ? { AWS: text } : { Service: text };
}
