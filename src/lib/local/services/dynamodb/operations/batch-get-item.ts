import { defineOperation } from '../../../define-operation.js';
import { checkCount, NamedOnce } from '../batch-constraints.js';
import { addUnits, consumed, readUnits, type Units } from '../capacity.js';
import { storedItem } from '../check-values.js';
import { BATCH } from '../constraints.js';
import { invalid } from '../dynamodb-errors.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import { checkMembers } from '../expression-members.js';
import { projectItem } from '../expressions/document-path.js';
import { checkKeyPaths } from '../key-paths.js';
import { projectionPaths } from '../projection-paths.js';
import { isExceeded } from '../throughput-meter.js';
import type { Item } from '../value.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const MOST_KEYS = 100;
const MOST_BYTES = 16 * 1024 * 1024;

export const batchGetItem = defineOperation('dynamodb', 'BatchGetItem').as({
  constraints: { ReturnConsumedCapacity: BATCH.ReturnConsumedCapacity },
  run(state: DynamoDbState, input, context) {
    const requests = Object.entries(input.RequestItems);
    checkCount('RequestItems', requests.length, [1, Number.POSITIVE_INFINITY]);
    for (const [name, { Keys }] of requests) {
      checkCount(`RequestItems.${name}.member.Keys`, Keys.length, [1, MOST_KEYS]);
    }
    if (requests.reduce((sum, [, { Keys }]) => sum + Keys.length, 0) > MOST_KEYS) {
      throw invalid('Too many items requested for the BatchGetItem call');
    }
    const asked = requests.map(([name, request]) => {
      checkMembers(request, ['ProjectionExpression'], ['AttributesToGet']);
      return { name, request, keys: request.Keys.map((key) => storedItem(key)), paths: projectionPaths(request) };
    });
    const once = new NamedOnce();
    const reads = asked.map(({ name, request, keys, paths }) => {
      const table = state.table(name, context);
      if (paths) checkKeyPaths(table.items, paths);
      const places = keys.map((key) => table.items.placeOfKey(key));
      for (const place of places) once.add(table.name, place);
      return { name, request, table, paths, places };
    });
    let bytes = 0;
    let refusal: unknown;
    let done = 0;
    const Responses: Record<string, Item[]> = {};
    const UnprocessedKeys: typeof input.RequestItems = {};
    const ConsumedCapacity = reads.flatMap(({ name, request, table, paths, places }) => {
      const units: Units = { table: 0, indexes: new Map() };
      const found: Item[] = [];
      const left: typeof request.Keys = [];
      places.forEach((place, index) => {
        const stored = table.items.get(place);
        if (bytes + (stored?.bytes ?? 0) > MOST_BYTES) {
          left.push(request.Keys[index] ?? {});
          return;
        }
        const needed: Units = {
          table: readUnits(stored?.bytes ?? 0, request.ConsistentRead ?? false),
          indexes: new Map(),
        };
        try {
          table.pay('read', () => needed);
        } catch (error) {
          if (!isExceeded(error)) throw error;
          refusal = error;
          left.push(request.Keys[index] ?? {});
          return;
        }
        done += 1;
        bytes += stored?.bytes ?? 0;
        addUnits(units, needed);
        if (stored) found.push(paths ? projectItem(stored.item, paths) : stored.item);
      });
      Responses[name] = found;
      if (left.length > 0) UnprocessedKeys[name] = { ...request, Keys: left };
      return consumed(table.items, name, input.ReturnConsumedCapacity, () => units) ?? [];
    });
    if (done === 0 && refusal !== undefined) throw refusal;
    return { Responses, UnprocessedKeys, ...(ConsumedCapacity.length > 0 && { ConsumedCapacity }) };
  },
});
