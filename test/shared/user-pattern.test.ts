import { describe, expect, it } from 'vitest';
import { SlowPatternError, UserPattern } from '../../src/lib/shared/user-pattern.js';

describe('a pattern of a user', () => {
  it.each([
    ['a|b', 'a', 'ab'],
    ['(?i)[a-z]+', 'ABC', '1'],
    ['^(?=.*[A-Z])(?=.*\\d).{8,}$', 'Passw0rd', 'password'],
    ['(?!aws).*', 'orders', 'aws-orders'],
    ['\\p{L}+', 'é', '1'],
    ['\\\\Q', '\\Q', 'Q'],
  ])('%s matches %s and not %s', (source, good, bad) => {
    const pattern = new UserPattern(source);
    expect([pattern.matchesAll([good, good]), pattern.matchesAll([good, bad])]).toEqual([true, false]);
  });

  it.each(['(', 'a++', '(?>a)', '\\Aa\\z', '\\Qa.b\\E', '\\h', '[a-z&&[^x]]', '\\x{41}'])(
    'is refused as %s, which JavaScript cannot read or reads otherwise',
    (source) => expect(() => new UserPattern(source)).toThrow(SyntaxError),
  );

  it.each([
    ['^(a+)+$', `${'a'.repeat(60)}!`],
    ['(a|aa)+', `${'a'.repeat(4000)}b`],
    ['(?:(?:a{0,60}){0,60}){0,60}b', 'a'.repeat(4000)],
  ])('%s ends at the time limit, and the next pattern is matched', (source, text) => {
    expect(() => new UserPattern(source).matchesAll([text])).toThrow(SlowPatternError);
    expect(new UserPattern('a+').matchesAll(['aa'])).toBe(true);
  });
});
