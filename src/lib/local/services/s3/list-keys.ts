import { compareUtf8 } from './s3-state.js';

export interface KeyListing {
  keys: string[];
  commonPrefixes: string[];
  /** The last key or common prefix of this page, where more follow; the next page begins after it. */
  next: string | undefined;
}

/**
 * One page of a bucket's keys, rolled up at the delimiter.
 * @param ordered keys in the order of their UTF-8 bytes
 * @param options.after a key or a common prefix; what comes up to it, and under it if it is a common prefix, is left out
 */
export function listKeys(
  ordered: readonly string[],
  options: { prefix: string; delimiter: string | undefined; after: string | undefined; limit: number },
): KeyListing {
  const { prefix, delimiter, after, limit } = options;
  const listing: KeyListing = { keys: [], commonPrefixes: [], next: undefined };
  if (limit === 0) return listing;
  let index = lowerBound(ordered, prefix);
  if (after !== undefined && compareUtf8(after, prefix) >= 0) index = upperBound(ordered, after);
  let last: string | undefined;
  while (index < ordered.length) {
    const key = ordered[index];
    if (key === undefined || !key.startsWith(prefix)) break;
    const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const group = delimiter && cut !== -1 ? key.slice(0, cut + delimiter.length) : undefined;
    const isSeen = group !== undefined && group === after;
    if (!isSeen && listing.keys.length + listing.commonPrefixes.length >= limit) {
      listing.next = last;
      break;
    }
    if (group === undefined) {
      listing.keys.push(key);
      last = key;
      index += 1;
    } else {
      if (!isSeen) {
        listing.commonPrefixes.push(group);
        last = group;
      }
      index = afterPrefix(ordered, group, index);
    }
  }
  return listing;
}

/** Index of the first key at or after `text`. */
function lowerBound(ordered: readonly string[], text: string): number {
  return firstIndex(ordered, 0, (key) => compareUtf8(key, text) >= 0);
}

const upperBound = (ordered: readonly string[], text: string): number =>
  firstIndex(ordered, 0, (key) => compareUtf8(key, text) > 0);

/** Index of the first key, from `from` on, that does not start with `prefix`; those that do stand together. */
const afterPrefix = (ordered: readonly string[], prefix: string, from: number): number =>
  firstIndex(ordered, from, (key) => !key.startsWith(prefix));

function firstIndex(ordered: readonly string[], from: number, isThere: (key: string) => boolean): number {
  let low = from;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isThere(ordered[middle] ?? '')) high = middle;
    else low = middle + 1;
  }
  return low;
}
