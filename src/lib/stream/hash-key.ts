// Where a record goes: AWS maps a partition key to a 128-bit number by MD5, and each shard owns a range of those numbers.
import { hash } from 'node:crypto';

/** How many hash keys there are: 2^128. */
export const HASH_KEY_COUNT = 1n << 128n;

/** A range of hash keys, both ends included. */
export interface HashKeyRange {
  start: bigint;
  end: bigint;
}

/** The hash key of a partition key as 32 hexadecimal digits, which order as the numbers do: the cheapest form to look up. */
export const hashHexOf = (partitionKey: string): string => hash('md5', partitionKey, 'hex');

/** The hash key of a partition key: MD5 of its UTF-8 bytes, read as a 128-bit number. */
export const hashKeyOf = (partitionKey: string): bigint => BigInt(`0x${hashHexOf(partitionKey)}`);

/** Any hash key in the form of `hashHexOf`. */
export const hexOfHashKey = (hashKey: bigint): string => hashKey.toString(16).padStart(32, '0');

/**
 * The ranges of a stream that starts with `count` shards: each floor(2^128 / count) wide, the last one takes the rest.
 * Three shards start at 0, 113427455640312821154458202477256070485 and 226854911280625642308916404954512140970, as on AWS.
 */
export function evenHashKeyRanges(count: number): HashKeyRange[] {
  const width = HASH_KEY_COUNT / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    start: width * BigInt(index),
    end: index === count - 1 ? HASH_KEY_COUNT - 1n : width * BigInt(index + 1) - 1n,
  }));
}

/** The hash key that splits a range into two of equal width: where the second half starts. */
export const middleOf = (range: HashKeyRange): bigint => (range.start + range.end + 1n) / 2n;

/** Finds the range that holds a hash key among ranges that do not overlap, in about log2(n) string comparisons. */
export class HashKeyIndex<Item> {
  readonly #starts: string[];
  readonly #items: Item[];

  /** @param ranges any order; together they must cover every hash key */
  constructor(ranges: Iterable<readonly [HashKeyRange, Item]>) {
    const sorted = [...ranges]
      .map(([range, item]) => ({ start: hexOfHashKey(range.start), item }))
      .sort((a, b) => (a.start < b.start ? -1 : 1));
    this.#starts = sorted.map((entry) => entry.start);
    this.#items = sorted.map((entry) => entry.item);
  }

  /** The item whose range holds the hash key, given as 32 hexadecimal digits. */
  find(hashHex: string): Item | undefined {
    const starts = this.#starts;
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] as string) <= hashHex) low = middle;
      else high = middle;
    }
    return this.#items[low];
  }
}
