import { AwsError } from '../../wire/aws-error.js';

/**
 * One page of a list that is ordered by a key: what comes after the key in `token`, at most `limit`.
 * The token names the last key of the page before, so nothing is skipped or repeated when items come and go between pages.
 * @throws AwsError InvalidParameterException for a token that this endpoint did not give
 */
export function pageByKey<Item>(
  ordered: readonly Item[],
  keyOf: (item: Item) => string,
  options: { limit: number; token: string | undefined; descending?: boolean },
): { items: Item[]; nextToken: string | undefined } {
  const after = options.token === undefined ? undefined : readToken(options.token);
  const start =
    after === undefined
      ? 0
      : ordered.findIndex((item) => (options.descending ? keyOf(item) < after : keyOf(item) > after));
  const items = start === -1 ? [] : ordered.slice(start, start + options.limit);
  const last = items.at(-1);
  const more = start !== -1 && start + items.length < ordered.length;
  return { items, nextToken: more && last !== undefined ? writeToken(keyOf(last)) : undefined };
}

const writeToken = (key: string): string => Buffer.from(`after ${key}`).toString('base64url');

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith('after '))
    throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  return text.slice('after '.length);
}

/** Orders by code units, as AWS orders names. */
export const byKey =
  <Item>(keyOf: (item: Item) => string, descending = false) =>
  (a: Item, b: Item): number => {
    const order = keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0;
    return descending ? -order : order;
  };
