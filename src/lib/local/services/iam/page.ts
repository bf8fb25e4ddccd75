import { AwsError } from '../../wire/aws-error.js';

/**
 * One page of a list ordered by name, as IAM pages: at most `MaxItems`, and a `Marker` where more follow.
 * @throws AwsError ValidationError for a marker that this endpoint did not give
 */
export function page<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  input: { Marker?: string | undefined; MaxItems?: number | undefined },
): { items: Item[]; paging: { IsTruncated: boolean; Marker?: string } } {
  const ordered = items.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  const after = input.Marker === undefined ? undefined : Buffer.from(input.Marker, 'base64url').toString();
  if (after !== undefined && !after.startsWith('after ')) throw new AwsError('ValidationError', 'Invalid Marker.');
  const rest = after === undefined ? ordered : ordered.filter((item) => nameOf(item) > after.slice('after '.length));
  const found = rest.slice(0, input.MaxItems ?? 100);
  const last = found.at(-1);
  return {
    items: found,
    paging:
      last !== undefined && rest.length > found.length
        ? { IsTruncated: true, Marker: Buffer.from(`after ${nameOf(last)}`).toString('base64url') }
        : { IsTruncated: false },
  };
}
