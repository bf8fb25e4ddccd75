import { invalid } from './validation-error.js';

/**
 * One page of a list.
 * @param token where the page before ended: the answer's own `next`
 * @throws AwsError ValidationError for a token that this endpoint did not give
 */
export function page<T>(
  all: readonly T[],
  token: string | undefined,
  size: number,
): { items: T[]; next: string | undefined } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(start) || start < 0) throw invalid('Invalid NextToken');
  const end = start + size;
  return {
    items: all.slice(start, end),
    next: end < all.length ? Buffer.from(String(end)).toString('base64') : undefined,
  };
}
