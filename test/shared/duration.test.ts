import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/lib/shared/duration.js';
import { UsageError } from '../../src/lib/shared/errors.js';

describe('parseDuration', () => {
  it.each([
    ['500ms', 500],
    ['2s', 2000],
    ['1.5m', 90_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '5', 's', '-1s', '1 s', '1w', '1s!', '1s 2s'])('refuses %j and says what to write', (text) => {
    expect(() => parseDuration(text, '--retention')).toThrow(UsageError);
    expect(() => parseDuration(text, '--retention')).toThrow(`--retention: "${text}" is not a duration.`);
  });
});

describe('formatDuration', () => {
  it.each([
    [4.23, '4.2 ms'],
    [812, '812 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [1400, '1.4 s'],
    [59_960, '1m'],
    [125_000, '2m 5s'],
    [5_400_000, '1h 30m'],
    [172_800_000, '2d'],
  ])('%d ms reads %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});
