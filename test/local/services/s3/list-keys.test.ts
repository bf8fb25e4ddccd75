import { describe, expect, it } from 'vitest';
import { listKeys } from '../../../../src/lib/local/services/s3/list-keys.js';
import { compareUtf8 } from '../../../../src/lib/local/services/s3/s3-state.js';

const KEYS = ['a', 'b/1', 'b/2', 'b/c/3', 'b0', 'd//e', 'd/f'].sort(compareUtf8);
const list = (more: Partial<Parameters<typeof listKeys>[1]>) =>
  listKeys(KEYS, { prefix: '', delimiter: undefined, after: undefined, limit: 1000, ...more });

describe('listKeys', () => {
  it('rolls up at the delimiter, under a prefix', () => {
    expect(list({ delimiter: '/' })).toEqual({ keys: ['a', 'b0'], commonPrefixes: ['b/', 'd/'], next: undefined });
    expect(list({ delimiter: '/', prefix: 'b/' })).toMatchObject({ keys: ['b/1', 'b/2'], commonPrefixes: ['b/c/'] });
    expect(list({ delimiter: '/', prefix: 'd/' })).toMatchObject({ keys: ['d/f'], commonPrefixes: ['d//'] });
    expect(list({ prefix: 'b' }).keys).toEqual(['b/1', 'b/2', 'b/c/3', 'b0']);
    expect(list({ prefix: 'nothing' }).keys).toEqual([]);
    expect(list({ delimiter: '/c', prefix: 'b' })).toMatchObject({
      keys: ['b/1', 'b/2', 'b0'],
      commonPrefixes: ['b/c'],
    });
  });

  it.each([1, 2, 3, 4])('gives every key and prefix once in pages of %i', (limit) => {
    for (const delimiter of [undefined, '/']) {
      const whole = list({ delimiter });
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = list({ delimiter, after, limit });
        seen.push(...page.keys, ...page.commonPrefixes);
        after = page.next;
      } while (after !== undefined);
      expect(seen.sort()).toEqual([...whole.keys, ...whole.commonPrefixes].sort());
    }
  });

  it('begins after a key that need not exist', () => {
    expect(list({ after: 'b/1x' }).keys).toEqual(['b/2', 'b/c/3', 'b0', 'd//e', 'd/f']);
    expect(list({ after: 'z' }).keys).toEqual([]);
    expect(list({ limit: 0 })).toEqual({ keys: [], commonPrefixes: [], next: undefined });
  });

  it('orders by UTF-8 bytes', () => {
    const keys = ['\u{1f600}', '\uffee', 'z', 'é', 'Z'];
    const byBytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect([...keys].sort(compareUtf8)).toEqual(byBytes);
  });
});
