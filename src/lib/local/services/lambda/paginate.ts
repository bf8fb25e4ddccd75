import { pager } from '../../kit/page.js';
import { invalidParameter } from './lambda-error.js';

const page = pager(() => invalidParameter('Invalid marker.'));

export interface ListedBy<Item> {
  /** What is listed: a marker of one list is none of another. */
  of: string;
  keyOf(item: Item): string;
  descending?: boolean;
  /** Most items of a page; 50 unless the operation has more. */
  most?: number;
}

/** Lambda's paging: `Marker` in, `NextMarker` out, as many items as asked for and never more than `most`. */
export function paginate<Item>(
  items: readonly Item[],
  { Marker, MaxItems }: { Marker?: string | undefined; MaxItems?: number | undefined },
  { of, most = 50, ...by }: ListedBy<Item>,
): { page: Item[]; NextMarker?: string } {
  const size = Math.min(MaxItems ?? most, most);
  const { items: found, next } = page(items, { of: `lambda.${of}`, token: Marker, size, ...by });
  return { page: found, ...(next !== undefined && { NextMarker: next }) };
}
