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
      const source = random() < 0.25 ? `${sequence()}|${sequence()}` : sequence();
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
  ])('comes to an end where backtracking would not: %s', (source, text) => {
    expect(compileRegex(source).test(text)).toBe(false);
  });

  it('refuses repetitions that multiply to too much', () => {
    expect(() => compileRegex('a{1,9999}')).toThrow(RangeError);
    expect(() => compileRegex('a{999999999,}')).toThrow(RangeError);
    expect(() => compileRegex('a{1,1500}b{1,1500}')).toThrow(RangeError);
    expect(() => compileRegex('a**')).toThrow(SyntaxError);
  });
});
