import { invalid } from './dynamodb-errors.js';
import { partitionOfPlace, placeOf } from './key-order.js';
import type { Bounds } from './key-range.js';
import type { SecondaryIndex, TableItems } from './table-items.js';
import type { Item } from './value.js';

interface Start {
  index: SecondaryIndex | undefined;
  key: Item;
  bounds: Bounds;
  /** Whether the query has a condition on the sort key. */
  hasRange: boolean;
}

/** @throws AwsError ValidationException for a start outside of what the query reads */
export function checkStartInRange({ key: tableKey }: TableItems, { index, key, bounds, hasRange }: Start): void {
  const inTable = placeOf(key, tableKey) ?? '';
  const place = index ? (placeOf(key, index.tree.key, inTable) ?? '') : inTable;
  if (place >= bounds.from && place < bounds.before) return;
  if (!hasRange) {
    throw invalid('The provided starting key is outside query boundaries based on provided conditions');
  }
  throw invalid(
    partitionOfPlace(place) === partitionOfPlace(bounds.from)
      ? 'The provided starting key does not match the range key predicate'
      : 'The query can return at most one row and cannot be restarted',
  );
}
