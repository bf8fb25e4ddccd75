import type { AwsError } from '../wire/aws-error.js';
import { SealedTokens } from './sealed-tokens.js';

export interface PageRequest<Item> {
  /** What is listed, such as `iam.ListRoles` or `lambda.ListAliases orders`: a token of one list is no token of another. */
  of: string;
  /** The item's place in the list. It belongs to the item alone and stays as it is while the item is there. */
  keyOf(item: Item): string;
  /** Where the page before ended; undefined, or empty, for the first one. */
  token: string | undefined;
  /** Most items of this page. */
  size: number;
  /** Greatest key first. */
  descending?: boolean;
}

const tokens = new SealedTokens();

/** A key that orders as numbers do. @param number whole, from 0 */
export const numberKey = (number: number): string => String(number).padStart(16, '0');

/** A token for what comes after `key` in a list. */
export const sealKey = (of: string, key: string): string => tokens.seal(of, key);

/** The key in a token; undefined for one that was not sealed for this list. */
export function openKey(of: string, token: string): string | undefined {
  const key = tokens.open(of, token);
  return typeof key === 'string' ? key : undefined;
}

/**
 * Makes a service's paging. A token holds the last key of its page, never a position: what is deleted or made between two pages
 * makes no item appear twice or not at all.
 * @param invalidToken the service's error for a token that is none of this list's
 */
export const pager =
  (invalidToken: (token: string) => AwsError) =>
  <Item>(
    items: readonly Item[],
    { of, keyOf, token, size, descending = false }: PageRequest<Item>,
  ): { items: Item[]; next: string | undefined } => {
    const isBefore = (a: string, b: string): boolean => (descending ? a > b : a < b);
    let rest = [...items];
    if (token !== undefined && token !== '') {
      const after = openKey(of, token);
      if (after === undefined) throw invalidToken(token);
      rest = rest.filter((item) => isBefore(after, keyOf(item)));
    }
    rest.sort((a, b) => (isBefore(keyOf(a), keyOf(b)) ? -1 : 1));
    const page = rest.slice(0, size);
    const last = page.at(-1);
    return {
      items: page,
      next: last !== undefined && rest.length > page.length ? sealKey(of, keyOf(last)) : undefined,
    };
  };
