import { expect, it } from 'vitest';
import { compareDecimals } from '../../src/lib/shared/exact-numbers.js';
import { parseFilterPattern } from '../../src/lib/shared/filter-pattern/parse-filter-pattern.js';

it.each([
  ['9007199254740993', '9007199254740992', 1],
  ['12345678901234567890', '12345678901234567891', -1],
  ['-9007199254740993', '-9007199254740992', -1],
  ['1.10', '1.1', 0],
  ['0100', '1e2', 0],
  ['1e-3', '0.001', 0],
  ['99', '100', -1],
  ['0.5', '.50', 0],
  ['-0', '0', 0],
  ['-1', '1', -1],
  ['0', '1e-400', -1],
  ['1e999', '2e998', 1],
])('%s and %s are compared digit by digit', (one, other, sign) => {
  expect(Math.sign(compareDecimals(one, other))).toBe(sign);
  expect(Math.sign(compareDecimals(other, one))).toBe(sign === 0 ? 0 : -sign);
});

it.each(['', '.', 'x', '1x', '--1', '1e'])('%j is no number', (text) => {
  expect(compareDecimals(text, '1')).toBeNaN();
});

it.each([
  ['{ $.id = 9007199254740993 }', '{"id":9007199254740993}', true],
  ['{ $.id = 9007199254740993 }', '{"id":9007199254740992}', false],
  ['{ $.id = 9007199254740992 }', '{"id":9007199254740993}', false],
  ['{ $.id != 9007199254740993 }', '{"id":9007199254740992}', true],
  ['{ $.id = 9007199254740993 }', '{"id":"9007199254740993"}', true],
  ['{ $.id = 9007199254740993 }', '{"id":"9007199254740992"}', false],
  ['{ $.id > 9007199254740992 }', '{"id":9007199254740993}', true],
  ['{ $.id >= 12345678901234567891 }', '{"id":12345678901234567890}', false],
  ['{ $.id < 12345678901234567891 }', '{"id":12345678901234567890}', true],
  ['{ $.id = 123456789012345678* }', '{"id":12345678901234567890}', true],
  ['{ $.id = %^1234567890123456789[0]$% }', '{"id":12345678901234567890}', true],
  ['{ $.price = 1.1 }', '{"price":1.10}', true],
  ['{ $.a[0] = 9007199254740993 }', '{"a":[9007199254740993]}', true],
])('%s over %s: %s', (pattern, message, matches) => {
  expect(parseFilterPattern(pattern).matches(message)).toBe(matches);
});

it('shows and extracts the digits as they were written', () => {
  const pattern = parseFilterPattern('{ $.id = 1 }');
  expect(pattern.explain('{"id":9007199254740993}')).toBe('$.id = 1 is false: $.id is 9007199254740993');
  expect(pattern.extract('{"id":9007199254740993}')).toEqual({ '$.id': '9007199254740993' });
});
