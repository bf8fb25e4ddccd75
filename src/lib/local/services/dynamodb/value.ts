// Attribute values as DynamoDB has them: the form of the wire is kept, so that what is stored is what was sent.
import { canonicalNumber, compareNumbers } from './number.js';

export type Value =
  | { S: string }
  | { N: string }
  | { B: Uint8Array }
  | { BOOL: boolean }
  | { NULL: true }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: Uint8Array[] }
  | { L: Value[] }
  | { M: Item };

/** Attributes by name. Made by `emptyItem`, so that an attribute may be called `__proto__`. */
export interface Item {
  [name: string]: Value;
}

export type Kind = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'SS' | 'NS' | 'BS' | 'L' | 'M';

export const emptyItem = (): Item => Object.create(null);

/** The type of a value: its one member's name. */
export function kindOf(value: Value): Kind {
  for (const kind in value) return kind as Kind;
  return 'NULL';
}

/** What is inside of a value, whatever its type. */
export const contentOf = (value: Value): unknown => (value as Record<Kind, unknown>)[kindOf(value)];

export const isKind = <K extends Kind>(
  value: Value | undefined,
  kind: K,
): value is Extract<Value, Record<K, unknown>> => value !== undefined && kind in value;

/** Equal as DynamoDB compares: numbers by value, sets whatever their order, lists and maps deeply. */
export function sameValue(one: Value, other: Value): boolean {
  const kind = kindOf(one);
  if (kind !== kindOf(other)) return false;
  if (isKind(one, 'S') && isKind(other, 'S')) return one.S === other.S;
  if (isKind(one, 'N') && isKind(other, 'N')) return one.N === other.N || compareNumbers(one.N, other.N) === 0;
  if (isKind(one, 'B') && isKind(other, 'B')) return Buffer.compare(one.B, other.B) === 0;
  if (isKind(one, 'L') && isKind(other, 'L')) return sameList(one.L, other.L);
  if (isKind(one, 'M') && isKind(other, 'M')) return sameMap(one.M, other.M);
  if (kind === 'SS' || kind === 'NS' || kind === 'BS') return sameMembers(membersOf(one), membersOf(other));
  return contentOf(one) === contentOf(other);
}

const sameList = (one: readonly Value[], other: readonly Value[]): boolean =>
  one.length === other.length && one.every((value, index) => sameValue(value, other[index] ?? { NULL: true }));

/** Two items, or two maps, with the same attributes. */
export function sameMap(one: Item, other: Item): boolean {
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => {
    const [mine, theirs] = [one[name], other[name]];
    return mine !== undefined && theirs !== undefined && sameValue(mine, theirs);
  });
}

/** The members of a set as texts that are the same where the members are. */
export function membersOf(set: Value): string[] {
  if (isKind(set, 'SS')) return set.SS;
  if (isKind(set, 'NS')) return set.NS.map(canonicalNumber);
  if (isKind(set, 'BS')) return set.BS.map((bytes) => Buffer.from(bytes).toString('latin1'));
  return [];
}

function sameMembers(one: readonly string[], other: readonly string[]): boolean {
  const members = new Set(other);
  return one.length === members.size && one.every((member) => members.has(member));
}

/**
 * Below, at or above zero as `one` comes before, is, or comes after `other`: strings by their UTF-8 bytes, numbers by value, binary by
 * unsigned bytes. Undefined for values of different types, and for types without an order.
 */
export function compareValues(one: Value, other: Value): number | undefined {
  if (isKind(one, 'S') && isKind(other, 'S')) return compareText(one.S, other.S);
  if (isKind(one, 'N') && isKind(other, 'N')) return compareNumbers(one.N, other.N);
  if (isKind(one, 'B') && isKind(other, 'B')) return Buffer.compare(one.B, other.B);
  return undefined;
}

export function compareText(one: string, other: string): number {
  const [a, b] = [textSortKey(one), textSortKey(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

const BEYOND_SURROGATES = /[\ud800-\uffff]/;

/**
 * A text whose code units sort as the UTF-8 bytes of `text` do. JavaScript orders by UTF-16 code units, where the surrogates of U+10000 and
 * above come before U+E000 to U+FFFF; these two ranges change places.
 */
export function textSortKey(text: string): string {
  if (!BEYOND_SURROGATES.test(text)) return text;
  return text.replace(/[\ud800-\uffff]/g, (unit) => {
    const code = unit.charCodeAt(0);
    return String.fromCharCode(code >= 0xe000 ? code - 0x800 : code + 0x2000);
  });
}

const ITEM_OVERHEAD = 3;
/** What DynamoDB allows, and what a page of Query and Scan is measured by. */
export const MAX_ITEM_BYTES = 400 * 1024;

/**
 * Bytes of an item as DynamoDB counts them: names and values in UTF-8, a number by its digits, three bytes and one for each member of a
 * list or map.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) bytes += Buffer.byteLength(name) + valueBytes(value);
  }
  return bytes;
}

function valueBytes(value: Value): number {
  if (isKind(value, 'S')) return Buffer.byteLength(value.S);
  if (isKind(value, 'N')) return numberBytes(value.N);
  if (isKind(value, 'B')) return value.B.byteLength;
  if (isKind(value, 'SS')) return value.SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (isKind(value, 'NS')) return value.NS.reduce((sum, number) => sum + numberBytes(number), 0);
  if (isKind(value, 'BS')) return value.BS.reduce((sum, bytes) => sum + bytes.byteLength, 0);
  if (isKind(value, 'L')) return value.L.reduce((sum, inner) => sum + 1 + valueBytes(inner), ITEM_OVERHEAD);
  if (isKind(value, 'M')) return itemBytes(value.M) + ITEM_OVERHEAD + Object.keys(value.M).length;
  return 1;
}

/** About one byte for two significant digits, and one more; a sign takes another. */
function numberBytes(number: string): number {
  const digits = number.replace(/^-?0*\.?0*|\.|0+$/g, '').length;
  return Math.ceil(digits / 2) + 1 + (number.startsWith('-') ? 1 : 0);
}
