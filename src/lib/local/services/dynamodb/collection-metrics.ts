import { LAST, partitionPrefix } from './key-order.js';
import type { Table } from './table.js';
import type { Item } from './value.js';

const GIB = 1024 ** 3;

/**
 * `ItemCollectionMetrics`, which only tables with local indexes have: all items of one partition, in the table and its local indexes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ItemCollections.SizeLimit
 */
export function collectionMetrics({ items }: Table, item: Item, wanted: string | undefined) {
  const local = [...items.indexes.values()].filter(({ isGlobal }) => !isGlobal);
  const hash = item[items.key.hash];
  if (wanted !== 'SIZE' || local.length === 0 || hash === undefined) return undefined;
  const from = partitionPrefix(hash);
  let bytes = 0;
  for (const tree of [items.tree, ...local.map((index) => index.tree)]) {
    for (const stored of tree.range({ from, before: from + LAST })) bytes += stored.bytes;
  }
  const least = Math.floor(bytes / GIB);
  return { ItemCollectionKey: { [items.key.hash]: hash }, SizeEstimateRangeGB: [least, least + 1] };
}
