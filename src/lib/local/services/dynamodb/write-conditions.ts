import type { SentValue } from './check-values.js';
import { conditionFailed } from './dynamodb-errors.js';
import type { Predicate } from './expressions/bind-condition.js';
import type { Bindings } from './expressions/bindings.js';
import { compileCondition } from './expressions/compile.js';
import type { StoredItem } from './item-tree.js';
import { expectedCondition, type SentExpectation } from './legacy/expected.js';
import { emptyItem } from './value.js';

/** What a write may be made to depend on. */
export interface ConditionMembers {
  ConditionExpression?: string | undefined;
  ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  ExpressionAttributeValues?: Readonly<Record<string, SentValue>> | undefined;
  ReturnValuesOnConditionCheckFailure?: string | undefined;
  Expected?: Readonly<Record<string, SentExpectation>> | undefined;
  ConditionalOperator?: string | undefined;
}

/** The condition of a write; undefined for none. @throws AwsError ValidationException */
export function conditionOf(input: ConditionMembers, bindings: Bindings): Predicate | undefined {
  return input.ConditionExpression === undefined
    ? expectedCondition(input)
    : compileCondition('ConditionExpression', input.ConditionExpression, bindings);
}

/** @throws AwsError ConditionalCheckFailedException, with the item if the request asks for it */
export function checkCondition(
  condition: Predicate | undefined,
  before: StoredItem | undefined,
  { ReturnValuesOnConditionCheckFailure: returned }: ConditionMembers,
): void {
  if (!condition || condition(before?.item ?? emptyItem())) return;
  throw conditionFailed(returned === 'ALL_OLD' ? before?.item : undefined);
}
