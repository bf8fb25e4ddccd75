import { type SentValue, storedValue } from '../check-values.js';
import { invalidValues } from '../dynamodb-errors.js';
import type { Predicate } from '../expressions/bind-condition.js';
import { type Comparison, joined, readComparison, refuseLoneOperator } from './comparison.js';

export interface SentExpectation {
  Value?: SentValue | undefined;
  Exists?: boolean | undefined;
  ComparisonOperator?: string | undefined;
  AttributeValueList?: readonly SentValue[] | undefined;
}

/** The condition in `Expected` and `ConditionalOperator`; undefined for none. @throws AwsError ValidationException */
export function expectedCondition({
  Expected: expected,
  ConditionalOperator: operator,
}: {
  Expected?: Readonly<Record<string, SentExpectation>> | undefined;
  ConditionalOperator?: string | undefined;
}): Predicate | undefined {
  refuseLoneOperator(operator, expected);
  if (expected === undefined) return undefined;
  return joined(
    new Map(Object.entries(expected).map(([name, expectation]) => [name, readExpectation(name, expectation)])),
    operator,
  );
}

function readExpectation(name: string, sent: SentExpectation): Comparison {
  const { Value: value, Exists: exists, ComparisonOperator: operator, AttributeValueList: list } = sent;
  if (list !== undefined && value !== undefined) {
    throw invalidValues(`Value and AttributeValueList cannot be used together for Attribute: ${name}`);
  }
  if (operator !== undefined) {
    if (exists !== undefined) {
      throw invalidValues(`Exists and ComparisonOperator cannot be used together for Attribute: ${name}`);
    }
    if (operator !== 'NULL' && operator !== 'NOT_NULL' && list === undefined && value === undefined) {
      throw invalidValues(
        `Value or AttributeValueList must be used with ComparisonOperator: ${operator} for Attribute: ${name}`,
      );
    }
    return readComparison({
      ComparisonOperator: operator,
      AttributeValueList: list ?? (value === undefined ? [] : [value]),
    });
  }
  if (list !== undefined) {
    throw invalidValues(`AttributeValueList can only be used with a ComparisonOperator for Attribute: ${name}`);
  }
  if (exists === false) {
    if (value !== undefined) throw invalidValues(`Value cannot be used when Exists is false for Attribute: ${name}`);
    return { operator: 'NULL', values: [] };
  }
  if (value === undefined) {
    throw invalidValues(`Value must be provided when Exists is ${exists ?? 'null'} for Attribute: ${name}`);
  }
  return { operator: 'EQ', values: [storedValue(value)] };
}
