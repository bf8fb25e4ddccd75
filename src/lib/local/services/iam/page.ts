import { pager } from '../../kit/page.js';
import { AwsError } from '../../wire/aws-error.js';

const page = pager(() => new AwsError('ValidationError', 'Invalid Marker.'));

/**
 * One page of a list ordered by name, as IAM pages: at most `MaxItems`, and a `Marker` where more follow.
 * @param of what is listed; a marker of one list is none of another
 * @throws AwsError ValidationError for a marker that was not given for this list
 */
export function pageByName<Item>(
  of: string,
  items: readonly Item[],
  nameOf: (item: Item) => string,
  { Marker, MaxItems }: { Marker?: string | undefined; MaxItems?: number | undefined },
): { items: Item[]; paging: { IsTruncated: boolean; Marker?: string } } {
  const { items: found, next } = page(items, { of: `iam.${of}`, keyOf: nameOf, token: Marker, size: MaxItems ?? 100 });
  return { items: found, paging: next === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: next } };
}
