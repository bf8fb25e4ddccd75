// The conditions from before there were expressions: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
import { type SentValue, storedValue } from '../check-values.js';
import { invalid, invalidValues } from '../dynamodb-errors.js';
import { beginsWith, contains, type Predicate } from '../expressions/bind-condition.js';
import { compareValues, kindOf, sameValue, type Value } from '../value.js';

/** One comparison of an attribute, as `KeyConditions`, filters and `Expected` have it. */
export interface SentComparison {
  ComparisonOperator: string | undefined;
  AttributeValueList?: readonly SentValue[] | undefined;
}

export interface Comparison {
  operator: string;
  values: readonly Value[];
}

const SCALARS = ['S', 'N', 'B'];
const SETS = ['SS', 'NS', 'BS'];

/** How many values an operator takes, at least and at most. */
const COUNTS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  NULL: [0, 0],
  NOT_NULL: [0, 0],
  IN: [1, Number.POSITIVE_INFINITY],
  BETWEEN: [2, 2],
};

/** The types of the values that an operator takes; all of them for one that is not here. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(['LE', 'LT', 'GE', 'GT', 'IN', 'BETWEEN'].map((operator) => [operator, SCALARS])),
  CONTAINS: [...SCALARS, 'BOOL', 'NULL'],
  NOT_CONTAINS: [...SCALARS, 'BOOL', 'NULL'],
  BEGINS_WITH: ['S', 'B'],
  EQ: [...SCALARS, ...SETS, 'BOOL', 'NULL', 'L', 'M'],
};

/** @throws AwsError ValidationException for values that the operator does not take */
export function readComparison({
  ComparisonOperator: operator = '',
  AttributeValueList: list,
}: SentComparison): Comparison {
  const values = (list ?? []).map((value) => storedValue(value));
  const [least, most] = COUNTS[operator] ?? [1, 1];
  if (values.length < least || values.length > most) {
    throw invalidValues(`Invalid number of argument(s) for the ${operator} ComparisonOperator`);
  }
  const [first, second] = values;
  if (first && values.some((value) => kindOf(value) !== kindOf(first))) {
    throw invalidValues('AttributeValues inside AttributeValueList must be of same type');
  }
  const types = TYPES[operator];
  const wrong = types && values.find((value) => !types.includes(kindOf(value)));
  if (wrong) {
    throw invalidValues(`ComparisonOperator ${operator} is not valid for ${kindOf(wrong)} AttributeValue type`);
  }
  if (operator === 'BETWEEN' && first && second && (compareValues(first, second) ?? 0) > 0) {
    throw invalid('The BETWEEN condition was provided a range where the lower bound is greater than the upper bound');
  }
  return { operator, values };
}

/** Whether the value of an attribute, undefined where it is missing, compares so. */
function holds(value: Value | undefined, { operator, values }: Comparison): boolean {
  const [first, second] = values;
  const order = value && first ? compareValues(value, first) : undefined;
  switch (operator) {
    case 'EQ':
      return value !== undefined && first !== undefined && sameValue(value, first);
    case 'NE':
      return !(value !== undefined && first !== undefined && sameValue(value, first));
    case 'LE':
      return order !== undefined && order <= 0;
    case 'LT':
      return order !== undefined && order < 0;
    case 'GE':
      return order !== undefined && order >= 0;
    case 'GT':
      return order !== undefined && order > 0;
    case 'NOT_NULL':
      return value !== undefined;
    case 'NULL':
      return value === undefined;
    case 'CONTAINS':
      return contains(value, first);
    case 'NOT_CONTAINS':
      return !contains(value, first);
    case 'BEGINS_WITH':
      return beginsWith(value, first);
    case 'IN':
      return value !== undefined && values.some((option) => sameValue(value, option));
    case 'BETWEEN': {
      const upper = value && second ? compareValues(value, second) : undefined;
      return order !== undefined && order >= 0 && upper !== undefined && upper <= 0;
    }
    default:
      return false;
  }
}

/** All comparisons joined by AND, or by OR. @throws AwsError ValidationException for an operator that joins nothing */
export function joined(comparisons: ReadonlyMap<string, Comparison>, operator: string | undefined): Predicate {
  if (operator !== undefined && comparisons.size < 2) {
    throw invalidValues('ConditionalOperator can only be used when Filter or Expected has two or more elements');
  }
  const all = [...comparisons];
  return operator === 'OR'
    ? (item) => all.some(([name, comparison]) => holds(item[name], comparison))
    : (item) => all.every(([name, comparison]) => holds(item[name], comparison));
}

/** @throws AwsError ValidationException for a ConditionalOperator without anything to join */
export function refuseLoneOperator(operator: string | undefined, filters: object | undefined): void {
  if (operator !== undefined && filters === undefined) {
    throw invalidValues('ConditionalOperator cannot be used without Filter or Expected');
  }
}

/** The comparisons of a request, by attribute. @throws AwsError ValidationException */
export const readComparisons = (sent: Readonly<Record<string, SentComparison>>): Map<string, Comparison> =>
  new Map(Object.entries(sent).map(([name, comparison]) => [name, readComparison(comparison)]));
