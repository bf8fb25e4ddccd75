import { describe, expect, it } from 'vitest';
import { printableText } from '../../src/lib/shared/printable-text.js';

describe('printableText', () => {
  it.each([
    ['plain, naïve 日本 🙀', 'plain, naïve 日本 🙀'],
    ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
    ['from Windows\r\n', 'from Windows\n'],
    ['over\rwritten', 'over\\u000dwritten'],
    ['\u001b[2J\u001b[Hcleared', '\\u001b[2J\\u001b[Hcleared'],
    ['\u001b]0;a title\u0007', '\\u001b]0;a title\\u0007'],
    ['\u009b2J in one character', '\\u009b2J in one character'],
    ['\u001b[31mred', '\\u001b[31mred'],
    ['a\u007fb\u0000c', 'a\\u007fb\\u0000c'],
    ['exe\u202Egnp.', 'exe\\u202egnp.'],
  ])('%j', (text, shown) => {
    expect(printableText(text)).toBe(shown);
  });

  it('lets colours through where there are colours, and ends them', () => {
    expect(printableText('\u001b[1;31mred\u001b[0m \u001b[38:5:1mx', { colors: true })).toBe(
      '\u001b[1;31mred\u001b[0m \u001b[38:5:1mx\u001b[0m',
    );
    expect(printableText('\u001b[31mred\u001b[2J', { colors: true })).toBe('\u001b[31mred\\u001b[2J\u001b[0m');
    expect(printableText('no colour', { colors: true })).toBe('no colour');
  });
});
