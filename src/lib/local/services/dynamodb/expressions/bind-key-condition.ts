import { invalid } from '../dynamodb-errors.js';
import type { Value } from '../value.js';
import type { Condition, Operand } from './ast.js';
import { bindCondition } from './bind-condition.js';
import type { Bindings } from './bindings.js';
import { parseKeyCondition, within } from './compile.js';

export type KeyOperator = 'EQ' | 'LT' | 'LE' | 'GT' | 'GE' | 'BETWEEN' | 'BEGINS_WITH';

/** What a query asks of one attribute of a key. */
export interface KeyTest {
  /** A KeyOperator, or another of the older conditions, which no key takes. */
  operator: string;
  values: readonly Value[];
}

/** Tests by attribute. */
export type KeyTests = Map<string, KeyTest>;

const OPERATORS: Readonly<Record<string, KeyOperator>> = { '=': 'EQ', '<': 'LT', '<=': 'LE', '>': 'GT', '>=': 'GE' };
const MIRRORED: Readonly<Record<string, string>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/**
 * What a KeyConditionExpression asks of the key.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
 * @throws AwsError ValidationException for what is no condition on a key
 */
export function keyTests(text: string, bindings: Bindings): KeyTests {
  const condition = parseKeyCondition(text);
  // Told of a key condition as of any other: placeholders that are not defined, operands of the wrong type.
  within('KeyConditionExpression', text, () => bindCondition(condition, bindings));
  const tests: KeyTests = new Map();
  collect(condition, bindings, tests);
  return tests;
}

function collect(condition: Condition, bindings: Bindings, tests: KeyTests): void {
  switch (condition.kind) {
    case 'and':
      collect(condition.left, bindings, tests);
      collect(condition.right, bindings, tests);
      return;
    case 'or':
    case 'not':
    case 'in':
      throw invalidOperator(condition.kind.toUpperCase());
    case 'compare': {
      if (condition.comparator === '<>') throw invalidOperator('<>');
      const { left, right, comparator } = condition;
      const isMirrored = left.kind !== 'path' && right.kind === 'path';
      const operator = OPERATORS[isMirrored ? (MIRRORED[comparator] ?? '') : comparator] ?? 'EQ';
      add(operator, isMirrored ? [right, left] : [left, right], bindings, tests);
      return;
    }
    case 'between':
      if (condition.operand.kind !== 'path') throw firstOperand('BETWEEN');
      add('BETWEEN', [condition.operand, condition.low, condition.high], bindings, tests);
      return;
    case 'function':
      if (condition.name !== 'begins_with') throw invalidOperator(condition.name);
      if (condition.args[0]?.kind !== 'path') throw firstOperand('begins_with');
      add('BEGINS_WITH', condition.args, bindings, tests);
  }
}

function add(operator: KeyOperator, operands: readonly Operand[], bindings: Bindings, tests: KeyTests): void {
  const paths = operands.flatMap((operand) => (operand.kind === 'path' ? [operand.parts] : []));
  if (operands.some(({ kind }) => kind === 'call')) {
    throw invalid('KeyConditionExpressions cannot contain nested operations');
  }
  const [first, second] = paths;
  if (second) {
    throw invalid('Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition');
  }
  if (!first) throw invalid('Invalid condition in KeyConditionExpression: No key attribute specified');
  if (first.length > 1) throw invalid('KeyConditionExpressions cannot have conditions on nested attributes');
  const name = String(bindings.path(first)[0]);
  if (tests.has(name)) throw invalid('KeyConditionExpressions must only contain one condition per key');
  const values = operands.flatMap((operand) => (operand.kind === 'value' ? [bindings.value(operand.placeholder)] : []));
  tests.set(name, { operator, values });
}

const invalidOperator = (operator: string): Error =>
  invalid(`Invalid operator used in KeyConditionExpression: ${operator}`);

const firstOperand = (operator: string): Error =>
  invalid(
    `Invalid condition in KeyConditionExpression: ${operator} operator must have the key attribute as its first operand`,
  );
