import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseTemplateText } from '../../src/lib/stack/template-file.js';

const unfolded = (text: string): string => parseTemplateText(text, 't.yaml').text;

test('a template without aliases stays as it is, to the byte', () => {
  const text = 'Resources:   { A: &a {Type: T} } # why\n';
  expect(unfolded(text)).toBe(text);
});

test('aliases and merge keys are written out, comments and short tags stay', () => {
  const text = unfolded(`
Base: &base
  Runtime: nodejs22.x # the one we test with
  Timeout: 3
More: &more { Memory: 128, Timeout: 9 }
Resources:
  A: { Type: T, Properties: { <<: *base, Timeout: 5, Name: !Ref "N" } }
  B: { Type: T, Properties: { <<: [*base, *more], Tags: &tags [a, b] } }
  C: { Type: T, Properties: { Tags: *tags, Deep: { <<: *more } } }
`);
  expect(text).not.toMatch(/[&*]\w|<</);
  expect(text).toContain('# the one we test with');
  expect(text).toContain('!Ref');
  expect(parse(text.replace(/!Ref/g, ''))).toMatchObject({
    Resources: {
      A: { Properties: { Timeout: 5, Name: 'N', Runtime: 'nodejs22.x' } },
      B: { Properties: { Tags: ['a', 'b'], Runtime: 'nodejs22.x', Timeout: 3, Memory: 128 } },
      C: { Properties: { Tags: ['a', 'b'], Deep: { Memory: 128, Timeout: 9 } } },
    },
  });
});

describe('aliases without end are refused', () => {
  const bomb = ['B0: &b0 [x, x]', ...Array.from({ length: 30 }, (_, n) => `B${n + 1}: &b${n + 1} [*b${n}, *b${n}]`)];
  test.each([
    [
      'of each other',
      `${bomb.join('\n')}\nResources: { A: { Type: T, Metadata: *b30 } }`,
      't.yaml: its aliases stand for more than 20,000 values.',
    ],
    [
      'of itself',
      'Resources: { A: &a { Type: T, Metadata: *a } }',
      't.yaml: the alias *a stands inside of what it names.',
    ],
  ])('%s', (_, text, message) => {
    expect(() => unfolded(text)).toThrow(expect.objectContaining({ name: 'UsageError', message }));
  });

  test('and one that names nothing', () => {
    expect(() => unfolded('Resources: { A: { Type: T, Metadata: *gone } }')).toThrow(/gone/);
  });
});
