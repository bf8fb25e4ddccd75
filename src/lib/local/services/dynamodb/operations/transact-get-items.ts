import { defineOperation } from '../../../define-operation.js';
import { addUnits, consumed, readUnits, type Units } from '../capacity.js';
import { storedItem } from '../check-values.js';
import { BATCH } from '../constraints.js';
import { invalid } from '../dynamodb-errors.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import { projectItem } from '../expressions/document-path.js';
import { checkKeyPaths } from '../key-paths.js';
import { projectionPaths } from '../projection-paths.js';
import type { Table } from '../table.js';
import { MOST_ACTIONS, MOST_BYTES, refuseTwins, runAll, TIMES } from '../transaction.js';

export const transactGetItems = defineOperation('dynamodb', 'TransactGetItems').as({
  constraints: {
    ReturnConsumedCapacity: BATCH.ReturnConsumedCapacity,
    TransactItems: { min: 1, max: MOST_ACTIONS },
  },
  run(state: DynamoDbState, input, context) {
    const gets = input.TransactItems.map(({ Get: get }) => ({
      get,
      key: storedItem(get.Key),
      paths: projectionPaths(get),
      table: state.table(get.TableName, context),
    }));
    const found = runAll(gets, ({ get, key, paths, table }) => {
      const place = table.items.placeOfKey(key);
      if (paths) checkKeyPaths(table.items, paths);
      const stored = table.items.get(place);
      table.pay('read', () => ({ table: readUnits(stored?.bytes ?? 0, true) * TIMES, indexes: new Map() }));
      return { name: get.TableName, table, place, paths, stored };
    });
    refuseTwins(found.map(({ table, place }) => ({ table: table.name, place })));
    if (found.reduce((sum, { stored }) => sum + (stored?.bytes ?? 0), 0) > MOST_BYTES) {
      throw invalid('Collection size of all items in the transaction request cannot exceed 4MB');
    }
    const units = new Map<Table, { name: string; units: Units }>();
    for (const { name, table, stored } of found) {
      const sum = units.get(table) ?? { name, units: { table: 0, indexes: new Map() } };
      units.set(table, sum);
      addUnits(sum.units, { table: readUnits(stored?.bytes ?? 0, true) * TIMES, indexes: new Map() });
    }
    const ConsumedCapacity = [...units].flatMap(
      ([{ items }, sum]) =>
        consumed(items, sum.name, input.ReturnConsumedCapacity, () => sum.units, 'ReadCapacityUnits') ?? [],
    );
    return {
      Responses: found.map(({ stored, paths }) =>
        stored ? { Item: paths ? projectItem(stored.item, paths) : stored.item } : {},
      ),
      ...(ConsumedCapacity.length > 0 && { ConsumedCapacity }),
    };
  },
});
