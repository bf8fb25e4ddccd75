// Texts of a few hundred thousand characters from users, each of which kept an expression of ours busy for minutes.
import { expect, it } from 'vitest';
import { readLogLine } from '../../src/lib/function/log-line.js';
import { substitutedNames } from '../../src/lib/local/services/cloudformation/intrinsics/substitute.js';
import { expandLoops } from '../../src/lib/local/services/cloudformation/macros/expand-loops.js';
import { parseNumber } from '../../src/lib/local/services/dynamodb/number.js';
import { validate } from '../../src/lib/local/wire/validate.js';
import { compareDecimals, fits } from '../../src/lib/shared/exact-numbers.js';
import { parseFilterPattern } from '../../src/lib/shared/filter-pattern/parse-filter-pattern.js';

const LONG = 400_000;
const ones = '1'.repeat(LONG);
const blanks = ' '.repeat(LONG);

it('a filter pattern compares a text of many digits that is no number', () =>
  expect(parseFilterPattern('{ $.id > 5 }').matches(JSON.stringify({ id: `${ones}x` }))).toBe(false));

it('numbers of many digits and zeros are compared', () => {
  const zeros = `1${'0'.repeat(LONG)}1`;
  expect([compareDecimals(`${ones}x`, '1'), fits(zeros), compareDecimals(zeros, `${zeros}1`) < 0]).toEqual([
    Number.NaN,
    false,
    true,
  ]);
  expect(() => parseNumber(zeros)).toThrow('38 significant digits');
});

it('log lines with many blanks are read', () => {
  expect(readLogLine(`a${blanks}b`).text).toBe(`a${blanks}b`);
  expect(readLogLine(`Invoke${blanks}x`).kind).toBe('text');
});

it('templates whose braces do not close are read', () => {
  expect(substitutedNames('${'.repeat(LONG))).toEqual([]);
  const loop = { 'Fn::ForEach::L': ['X', ['a'], { [`\${X}\${${blanks}&{${blanks}`]: {} }] };
  const [key = ''] = Object.keys(expandLoops(loop, {} as Parameters<typeof expandLoops>[1]));
  expect(key.startsWith('a${ ')).toBe(true);
});

it('an ARN that is far too long is refused for its length', () =>
  expect(() =>
    validate(
      { StreamARN: `arn:aws${':kinesis:123456789012:stream'.repeat(20_000)}` },
      { StreamARN: { max: 2048, pattern: 'arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel|queue)/\\S+' } },
    ),
  ).toThrow(/^1 validation error detected: .*Member must have length less than or equal to 2048$/));
