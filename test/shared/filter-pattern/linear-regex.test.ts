import { describe, expect, it } from 'vitest';
import { compileRegex } from '../../../src/lib/shared/filter-pattern/linear-regex.js';

/** mulberry32, so that a failure can be had again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('compileRegex', () => {
  it('agrees with JavaScript on ten thousand made-up expressions and texts', () => {
    const random = seeded(7);
    const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
    const atoms = ['a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\s', '\\x61', '\\.', '[a-c1]', '-'];
    const quantifiers = ['', '', '', '*', '+', '?', '{2}', '{1,2}', '{2,}', '{0}', '*?'];
    for (let n = 0; n < 10_000; n += 1) {
      const sequence = (): string =>
        (random() < 0.15 ? '^' : '') +
        Array.from({ length: Math.floor(random() * 5) }, () => pick(atoms) + pick(quantifiers)).join('') +
        (random() < 0.15 ? '$' : '');
      const source = Array.from({ length: random() < 0.25 ? 2 + Math.floor(random() * 12) : 1 }, sequence).join('|');
      const text = Array.from({ length: Math.floor(random() * 9) }, () =>
        pick(['a', 'b', 'c', '1', ' ', '.', '\n', 'é']),
      ).join('');
      expect([source, text, compileRegex(source).test(text)]).toEqual([source, text, new RegExp(source).test(text)]);
    }
  });

  it.each([
    ['a*a*a*a*b', 'a'.repeat(50_000)],
    ['.*foo.*bar.*baz', 'foo '.repeat(20_000)],
    ['\\d+x', '1'.repeat(200_000)],
    [`${'a?'.repeat(30)}${'a'.repeat(30)}`, 'a'.repeat(29)],
    // Without backtracking, but with a thousand places to follow, these took most of a minute.
    ['a{0,1000}b', 'a'.repeat(500_000)],
    ['a{1,1000}$', `${'a'.repeat(500_000)}c`],
    ['[ab]{500}x|[ab]{499}y', 'ab'.repeat(250_000)],
    [Array.from({ length: 200 }, (_, n) => `a*${n}`).join('|'), 'a'.repeat(500_000)],
  ])('comes to an end where backtracking would not: %s', (source, text) => {
    expect(compileRegex(source).test(text)).toBe(false);
  });

  it('keeps its bits apart where an expression has more than a word of them', () => {
    for (const length of [30, 31, 32, 33, 63, 64, 65, 200]) {
      const text = 'abc'.repeat(80).slice(0, length);
      const test = (source: string) => compileRegex(source).test(text);
      expect([length, test(`^${text}$`), test(`^${text}d?$`), test(`^${text}d+$`)]).toEqual([
        length,
        true,
        true,
        false,
      ]);
      expect([length, test(`^[abc]{${length}}$`), test(`^[abc]{${length + 1}}$`)]).toEqual([length, true, false]);
      expect([length, test(`^x{0,${length}}a`), test(`^x{0,${length}}c`)]).toEqual([length, true, false]);
    }
  });

  it('refuses repetitions that multiply to too much', () => {
    expect(() => compileRegex('a{1,9999}')).toThrow(RangeError);
    expect(() => compileRegex('a{999999999,}')).toThrow(RangeError);
    expect(() => compileRegex('a{1,600}b{1,600}')).toThrow(RangeError);
    expect(() => compileRegex('a{1,600}|b{1,600}')).toThrow(RangeError);
    expect(() => compileRegex('a**')).toThrow(SyntaxError);
  });
});
