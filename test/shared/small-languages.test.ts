import { describe, expect, it } from 'vitest';
import { parseCount, readAmount } from '../../src/lib/shared/count.js';
import { UsageError } from '../../src/lib/shared/errors.js';
import { epochMsOf, parsePastInstant, readInstant, readIsoTime } from '../../src/lib/shared/instant.js';
import { parseCountRate, parseRate, readCountRate } from '../../src/lib/shared/rate.js';

describe('a count', () => {
  it.each([
    ['5', 5],
    ['-3', -3],
    ['10k', 10_000],
    ['10K', 10_000],
    ['1.1k', 1100],
    ['0.29k', 290],
    ['2M', 2_000_000],
    ['10,000', 10_000],
    ['1,234,567', 1_234_567],
  ])('%s', (text, count) => expect(parseCount(text, '--count')).toBe(count));
  it.each(['', ' 5', '5 ', '1.5', '1,00', '10m', '10kk', '1e3', 'k', '0x10', '9007199254740993'])(
    'refuses %j',
    (text) => expect(() => parseCount(text, '--count')).toThrow(`--count: "${text}" is not a whole number.`),
  );
  it('keeps to its bounds, and says them', () => {
    expect(parseCount('1k', '--in-flight', { min: 1, max: 1000 })).toBe(1000);
    expect(() => parseCount('1001', '--in-flight', { min: 1, max: 1000 })).toThrow('a whole number from 1 to 1000.');
    expect(() => parseCount('0', '--count', { min: 1 })).toThrow('a whole number of 1 or more.');
  });
  it('may have a fraction where it is an amount', () => expect(readAmount('2.5')).toBe(2.5));
});

describe('a rate', () => {
  it.each([
    ['1000', 1000],
    ['50/s', 50],
    ['50/S', 50],
    ['90/m', 1.5],
    ['3600/h', 1],
    ['0.5', 0.5],
    ['1k', 1000],
    ['2.5k/s', 2500],
    ['6k/m', 100],
  ])('%s is the same for records, events and invocations', (text, perSecond) => {
    expect(parseRate(text)).toEqual({ unit: 'records', perSecond });
    expect(parseCountRate(text)).toBe(perSecond);
    expect(readCountRate(text)).toBe(perSecond);
  });
  it.each(['', 'fast', '-5', '1000/d', '0', '0/s', '10 20', '1e3', '5x/s', ' 50', '50 ', '5 /s', '50/'])(
    'refuses %j everywhere',
    (text) => {
      expect(() => parseRate(text, '--rate')).toThrow(UsageError);
      expect(() => parseCountRate(text, '--rate')).toThrow(/^--rate: (?:".*" is not a valid rate|a rate of zero)/);
      expect(readCountRate(text)).toBeUndefined();
    },
  );
  it.each([
    ['2MB/s', { unit: 'bytes', perSecond: 2_000_000 }],
    ['2MB', { unit: 'bytes', perSecond: 2_000_000 }],
    ['512KiB/s', { unit: 'bytes', perSecond: 524_288 }],
    ['max', { unit: 'max' }],
  ])('%s is of records alone', (text, rate) => {
    expect(parseRate(text)).toEqual(rate);
    expect(() => parseCountRate(text)).toThrow(UsageError);
  });
  it('of zero bytes is refused', () => expect(() => parseRate('0MB/s')).toThrow(UsageError));
});

describe('an instant', () => {
  const now = Date.UTC(2026, 10, 21, 4);
  it.each([
    ['5m', now - 300_000],
    ['1h30m', now - 5_400_000],
    ['2026-11-21T03:00Z', now - 3_600_000],
    ['2026-11-21 03:00:00.5Z', now - 3_599_500],
    ['2026-11-21T05:30:00+02:30', now - 3_600_000],
    ['2026-11-21T05:00+02', now - 3_600_000],
    ['2026-11-20', Date.UTC(2026, 10, 20)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['1763632800', 1_763_632_800_000],
    ['1763632800.25', 1_763_632_800_250],
    ['1763632800250', 1_763_632_800_250],
  ])('%s', (text, ms) => {
    expect(readInstant(text, now)).toBe(ms);
    expect(parsePastInstant(text, '--since', now)).toBe(ms);
  });
  it.each([
    '2026-02-30',
    '2026-02-29',
    '2026-04-31T10:00Z',
    '2026-13-01',
    '2026-00-10',
    '2026-11-00',
    '2026-11-20T24:30Z',
    '2026-11-20T10:60Z',
    '2026-11-20T10:00:61Z',
    '2026-11-20T10:00+25:00',
    '2026-11-20 later',
    '2026-11',
    '5',
    'soon',
    '',
  ])('refuses %j', (text) => {
    expect(readInstant(text, now)).toBeUndefined();
    expect(readIsoTime(text)).toBeUndefined();
    expect(() => parsePastInstant(text, '--since', now)).toThrow(`--since: "${text}" is not a valid time.`);
  });
  it('in the future is refused where only the past can be read', () =>
    expect(() => parsePastInstant('2999-01-01', '--since', now)).toThrow('--since: 2999-01-01 is in the future.'));
  it('without a zone is of the machine', () =>
    expect(readIsoTime('2026-11-20T10:00')).toBe(new Date(2026, 10, 20, 10).getTime()));
  it('as a count is of seconds, milliseconds, microseconds or nanoseconds', () =>
    expect([1e9, 1e12, 1e15, 1e18].map(epochMsOf)).toEqual([1e12, 1e12, 1e12, 1e12]));
});
