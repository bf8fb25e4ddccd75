import { expect, it } from 'vitest';
import { hashKeyOf } from '../../src/lib/stream/hash-key.js';
import { ShardRanges } from '../../src/lib/stream/shard-ranges.js';

const HALF = 2n ** 127n;

it('knows which user records lie outside the hash keys of their shard, as the KCL does', async () => {
  let lists = 0;
  const ranges = new ShardRanges(async () => {
    lists += 1;
    const range = (StartingHashKey: bigint, EndingHashKey: bigint) => ({
      StartingHashKey: String(StartingHashKey),
      EndingHashKey: String(EndingHashKey),
    });
    return [
      { ShardId: 'low', HashKeyRange: range(0n, HALF - 1n) },
      { ShardId: 'high', HashKeyRange: range(HALF, 2n ** 128n - 1n) },
      { ShardId: 'untold' },
    ];
  });
  await ranges.learn('low');
  await ranges.learn('high');
  expect(lists).toBe(1);
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const isLow = hashKeyOf(key) < HALF;
    expect([ranges.isOutside('low', key, undefined), ranges.isOutside('high', key, undefined)]).toEqual([
      !isLow,
      isLow,
    ]);
  }
  // An explicit hash key counts alone, to its last digit.
  expect(ranges.isOutside('low', 'a', String(HALF - 1n))).toBe(false);
  expect(ranges.isOutside('low', 'a', String(HALF))).toBe(true);
  expect(ranges.isOutside('high', 'a', String(HALF))).toBe(false);
  expect(ranges.isOutside('high', 'a', String(2n ** 128n - 1n))).toBe(false);
  await ranges.learn('gone');
  for (const shard of ['untold', 'gone']) expect(ranges.isOutside(shard, 'a', undefined)).toBe(false);
});
