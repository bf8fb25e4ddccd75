import { describe, expect, it } from 'vitest';
import { addTags, type GivenTags, newTags, tagList } from '../../../src/lib/local/kit/tags.js';
import { AwsError } from '../../../src/lib/local/wire/aws-error.js';

const RULES = {
  most: 3,
  tooMany: (most: number) => new AwsError('TooMany', `more than ${most}`),
  invalid: (fault: string, key: string) => new AwsError('Invalid', `${fault}: ${key}`),
};

describe('tags', () => {
  it('are taken as a list or as a map, and replace those of the same key', () => {
    const tags = newTags({ team: 'data', empty: undefined }, RULES);
    addTags(tags, [{ Key: 'team', Value: 'ops' }], RULES);
    expect(tagList(tags)).toEqual([
      { Key: 'team', Value: 'ops' },
      { Key: 'empty', Value: '' },
    ]);
    expect(newTags(undefined, RULES).size).toBe(0);
  });

  it.each<[string, GivenTags]>([
    ['length: ', { '': 'x' }],
    [`length: ${'k'.repeat(129)}`, { ['k'.repeat(129)]: 'x' }],
    ['length: a', { a: 'x'.repeat(257) }],
    ['characters: a*', { 'a*': 'x' }],
    ['characters: a', [{ Key: 'a', Value: '<x>' }]],
    ['reserved: AWS:name', { 'AWS:name': 'x' }],
    [
      'repeated: a',
      [
        { Key: 'a', Value: '1' },
        { Key: 'a', Value: '2' },
      ],
    ],
    ['more than 3', { a: '1', b: '2', c: '3' }],
  ])('are refused, all of them, with the error of the service: %s', (message, given) => {
    const tags = new Map([['kept', 'x']]);
    expect(() => addTags(tags, given, RULES)).toThrow(message);
    expect([...tags]).toEqual([['kept', 'x']]);
  });

  it('count a key that is there already once', () => {
    const tags = newTags({ a: '1', b: '2', c: '3' }, RULES);
    addTags(tags, { a: '9' }, RULES);
    expect(tags.get('a')).toBe('9');
  });
});
