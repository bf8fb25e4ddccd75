import sortedBtree from 'sorted-btree';
import { type KeyAttributes, placeOf } from './key-order.js';
import { type Item, itemBytes } from './value.js';

/** A CommonJS package: Node hands out its exports, test runners their default. */
const BTree = (sortedBtree.default ?? sortedBtree) as typeof sortedBtree.default;

/** An item as it is kept: what changes it makes another one. */
export interface StoredItem {
  readonly item: Item;
  readonly bytes: number;
  /** Where it stands in its table. */
  readonly place: string;
}

/** An item ready to be kept. @param place where it stands in its table */
export const storedAt = (place: string, item: Item): StoredItem => ({ item, bytes: itemBytes(item), place });

/** The items of a table, or those that an index holds, in order. */
export class ItemTree {
  readonly key: KeyAttributes;
  readonly #isIndex: boolean;
  readonly #tree = new BTree<string, StoredItem>(undefined, compareTexts);
  #bytes = 0;

  constructor(key: KeyAttributes, options: { isIndex: boolean }) {
    this.key = key;
    this.#isIndex = options.isIndex;
  }

  get size(): number {
    return this.#tree.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Where an item stands here; undefined if this index does not hold it. */
  placeOf(stored: StoredItem): string | undefined {
    return this.#isIndex ? placeOf(stored.item, this.key, stored.place) : stored.place;
  }

  get(place: string): StoredItem | undefined {
    return this.#tree.get(place);
  }

  /** Takes `after` in the place of `before`; either may be missing. */
  replace(before: StoredItem | undefined, after: StoredItem | undefined): void {
    const [from, to] = [before && this.placeOf(before), after && this.placeOf(after)];
    if (from !== undefined && from !== to) this.#tree.delete(from);
    if (to !== undefined && after) this.#tree.set(to, after);
    this.#bytes += (to === undefined ? 0 : (after?.bytes ?? 0)) - (from === undefined ? 0 : (before?.bytes ?? 0));
  }

  /** Every item, in order. */
  all(): IterableIterator<StoredItem> {
    return this.#tree.values();
  }

  /**
   * Items from the text `from` on and before `before`, or backwards; it may change while it is read.
   * @param after a place to go on behind
   */
  *range(bounds: { from: string; before: string; after?: string; backwards?: boolean }): Generator<StoredItem> {
    const { from, before, after, backwards = false } = bounds;
    let at = after;
    for (;;) {
      const pair: [string, StoredItem] | undefined = backwards
        ? at === undefined
          ? this.#tree.nextLowerPair(before)
          : this.#tree.nextLowerPair(at)
        : at === undefined
          ? this.#tree.getPairOrNextHigher(from)
          : this.#tree.nextHigherPair(at);
      if (!pair || (backwards ? pair[0] < from : pair[0] >= before)) return;
      at = pair[0];
      yield pair[1];
    }
  }
}

const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
