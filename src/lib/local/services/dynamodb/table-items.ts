import { invalid, invalidValues, keyMismatch } from './dynamodb-errors.js';
import { ItemTree, type StoredItem, storedAt } from './item-tree.js';
import { type KeyAttributes, placeOf } from './key-order.js';
import { contentOf, emptyItem, type Item, kindOf, MAX_ITEM_BYTES, type Value } from './value.js';

export type KeyType = 'S' | 'N' | 'B';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MOST_KEY_BYTES = { hash: 2048, range: 1024 };

export interface Projection {
  type: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  /** With INCLUDE, the attributes beside the keys. */
  attributes: readonly string[];
}

/** A secondary index of a table. */
export interface SecondaryIndex {
  name: string;
  isGlobal: boolean;
  projection: Projection;
  tree: ItemTree;
  status: 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';
  throughput: Throughput;
}

/** Capacity units a second, 0 for a table on demand. */
export interface Throughput {
  read: number;
  write: number;
  increasedMs?: number;
  decreasedMs?: number;
  decreasesToday: number;
}

/** One write, as streams and indexes learn of it. */
export interface Change {
  before: StoredItem | undefined;
  after: StoredItem | undefined;
}

/** Something that learns of every write. */
export interface ChangeFeed {
  append(change: Change, at: { nowMs: number; byService: boolean }): void;
}

/** The items of one table, with its indexes. What is asked of them, and in whose words it is refused, is the operations' matter. */
export class TableItems {
  readonly key: KeyAttributes;
  readonly tree: ItemTree;
  readonly indexes = new Map<string, SecondaryIndex>();
  /** The types of all attributes that keys are made of. */
  readonly types: Map<string, KeyType>;

  constructor(key: KeyAttributes, types: Iterable<readonly [string, KeyType]>) {
    this.key = key;
    this.types = new Map(types);
    this.tree = new ItemTree(key, { isIndex: false });
  }

  /** An index that holds, from now on, what has its key. */
  addIndex({ key, ...index }: Omit<SecondaryIndex, 'tree'> & { key: KeyAttributes }): SecondaryIndex {
    const tree = new ItemTree(key, { isIndex: true });
    for (const stored of this.tree.all()) tree.replace(undefined, stored);
    const added = { ...index, tree };
    this.indexes.set(index.name, added);
    return added;
  }

  /** Takes an index away, and the types of what only it was keyed by. */
  removeIndex(name: string): void {
    this.indexes.delete(name);
    const used = new Set([this.key, ...[...this.indexes.values()].map(({ tree }) => tree.key)].flatMap(attributesOf));
    for (const attribute of this.types.keys()) if (!used.has(attribute)) this.types.delete(attribute);
  }

  get(place: string): StoredItem | undefined {
    return this.tree.get(place);
  }

  /** Puts an item at a place, or with undefined removes what is there. */
  write(place: string, after: StoredItem | undefined): Change {
    const before = this.tree.get(place);
    this.tree.replace(before, after);
    for (const { tree } of this.indexes.values()) tree.replace(before, after);
    return { before, after };
  }

  /** The key of an item that the table holds. */
  keyOf(item: Item): Item {
    const key = emptyItem();
    for (const name of attributesOf(this.key)) {
      const value = item[name];
      if (value !== undefined) key[name] = value;
    }
    return key;
  }

  /** @throws AwsError ValidationException for what is not exactly the table's key */
  placeOfKey(key: Item): string {
    const names = attributesOf(this.key);
    if (Object.keys(key).length !== names.length) throw keyMismatch();
    for (const name of names) {
      const value = key[name];
      if (value === undefined || kindOf(value) !== this.types.get(name)) throw keyMismatch();
      checkKeyValue(name, value, name === this.key.hash ? 'hash' : 'range');
    }
    return placeOf(key, this.key) ?? '';
  }

  /** @throws AwsError ValidationException for an item that lacks its key, or whose keys have other types */
  placeOfItem(item: Item): string {
    for (const name of attributesOf(this.key)) {
      const [value, expected] = [item[name], this.types.get(name)];
      if (value === undefined) throw invalidValues(`Missing the key ${name} in the item`);
      if (kindOf(value) !== expected) {
        throw invalidValues(`Type mismatch for key ${name} expected: ${expected} actual: ${kindOf(value)}`);
      }
      checkKeyValue(name, value, name === this.key.hash ? 'hash' : 'range');
    }
    this.checkIndexKeys(item);
    return placeOf(item, this.key) ?? '';
  }

  /** @throws AwsError ValidationException for an attribute that an index is keyed by and that has another type */
  checkIndexKeys(item: Item): void {
    for (const { name: index, tree } of this.indexes.values()) {
      for (const name of attributesOf(tree.key)) {
        const [value, expected] = [item[name], this.types.get(name)];
        if (value === undefined) continue;
        if (kindOf(value) !== expected) {
          throw invalidValues(
            `Type mismatch for Index Key ${name} Expected: ${expected} Actual: ${kindOf(value)} IndexName: ${index}`,
          );
        }
        if (byteLength(value) === 0) {
          throw invalid(
            `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${kindOf(value) === 'S' ? 'string' : 'binary'} value. IndexName: ${index}, IndexKey: ${name}`,
          );
        }
      }
    }
  }
}

/** An item made ready to be kept. @throws AwsError ValidationException for one above 400 KB */
export function sizedItem(
  place: string,
  item: Item,
  tooLarge = 'Item size has exceeded the maximum allowed size',
): StoredItem {
  const stored = storedAt(place, item);
  if (stored.bytes > MAX_ITEM_BYTES) throw invalid(tooLarge);
  return stored;
}

export const attributesOf = ({ hash, range }: KeyAttributes): string[] =>
  range === undefined ? [hash] : [hash, range];

function checkKeyValue(name: string, value: Value, role: 'hash' | 'range'): void {
  const bytes = byteLength(value);
  if (bytes === 0) {
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${kindOf(value) === 'S' ? 'string' : 'binary'} value. Key: ${name}`,
    );
  }
  if (bytes > MOST_KEY_BYTES[role]) {
    throw invalidValues(
      role === 'hash'
        ? 'Size of hashkey has exceeded the maximum size limit of2048 bytes'
        : 'Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
    );
  }
}

function byteLength(value: Value): number {
  const content = contentOf(value);
  if (typeof content === 'string') return kindOf(value) === 'N' ? 1 : Buffer.byteLength(content);
  return content instanceof Uint8Array ? content.byteLength : 1;
}
