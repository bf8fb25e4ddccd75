import { afterEach, expect, it } from 'vitest';
import { clockTime } from '../../src/lib/shared/clock-time.js';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

it('is the time of day where the machine is', () => {
  const instant = Date.UTC(2026, 10, 21, 3, 4, 5, 6);
  process.env.TZ = 'UTC';
  expect(clockTime(instant)).toBe('03:04:05.006');
  process.env.TZ = 'Asia/Kolkata';
  expect(clockTime(instant)).toBe('08:34:05.006');
});
