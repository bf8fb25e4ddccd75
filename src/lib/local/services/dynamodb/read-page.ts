// A page of a table or an index, as Query and Scan read it.
import { readUnits, type Units } from './capacity.js';
import type { Predicate } from './expressions/bind-condition.js';
import { type DocumentPath, projectItem } from './expressions/document-path.js';
import type { StoredItem } from './item-tree.js';
import { placeOf } from './key-order.js';
import type { Bounds } from './key-range.js';
import { pickAttributes, projected, projectedNames } from './project-index.js';
import { attributesOf, type SecondaryIndex, type TableItems } from './table-items.js';
import { type Item, itemBytes } from './value.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html: a page ends at 1 MB, before it is filtered. */
const PAGE_BYTES = 1024 * 1024;

export interface PageRequest {
  items: TableItems;
  index: SecondaryIndex | undefined;
  bounds: Bounds;
  backwards?: boolean;
  /** The key of the last item of the page before. */
  startKey: Item | undefined;
  limit: number | undefined;
  filter: Predicate | undefined;
  paths: readonly DocumentPath[] | undefined;
  /** Whether attributes that a local index does not have are fetched from the table. */
  fetches: boolean;
  countsOnly: boolean;
  isConsistent: boolean;
}

export interface Page {
  items: Item[];
  count: number;
  scannedCount: number;
  /** Undefined if nothing is left to read. */
  lastKey: Item | undefined;
  units(): Units;
}

export function readPage(request: PageRequest): Page {
  const { items, index, filter, limit = Number.POSITIVE_INFINITY, paths } = request;
  const tree = index?.tree ?? items.tree;
  const isPartial = index !== undefined && index.projection.type !== 'ALL';
  const page: Item[] = [];
  let [count, scannedCount, bytes, fetchedBytes] = [0, 0, 0, 0];
  let last: StoredItem | undefined;
  let isFull = false;
  for (const stored of tree.range(rangeOf(request))) {
    if (scannedCount >= limit || bytes >= PAGE_BYTES) {
      isFull = true;
      break;
    }
    const held = isPartial ? projected(stored.item, index, items.key) : stored.item;
    bytes += isPartial ? itemBytes(held) : stored.bytes;
    if (isPartial && request.fetches) fetchedBytes += stored.bytes;
    scannedCount += 1;
    last = stored;
    const item = isPartial && request.fetches ? stored.item : held;
    if (filter && !filter(item)) continue;
    count += 1;
    if (!request.countsOnly) page.push(paths ? projectItem(item, paths) : item);
  }
  // Whoever stops at the last item does not know that it is the last one.
  isFull ||= scannedCount >= limit || bytes >= PAGE_BYTES;
  return {
    items: page,
    count,
    scannedCount,
    lastKey: isFull && last ? startKeyOf(last.item, request) : undefined,
    units: () => unitsOf(request, bytes, fetchedBytes),
  };
}

function rangeOf({ items, index, bounds, backwards = false, startKey }: PageRequest) {
  if (!startKey) return { ...bounds, backwards };
  const inTable = placeOf(startKey, items.key) ?? '';
  const after = index ? (placeOf(startKey, index.tree.key, inTable) ?? '') : inTable;
  return { ...bounds, backwards, after };
}

const startKeyOf = (item: Item, { items, index }: PageRequest): Item =>
  pickAttributes(item, startKeyNames(items, index));

/** The attributes of an ExclusiveStartKey: the table's key, and the index's. */
export const startKeyNames = ({ key }: TableItems, index: SecondaryIndex | undefined): Set<string> =>
  new Set([...attributesOf(key), ...(index ? attributesOf(index.tree.key) : [])]);

function unitsOf({ index, isConsistent }: PageRequest, bytes: number, fetchedBytes: number): Units {
  const units = readUnits(bytes, isConsistent);
  if (!index) return { table: units, indexes: new Map() };
  return {
    table: fetchedBytes > 0 ? readUnits(fetchedBytes, isConsistent) : 0,
    indexes: new Map([[index.name, units]]),
  };
}

/** Whether some of the wanted attributes are not in the index. */
export function lacking({ key }: TableItems, index: SecondaryIndex, paths: readonly DocumentPath[]): string[] {
  const names = projectedNames(index, key);
  return names ? paths.map(([head]) => String(head)).filter((head) => !names.includes(head)) : [];
}
