import { invalid, invalidValues } from './dynamodb-errors.js';
import type { BoundUpdate } from './expressions/apply-update.js';
import type { Bindings } from './expressions/bindings.js';
import { compileUpdate } from './expressions/compile.js';
import type { StoredItem } from './item-tree.js';
import { checkKeyPaths } from './key-paths.js';
import { attributeUpdates, type SentUpdate } from './legacy/attribute-updates.js';
import { attributesOf, sizedItem, type TableItems } from './table-items.js';
import { emptyItem, type Item, kindOf } from './value.js';

/** The update of a request; undefined for one that only makes sure that the item is there. @throws AwsError ValidationException */
export function updateOf(
  input: {
    UpdateExpression?: string | undefined;
    AttributeUpdates?: Readonly<Record<string, SentUpdate>> | undefined;
  },
  bindings: Bindings,
): BoundUpdate | undefined {
  if (input.AttributeUpdates !== undefined) return attributeUpdates(input.AttributeUpdates);
  return input.UpdateExpression === undefined ? undefined : compileUpdate(input.UpdateExpression, bindings);
}

/** @throws AwsError ValidationException for an update of the item's key */
export function checkUpdatePaths(items: TableItems, { paths }: BoundUpdate): void {
  for (const name of attributesOf(items.key)) {
    if (paths.some(([head]) => head === name)) {
      throw invalidValues(`Cannot update attribute ${name}. This attribute is part of the key`);
    }
  }
  checkKeyPaths(items, paths);
}

/** The item after the update. @throws AwsError ValidationException for what cannot be carried out or kept */
export function afterUpdate(
  items: TableItems,
  {
    place,
    key,
    before,
    update,
  }: { place: string; key: Item; before: StoredItem | undefined; update: BoundUpdate | undefined },
): StoredItem {
  const present: Item = before?.item ?? Object.assign(emptyItem(), key);
  const item = update ? update.apply(present) : present;
  checkIndexTypes(items, item);
  items.checkIndexKeys(item);
  return sizedItem(place, item, 'Item size to update has exceeded the maximum allowed size');
}

/** An update has its own sentence for the value of an index's key. */
function checkIndexTypes(items: TableItems, item: Item): void {
  for (const { tree } of items.indexes.values()) {
    for (const name of attributesOf(tree.key)) {
      const value = item[name];
      if (value !== undefined && kindOf(value) !== items.types.get(name)) {
        throw invalid('The update expression attempted to update the secondary index key to unsupported type');
      }
    }
  }
}
