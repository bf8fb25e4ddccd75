import { defineOperation } from '../../../define-operation.js';
import { checkCount, NamedOnce } from '../batch-constraints.js';
import { addUnits, consumed, type Units, unitsOfWrite } from '../capacity.js';
import { type SentValue, storedItem } from '../check-values.js';
import { collectionMetrics } from '../collection-metrics.js';
import { BATCH } from '../constraints.js';
import { invalid, keyMismatch } from '../dynamodb-errors.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import type { StoredItem } from '../item-tree.js';
import type { Table } from '../table.js';
import { attributesOf, sizedItem } from '../table-items.js';
import { isExceeded } from '../throughput-meter.js';
import { type Item, kindOf } from '../value.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MOST_REQUESTS = 25;

interface SentWrite {
  PutRequest?: { Item: Readonly<Record<string, SentValue>> } | undefined;
  DeleteRequest?: { Key: Readonly<Record<string, SentValue>> } | undefined;
}

interface Write {
  /** The item to be put, or the key of the one to be deleted. */
  item: Item;
  isPut: boolean;
}

export const batchWriteItem = defineOperation('dynamodb', 'BatchWriteItem').as({
  constraints: BATCH,
  run(state: DynamoDbState, input, context) {
    const requests = Object.entries(input.RequestItems);
    checkCount('RequestItems', requests.length, [1, Number.POSITIVE_INFINITY]);
    for (const [name, writes] of requests) {
      checkCount(`RequestItems.${name}.member`, writes.length, [1, MOST_REQUESTS]);
    }
    if (requests.reduce((sum, [, writes]) => sum + writes.length, 0) > MOST_REQUESTS) {
      throw invalid('Too many items requested for the BatchWriteItem call');
    }
    const asked = requests.map(([name, writes]) => ({ name, writes: writes.map((write) => readWrite(write)) }));
    const once = new NamedOnce();
    const ready = asked.map(({ name, writes }) => {
      const table = state.table(name, context);
      const steps = writes.map((write) => {
        const step = prepare(table, write);
        once.add(table.name, step.place);
        return step;
      });
      return { name, table, steps };
    });
    const ItemCollectionMetrics: Record<string, NonNullable<ReturnType<typeof collectionMetrics>>[]> = {};
    const UnprocessedItems: typeof input.RequestItems = {};
    let refusal: unknown;
    let done = 0;
    const ConsumedCapacity = ready.flatMap(({ name, table, steps }) => {
      const units: Units = { table: 0, indexes: new Map() };
      const isCounted = input.ReturnConsumedCapacity !== undefined;
      steps.forEach(({ place, after, key }, index) => {
        try {
          table.pay('write', () => unitsOfWrite(table.items, { before: table.items.get(place), after }));
        } catch (error) {
          if (!isExceeded(error)) throw error;
          refusal = error;
          const request = input.RequestItems[name]?.[index];
          if (request) (UnprocessedItems[name] ??= []).push(request);
          return;
        }
        done += 1;
        const change = table.write(place, after);
        if (isCounted) addUnits(units, unitsOfWrite(table.items, change));
        const metrics = collectionMetrics(table, key, input.ReturnItemCollectionMetrics);
        if (metrics) (ItemCollectionMetrics[name] ??= []).push(metrics);
      });
      return consumed(table.items, name, input.ReturnConsumedCapacity, () => units) ?? [];
    });
    if (done === 0 && refusal !== undefined) throw refusal;
    return {
      UnprocessedItems,
      ...(Object.keys(ItemCollectionMetrics).length > 0 && { ItemCollectionMetrics }),
      ...(ConsumedCapacity.length > 0 && { ConsumedCapacity }),
    };
  },
});

/** @throws AwsError ValidationException */
function readWrite({ PutRequest: put, DeleteRequest: deletion }: SentWrite): Write {
  if ((put === undefined) === (deletion === undefined)) {
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  return { item: storedItem(put?.Item ?? deletion?.Key ?? {}), isPut: put !== undefined };
}

interface Step {
  place: string;
  key: Item;
  after: StoredItem | undefined;
}

/** @throws AwsError ValidationException; in a batch, what is wrong with a key has one sentence for puts and deletes */
function prepare({ items }: Table, { item, isPut }: Write): Step {
  if (!isPut) return { place: items.placeOfKey(item), key: item, after: undefined };
  if (attributesOf(items.key).some((name) => !hasType(item, name, items.types.get(name)))) throw keyMismatch();
  const place = items.placeOfItem(item);
  return { place, key: items.keyOf(item), after: sizedItem(place, item) };
}

function hasType(item: Item, name: string, type: string | undefined): boolean {
  const value = item[name];
  return value !== undefined && kindOf(value) === type;
}
