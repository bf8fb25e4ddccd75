import { expect, test } from 'vitest';
import { PutQuota } from '../../../../src/lib/local/services/firehose/put-quota.js';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';

test('a second holds 5 MiB, and comes back with time', () => {
  const clock = new DrivenClock(0);
  const quota = new PutQuota({ clock, limits: 'on' }, 'us-east-1');
  const mebibyte = 1024 * 1024;
  for (let put = 0; put < 5; put += 1) expect(quota.takeRecord(mebibyte)).toBe(true);
  expect(quota.takeRecord(1)).toBe(false);
  clock.advance(200);
  expect(quota.takeRecord(mebibyte)).toBe(true);
  expect(quota.takeRecord(1)).toBe(false);
});

test('a region with the smaller quota has 1,000 calls', () => {
  const quota = new PutQuota({ clock: new DrivenClock(0), limits: 'on' }, 'eu-central-1');
  const taken = Array.from({ length: 1001 }, () => quota.takeCall());
  expect(taken.filter(Boolean)).toHaveLength(1000);
});

test('without limits nothing is refused', () => {
  const quota = new PutQuota({ clock: new DrivenClock(0), limits: 'off' }, 'us-east-1');
  expect(quota.takeRecord(1e9)).toBe(true);
});
