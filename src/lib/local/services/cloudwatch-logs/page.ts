import { pager } from '../../kit/page.js';
import { AwsError } from '../../wire/aws-error.js';
import { INVALID } from './constraints.js';

const page = pager(() => new AwsError(INVALID, 'The specified nextToken is invalid.'));

export interface ListedBy<Item> {
  /** What is listed: a token of one list is none of another. */
  of: string;
  keyOf(item: Item): string;
  descending?: boolean;
}

/** One page of a list: `limit` items, 50 unless asked otherwise, and a `nextToken` where more follow. */
export function paginate<Item>(
  items: readonly Item[],
  { limit = 50, nextToken }: { limit?: number | undefined; nextToken?: string | undefined },
  { of, ...by }: ListedBy<Item>,
): { items: Item[]; nextToken?: string } {
  const { items: found, next } = page(items, { of: `logs.${of}`, token: nextToken, size: limit, ...by });
  return { items: found, ...(next !== undefined && { nextToken: next }) };
}
