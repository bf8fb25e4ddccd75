import { describe, expect, it } from 'vitest';
import { parseKeyPlan } from '../../src/lib/produce/partition-keys.js';
import { parseBurst, parseRamp } from '../../src/lib/produce/ramp.js';
import { parseRate } from '../../src/lib/produce/rate.js';
import { parseSpeed } from '../../src/lib/produce/speed.js';
import { UsageError } from '../../src/lib/shared/errors.js';

describe('rate', () => {
  it.each([
    ['1000', { unit: 'records', perSecond: 1000 }],
    ['1000/s', { unit: 'records', perSecond: 1000 }],
    ['90/m', { unit: 'records', perSecond: 1.5 }],
    ['0.5', { unit: 'records', perSecond: 0.5 }],
    ['2MB/s', { unit: 'bytes', perSecond: 2_000_000 }],
    ['2MB', { unit: 'bytes', perSecond: 2_000_000 }],
    ['512KiB/s', { unit: 'bytes', perSecond: 524_288 }],
    ['max', { unit: 'max' }],
  ])('%s', (text, rate) => expect(parseRate(text)).toEqual(rate));

  it.each(['', 'fast', '-5', '1000/d', '0', '0MB/s', '10 20', '1e3', '5x/s'])('refuses %j', (text) => {
    expect(() => parseRate(text, '--rate')).toThrow(UsageError);
    expect(() => parseRate(text, '--rate')).toThrow(/^--rate: /);
  });
});

describe('ramp', () => {
  it('0:3000:60s', () => expect(parseRamp('0:3000:60s')).toEqual({ from: 0, to: 3000, overMs: 60_000 }));
  it('3000:0:1m', () => expect(parseRamp('3000:0:1m')).toEqual({ from: 3000, to: 0, overMs: 60_000 }));
  it.each(['', '0:3000', '0:0:60s', '0:3000:0s', '0:3000:fast', 'a:b:c'])('refuses %j', (text) =>
    expect(() => parseRamp(text)).toThrow(UsageError),
  );
});

describe('burst', () => {
  it('5000:2s:30s', () =>
    expect(parseBurst('5000:2s:30s')).toEqual({ perSecond: 5000, lengthMs: 2000, everyMs: 30_000 }));
  it.each(['', '5000', '5000:2s', '0:2s:30s', '5000:0s:30s', '5000:30s:30s', '5000:2s:30'])('refuses %j', (text) =>
    expect(() => parseBurst(text)).toThrow(UsageError),
  );
});

describe('partition key', () => {
  it.each([
    ['random', { kind: 'random' }],
    ['fixed:a:b', { kind: 'fixed', key: 'a:b' }],
    ['field:customer.id', { kind: 'field', path: ['customer', 'id'] }],
    ['field:$.id', { kind: 'field', path: ['id'] }],
    ['zipf:1.2', { kind: 'zipf', exponent: 1.2, keys: 10_000 }],
    ['zipf:0.9:50', { kind: 'zipf', exponent: 0.9, keys: 50 }],
  ])('%s', (text, plan) => expect(parseKeyPlan(text)).toEqual(plan));
  it.each(['', 'id', 'fixed:', `fixed:${'x'.repeat(257)}`, 'field:', 'field:a..b', 'zipf', 'zipf:x', 'zipf:1:0'])(
    'refuses %j',
    (text) => expect(() => parseKeyPlan(text)).toThrow(UsageError),
  );
});

describe('speed', () => {
  it.each([
    ['10', 10],
    ['0.5x', 0.5],
  ])('%s', (text, speed) => expect(parseSpeed(text)).toBe(speed));
  it.each(['0', '-1', 'fast'])('refuses %j', (text) => expect(() => parseSpeed(text)).toThrow(UsageError));
});
