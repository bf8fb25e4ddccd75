import { describe, expect, it } from 'vitest';
import { parseKeyPlan } from '../../src/lib/produce/partition-keys.js';
import { parseBurst, parseRamp } from '../../src/lib/produce/ramp.js';
import { parseSpeed } from '../../src/lib/produce/speed.js';
import { UsageError } from '../../src/lib/shared/errors.js';

describe('ramp', () => {
  it('0:3000:60s', () => expect(parseRamp('0:3000:60s')).toEqual({ from: 0, to: 3000, overMs: 60_000 }));
  it('0:3k:60s', () => expect(parseRamp('0:3k:60s')).toEqual({ from: 0, to: 3000, overMs: 60_000 }));
  it('3000:0:1m', () => expect(parseRamp('3000:0:1m')).toEqual({ from: 3000, to: 0, overMs: 60_000 }));
  it.each(['', '0:3000', '0:0:60s', '0:3000:0s', '0:3000:fast', 'a:b:c', '-1:5:60s', '0:3:60s:1'])(
    'refuses %j',
    (text) => expect(() => parseRamp(text)).toThrow(UsageError),
  );
});

describe('burst', () => {
  it('5000:2s:30s', () =>
    expect(parseBurst('5000:2s:30s')).toEqual({ perSecond: 5000, lengthMs: 2000, everyMs: 30_000 }));
  it.each(['', '5000', '5000:2s', '0:2s:30s', '5000:0s:30s', '5000:30s:30s', '5000:2s:30', '-5:2s:30s'])(
    'refuses %j',
    (text) => expect(() => parseBurst(text)).toThrow(UsageError),
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
