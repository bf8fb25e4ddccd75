import { describe, expect, test } from 'vitest';
import {
  addNumbers,
  canonicalNumber,
  compareNumbers,
  numberSortKey,
  subtractNumbers,
} from '../../../../src/lib/local/services/dynamodb/number.js';
import { compareText, textSortKey } from '../../../../src/lib/local/services/dynamodb/value.js';

describe('a number is stored with all its digits and no exponent', () => {
  test.each([
    ['1', '1'],
    ['+1', '1'],
    ['-0', '0'],
    ['007', '7'],
    ['1.10', '1.1'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1e3', '1000'],
    ['12E-3', '0.012'],
    ['-1.5e-2', '-0.015'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['1E+125', `1${'0'.repeat(125)}`],
    ['1E-130', `0.${'0'.repeat(129)}1`],
    ['0.00E+999', '0'],
  ])('%s as %s', (text, stored) => {
    expect(canonicalNumber(text)).toBe(stored);
  });

  test.each([
    ['', 'The parameter cannot be converted to a numeric value'],
    ['abc', 'The parameter cannot be converted to a numeric value: abc'],
    ['0x10', 'The parameter cannot be converted to a numeric value: 0x10'],
    ['.', 'The parameter cannot be converted to a numeric value: .'],
    ['1e126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['1e-131', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
    ['1'.repeat(39), 'Attempting to store more than 38 significant digits in a Number'],
  ])('%j is refused', (text, message) => {
    expect(() => canonicalNumber(text)).toThrow(message);
  });
});

test('sums and differences are exact, and refused where they cannot be stored', () => {
  expect(addNumbers('0.1', '0.2')).toBe('0.3');
  expect(addNumbers('9007199254740993', '1')).toBe('9007199254740994');
  expect(subtractNumbers('1', '1')).toBe('0');
  expect(subtractNumbers('1000', '0.001')).toBe('999.999');
  expect(() => addNumbers('1E+125', '1E-130')).toThrow(/38 significant digits/);
  expect(() => addNumbers('9E+125', '9E+125')).toThrow(/overflow/);
});

test('the sort keys of numbers sort as the numbers do', () => {
  const sorted = [
    '-1E+125',
    '-1000',
    '-12',
    '-1.2',
    '-1',
    '-0.5',
    '-1E-130',
    '0',
    '1E-130',
    '0.05',
    '0.5',
    '1',
    '1.2',
    '9',
    '10',
    '99.9',
    '100',
    '1E+125',
  ];
  const keys = sorted.map((number) => numberSortKey(number));
  expect([...keys].sort()).toEqual(keys);
  for (let index = 1; index < sorted.length; index += 1) {
    expect(compareNumbers(sorted[index - 1] ?? '', sorted[index] ?? '')).toBeLessThan(0);
  }
});

test('texts sort by their UTF-8 bytes, not by their UTF-16 code units', () => {
  const texts = ['', 'A', 'a', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f600}', 'a\u{1f600}'];
  const byBytes = [...texts].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  expect([...texts].sort(compareText)).toEqual(byBytes);
  expect(textSortKey('\uffff') < textSortKey('\u{10000}')).toBe(true);
  expect('\uffff' < '\u{10000}').toBe(false);
});
