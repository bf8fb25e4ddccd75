// The order of items: one text for each item and index, whose code units sort as DynamoDB sorts. Items of one partition key stand together,
// in the order of their sort key; partitions stand in the order of a hash, as a Scan meets them.
import { numberSortKey } from './number.js';
import { type Item, isKind, textSortKey, type Value } from './value.js';

/** The attributes that a table or an index is keyed by. */
export interface KeyAttributes {
  hash: string;
  range?: string;
}

/** Comes after every text that starts the same: the end of a range of texts with one beginning. */
export const LAST = '\uffff\uffff';

/** What the texts of one partition start with. */
export function partitionPrefix(hash: Value): string {
  const text = sortText(hash);
  return `${hash32(text).toString(16).padStart(8, '0')}${closed(text)}`;
}

/** What the texts of the partition of this place start with: a hash, then a closed text. */
export const partitionOfPlace = (place: string): string => place.slice(0, place.indexOf('\0\0') + 2);

/**
 * Where an item stands in a table or an index; undefined where an index does not hold it, because it lacks an attribute of the key.
 * @param tie the item's place in its table, which tells apart what has one key in an index
 */
export function placeOf(item: Item, { hash, range }: KeyAttributes, tie = ''): string | undefined {
  const hashValue = item[hash];
  if (!isKeyValue(hashValue)) return undefined;
  if (range === undefined) return partitionPrefix(hashValue) + tie;
  const rangeValue = item[range];
  return isKeyValue(rangeValue) ? `${partitionPrefix(hashValue)}${closed(sortText(rangeValue))}${tie}` : undefined;
}

/** Only these types have an order, and may be keys. */
const isKeyValue = (value: Value | undefined): value is Value =>
  isKind(value, 'S') || isKind(value, 'N') || isKind(value, 'B');

/** A text that sorts as the value does among values of its type. */
export function sortText(value: Value): string {
  if (isKind(value, 'N')) return numberSortKey(value.N);
  if (isKind(value, 'B')) return Buffer.from(value.B).toString('latin1');
  return isKind(value, 'S') ? textSortKey(value.S) : '';
}

/** An end that no text has inside, so that a text sorts before all that it is the beginning of, whatever follows. */
export const closed = (text: string): string => `${text.includes('\0') ? text.replaceAll('\0', '\0\x01') : text}\0\0`;

/** The beginning that all values starting with `value` share. */
export const openText = (value: Value): string => sortText(value).replaceAll('\0', '\0\x01');

/** FNV-1a: spreads partitions over the segments of a parallel scan. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** The texts of one segment of a parallel scan: from the first one on, up to before the second. */
export function segmentBounds(segment: number, total: number): { from: string; before: string } {
  const bound = (index: number): string =>
    index >= total
      ? LAST
      : Math.ceil((index * 2 ** 32) / total)
          .toString(16)
          .padStart(8, '0');
  return { from: bound(segment), before: bound(segment + 1) };
}
