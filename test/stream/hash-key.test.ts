import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  evenHashKeyRanges,
  HASH_KEY_COUNT,
  HashKeyIndex,
  hashHexOf,
  hashKeyOf,
  hexOfHashKey,
  middleOf,
} from '../../src/lib/stream/hash-key.js';

describe('hash keys', () => {
  it('are the MD5 of the key in UTF-8, read as a number', () => {
    for (const key of ['', 'a', 'order-17', 'schlüssel', '鍵'.repeat(100)]) {
      const hex = createHash('md5').update(key, 'utf8').digest('hex');
      expect(hashHexOf(key)).toBe(hex);
      expect(hashKeyOf(key)).toBe(BigInt(`0x${hex}`));
    }
  });

  it('keep their order as text of 32 digits', () => {
    expect(hexOfHashKey(0n)).toBe('0'.repeat(32));
    expect(hexOfHashKey(HASH_KEY_COUNT - 1n)).toBe('f'.repeat(32));
    expect(hexOfHashKey(9n) < hexOfHashKey(10n)).toBe(true);
  });
});

describe('the ranges of a new stream', () => {
  it('are those that AWS gives to three shards', () => {
    expect(evenHashKeyRanges(3).map(({ start, end }) => [start, end])).toEqual([
      [0n, 113427455640312821154458202477256070484n],
      [113427455640312821154458202477256070485n, 226854911280625642308916404954512140969n],
      [226854911280625642308916404954512140970n, 340282366920938463463374607431768211455n],
    ]);
  });

  it.each([1, 2, 5, 7, 16, 1000])('leave no gap and no overlap with %i shards', (count) => {
    const ranges = evenHashKeyRanges(count);
    expect(ranges).toHaveLength(count);
    expect(ranges[0]?.start).toBe(0n);
    expect(ranges.at(-1)?.end).toBe(HASH_KEY_COUNT - 1n);
    for (const [index, range] of ranges.slice(1).entries()) expect(range.start).toBe((ranges[index]?.end ?? 0n) + 1n);
  });

  it('split in the middle into two halves', () => {
    expect(middleOf({ start: 0n, end: HASH_KEY_COUNT - 1n })).toBe(170141183460469231731687303715884105728n);
  });
});

describe('finding a range', () => {
  it('agrees with comparing numbers, at every border and for many keys', () => {
    const ranges = evenHashKeyRanges(7);
    const index = new HashKeyIndex([...ranges].reverse().map((range) => [range, range] as const));
    const keys = ranges.flatMap(({ start, end }) => [start, end]);
    for (let i = 0; i < 500; i++) keys.push(hashKeyOf(`key-${i}`));
    for (const key of keys) {
      expect(index.find(hexOfHashKey(key))).toBe(ranges.find(({ start, end }) => start <= key && key <= end));
    }
  });
});
