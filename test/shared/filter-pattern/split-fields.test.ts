import { describe, expect, it } from 'vitest';
import { splitFields } from '../../../src/lib/shared/filter-pattern/split-fields.js';

describe('splitFields', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['  a  b\tc\n', ['a', 'b', 'c']],
    ['[10/Oct/2000:13:25:15 -0700] "GET / HTTP/1.0" 404', ['10/Oct/2000:13:25:15 -0700', 'GET / HTTP/1.0', '404']],
    ['[open and never closed', ['[open', 'and', 'never', 'closed']],
    ['"open and never closed', ['"open', 'and', 'never', 'closed']],
    ['[a]b [c]', ['[a]b', 'c']],
    ['"a"b "c"', ['"a"b', 'c']],
    ['"say \\"hi\\" twice" x', ['say \\"hi\\" twice', 'x']],
    ['[] ""', ['', '']],
    ['a[b c]', ['a[b', 'c]']],
  ])('%j', (line, values) => {
    expect(splitFields(line).map(({ value }) => value)).toEqual(values);
  });

  it('says where each field begins', () => {
    expect(splitFields(' a "b c"').map(({ start }) => start)).toEqual([1, 3]);
  });

  it.each(['[ ', '" ', '[x] ', '"\\" '])('comes to an end on a hundred thousand times %j', (piece) => {
    expect(splitFields(piece.repeat(100_000)).length).toBeGreaterThan(0);
  });
});
