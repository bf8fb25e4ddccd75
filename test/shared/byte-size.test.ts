import { describe, expect, it } from 'vitest';
import { formatByteSize, parseByteSize } from '../../src/lib/shared/byte-size.js';
import { UsageError } from '../../src/lib/shared/errors.js';

describe('parseByteSize', () => {
  it.each([
    ['250', 250],
    ['250B', 250],
    ['64KiB', 65_536],
    ['2MB', 2_000_000],
    ['1.5GiB', 1_610_612_736],
    ['10 kb', 10_000],
  ])('%s is %d bytes', (text, bytes) => expect(parseByteSize(text)).toBe(bytes));

  it.each(['', 'MB', '-1', '1TB', '1.2.3MB', '0x10'])('refuses %j', (text) => {
    expect(() => parseByteSize(text, '--memory')).toThrow(UsageError);
  });
});

describe('formatByteSize', () => {
  it.each([
    [0, '0 B'],
    [250, '250 B'],
    [1536, '1.5 KiB'],
    [3_145_728, '3.0 MiB'],
  ])('%d bytes read %s', (bytes, text) => expect(formatByteSize(bytes)).toBe(text));
});
