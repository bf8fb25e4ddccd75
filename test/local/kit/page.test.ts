import { describe, expect, it } from 'vitest';
import { pager } from '../../../src/lib/local/kit/page.js';
import { AwsError } from '../../../src/lib/local/wire/aws-error.js';

const page = pager((token) => new AwsError('InvalidNextToken', `no token: ${token}`));
const list = (items: readonly string[], token?: string, more: { of?: string; descending?: boolean } = {}) =>
  page(items, { of: more.of ?? 'names', keyOf: (name) => name, token, size: 2, descending: more.descending ?? false });

describe('a page of a list', () => {
  it('goes on behind the last key, whatever was deleted or made between two pages', () => {
    const first = list(['d', 'a', 'c', 'b']);
    expect(first.items).toEqual(['a', 'b']);
    expect(list(['c', 'd', 'e'], first.next).items).toEqual(['c', 'd']);
    expect(list(['a', 'aa', 'b', 'bb', 'c'], first.next).items).toEqual(['bb', 'c']);
    expect(list(['d'], first.next)).toEqual({ items: ['d'], next: undefined });
  });

  it('can begin with the greatest key', () => {
    const first = list(['a', 'b', 'c'], undefined, { descending: true });
    expect(first.items).toEqual(['c', 'b']);
    expect(list(['a', 'b', 'c', 'd'], first.next, { descending: true })).toEqual({ items: ['a'], next: undefined });
  });

  it('has no token where nothing follows', () => {
    expect(list(['a', 'b'])).toEqual({ items: ['a', 'b'], next: undefined });
    expect(list([], '')).toEqual({ items: [], next: undefined });
  });

  it('refuses tokens that were not given for this list', () => {
    const { next = '' } = list(['a', 'b', 'c']);
    for (const token of ['2', Buffer.from('after b').toString('base64url'), `${next.slice(0, -4)}AAAA`]) {
      expect(() => list(['a', 'b', 'c'], token)).toThrow(`no token: ${token}`);
    }
    expect(() => list(['a', 'b', 'c'], next, { of: 'other names' })).toThrow('no token');
  });
});
