import { AwsError } from '../../wire/aws-error.js';

/**
 * One page of a list ordered by a key.
 * @throws AwsError InvalidNextToken for a token that this endpoint did not give
 */
export function page<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  token: string | undefined,
  limit: number,
): { items: Item[]; NextToken: string | undefined } {
  const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString();
  if (after !== undefined && !after.startsWith('after ')) {
    throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  }
  const ordered = items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = after === undefined ? ordered : ordered.filter((item) => keyOf(item) > after.slice('after '.length));
  const found = rest.slice(0, limit);
  const last = found.at(-1);
  return {
    items: found,
    NextToken:
      last !== undefined && rest.length > found.length
        ? Buffer.from(`after ${keyOf(last)}`).toString('base64url')
        : undefined,
  };
}
