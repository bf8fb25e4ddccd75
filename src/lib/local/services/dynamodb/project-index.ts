import type { KeyAttributes } from './key-order.js';
import { attributesOf, type SecondaryIndex } from './table-items.js';
import { emptyItem, type Item } from './value.js';

/** The attributes that an index has of its items; undefined for all of them. */
export function projectedNames({ projection, tree }: SecondaryIndex, tableKey: KeyAttributes): string[] | undefined {
  if (projection.type === 'ALL') return undefined;
  const names = [...attributesOf(tableKey), ...attributesOf(tree.key), ...projection.attributes];
  return [...new Set(names)];
}

/** An item as an index has it. */
export function projected(item: Item, index: SecondaryIndex, tableKey: KeyAttributes): Item {
  const names = projectedNames(index, tableKey);
  return names ? pickAttributes(item, names) : item;
}

export function pickAttributes(item: Item, names: Iterable<string>): Item {
  const picked = emptyItem();
  for (const name of names) {
    const value = item[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}
