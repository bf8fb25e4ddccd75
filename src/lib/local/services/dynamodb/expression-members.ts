import { invalid } from './dynamodb-errors.js';

/** What a request brings for its expressions. */
export interface ExpressionMembers {
  ExpressionAttributeNames?: unknown;
  ExpressionAttributeValues?: unknown;
}

/**
 * Checks that a request has either expressions or the members that came before them, and names and values only beside expressions.
 * @throws AwsError ValidationException
 */
export function checkMembers(
  input: ExpressionMembers & object,
  expressions: readonly string[],
  legacy: readonly string[],
): void {
  const given = input as Readonly<Record<string, unknown>>;
  const used = expressions.filter((member) => given[member] !== undefined);
  if (used.length > 0) {
    const older = legacy.filter((member) => given[member] !== undefined);
    if (older.length > 0) {
      throw invalid(
        `Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {${older.join(', ')}} Expression parameters: {${used.join(', ')}}`,
      );
    }
  }
  if (input.ExpressionAttributeNames !== undefined && used.length === 0) {
    throw invalid('ExpressionAttributeNames can only be specified when using expressions');
  }
  if (input.ExpressionAttributeValues === undefined) return;
  const withValues = expressions.filter((member) => member !== 'ProjectionExpression');
  if (withValues.some((member) => given[member] !== undefined)) return;
  throw invalid(
    `ExpressionAttributeValues can only be specified when using expressions: ${withValues.join(' and ')} ${withValues.length > 1 ? 'are' : 'is'} null`,
  );
}
