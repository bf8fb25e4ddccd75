// What TransactWriteItems and TransactGetItems share: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
import { AwsError } from '../../wire/aws-error.js';
import { invalid } from './dynamodb-errors.js';
import type { Item } from './value.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
export const MOST_ACTIONS = 100;
export const MOST_BYTES = 4 * 1024 * 1024;
/** A transaction reads and writes everything twice. */
export const TIMES = 2;

export interface CancellationReason {
  Code: string;
  Message?: string;
  Item?: Item;
}

const NONE: CancellationReason = { Code: 'None' };

/**
 * Runs every step and tells of all that fail.
 * @throws AwsError TransactionCanceledException with a reason for each step
 */
export function runAll<Step, Result>(steps: readonly Step[], run: (step: Step) => Result): Result[] {
  const results: Result[] = [];
  const reasons = steps.map((step) => {
    try {
      results.push(run(step));
      return NONE;
    } catch (error) {
      return reasonOf(error);
    }
  });
  if (reasons.every((reason) => reason === NONE)) return results;
  throw new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    { members: { CancellationReasons: reasons } },
  );
}

function reasonOf(error: unknown): CancellationReason {
  if (!(error instanceof AwsError)) throw error;
  switch (error.code) {
    case 'ConditionalCheckFailedException':
      return {
        Code: 'ConditionalCheckFailed',
        Message: error.message,
        ...(error.members.Item !== undefined && { Item: error.members.Item as Item }),
      };
    case 'ValidationException':
      return { Code: 'ValidationError', Message: error.message };
    case 'ProvisionedThroughputExceededException':
      return { Code: 'ProvisionedThroughputExceeded', Message: error.message };
    default:
      throw error;
  }
}

/** @throws AwsError ValidationException for an item that is named twice */
export function refuseTwins(items: readonly { table: string; place: string }[]): void {
  if (new Set(items.map(({ table, place }) => `${table}/${place}`)).size === items.length) return;
  throw invalid('Transaction request cannot include multiple operations on one item');
}
