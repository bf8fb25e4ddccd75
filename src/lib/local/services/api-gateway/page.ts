import { pager } from '../../kit/page.js';
import { badRequest } from './rest-state.js';

const page = pager(() => badRequest('Invalid position specified'));

/** One page of a list of this service; `position` is AWS's name for the token. */
export function listPage<Item>(
  items: Iterable<Item>,
  {
    of,
    keyOf,
    position,
    limit,
  }: { of: string; keyOf(item: Item): string; position?: string | undefined; limit?: number | undefined },
): { items: Item[]; position?: string } {
  const { items: found, next } = page([...items], { of, keyOf, token: position, size: Math.min(limit ?? 25, 500) });
  return { items: found, ...(next === undefined ? {} : { position: next }) };
}
