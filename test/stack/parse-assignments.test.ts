import { expect, test } from 'vitest';
import { parseAssignments } from '../../src/lib/stack/parse-assignments.js';

test.each<[string[], Record<string, string>]>([
  [[], {}],
  [['A=1', 'B='], { A: '1', B: '' }],
  [['Url=https://x/?a=b'], { Url: 'https://x/?a=b' }],
  [['A=1', 'A=1'], { A: '1' }],
])('%j', (words, expected) => {
  expect(parseAssignments(words, '--parameter')).toEqual(expected);
});

test('a name that JavaScript treats specially is only a name', () => {
  expect(Object.keys(parseAssignments(['__proto__=x', 'constructor=y'], '--parameter'))).toEqual([
    '__proto__',
    'constructor',
  ]);
});

test.each([
  [['A'], '--parameter', '--parameter: "A" is not NAME=VALUE.', 'For example: --parameter Shards=2'],
  [['=1'], '--tag', '--tag: "=1" is not NAME=VALUE.', 'For example: --tag team=data'],
  [['A=1', 'A=2'], '--tag', '--tag: A is given twice, as "1" and as "2".', undefined],
])('%j as %s is refused', (words, flag, message, hint) => {
  expect(() => parseAssignments(words, flag)).toThrow(expect.objectContaining({ message, hint }));
});
