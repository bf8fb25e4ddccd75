// Capacity units: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
import type { StoredItem } from './item-tree.js';
import { projected } from './project-index.js';
import type { Change, SecondaryIndex, TableItems } from './table-items.js';
import { itemBytes, sameMap } from './value.js';

const READ_BYTES = 4096;
const WRITE_BYTES = 1024;

/** What a request took, of the table and of each index that it touched. */
export interface Units {
  table: number;
  indexes: Map<string, number>;
}

/** Of bytes read together; what is not there counts as the least. */
export const readUnits = (bytes: number, isConsistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / READ_BYTES)) * (isConsistent ? 1 : 0.5);

const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / WRITE_BYTES));

/** Of one write: the greater of the item before and after, and of each index what changes in it. A change of an index's key is two writes. */
export function unitsOfWrite(items: TableItems, { before, after }: Change): Units {
  const indexes = new Map<string, number>();
  for (const index of items.indexes.values()) {
    const units = unitsOfIndex(items.key, index, before, after);
    if (units > 0) indexes.set(index.name, units);
  }
  return { table: writeUnits(Math.max(before?.bytes ?? 0, after?.bytes ?? 0)), indexes };
}

function unitsOfIndex(
  tableKey: TableItems['key'],
  index: SecondaryIndex,
  before: StoredItem | undefined,
  after: StoredItem | undefined,
): number {
  const [from, to] = [before && index.tree.placeOf(before), after && index.tree.placeOf(after)];
  const old = from !== undefined && before ? projected(before.item, index, tableKey) : undefined;
  const fresh = to !== undefined && after ? projected(after.item, index, tableKey) : undefined;
  if (old && fresh && from === to) {
    return sameMap(old, fresh) ? 0 : writeUnits(Math.max(itemBytes(old), itemBytes(fresh)));
  }
  return (old ? writeUnits(itemBytes(old)) : 0) + (fresh ? writeUnits(itemBytes(fresh)) : 0);
}

/** Adds up what several parts of one request took of one table. */
export function addUnits(sum: Units, { table, indexes }: Units): Units {
  sum.table += table;
  for (const [name, units] of indexes) sum.indexes.set(name, (sum.indexes.get(name) ?? 0) + units);
  return sum;
}

/** `ConsumedCapacity` as a request asks for it: TOTAL, INDEXES or nothing. */
export function consumed(
  items: TableItems,
  name: string,
  wanted: string | undefined,
  take: () => Units,
  kind?: 'ReadCapacityUnits' | 'WriteCapacityUnits',
) {
  if (wanted !== 'TOTAL' && wanted !== 'INDEXES') return undefined;
  const { table, indexes } = take();
  const of = (units: number) => ({ CapacityUnits: units, ...(kind && { [kind]: units }) });
  const total = of(table + [...indexes.values()].reduce((sum, units) => sum + units, 0));
  if (wanted === 'TOTAL') return { TableName: name, ...total };
  const listed = (isGlobal: boolean) => {
    const ours = [...indexes].filter(([index]) => (items.indexes.get(index)?.isGlobal ?? true) === isGlobal);
    return ours.length > 0 ? Object.fromEntries(ours.map(([index, units]) => [index, of(units)])) : undefined;
  };
  return {
    TableName: name,
    ...total,
    Table: of(table),
    LocalSecondaryIndexes: listed(false),
    GlobalSecondaryIndexes: listed(true),
  };
}
