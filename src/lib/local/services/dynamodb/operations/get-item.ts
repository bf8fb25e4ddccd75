import { defineOperation } from '../../../define-operation.js';
import { consumed, readUnits } from '../capacity.js';
import { storedItem } from '../check-values.js';
import { READ } from '../constraints.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import { checkMembers } from '../expression-members.js';
import { projectItem } from '../expressions/document-path.js';
import { checkKeyPaths } from '../key-paths.js';
import { projectionPaths } from '../projection-paths.js';

export const getItem = defineOperation('dynamodb', 'GetItem').as({
  constraints: READ,
  run(state: DynamoDbState, input, context) {
    checkMembers(input, ['ProjectionExpression'], ['AttributesToGet']);
    const key = storedItem(input.Key);
    const paths = projectionPaths(input);
    const table = state.table(input.TableName, context);
    const place = table.items.placeOfKey(key);
    if (paths) checkKeyPaths(table.items, paths);
    const stored = table.items.get(place);
    const units = () => ({
      table: readUnits(stored?.bytes ?? 0, input.ConsistentRead ?? false),
      indexes: new Map<string, number>(),
    });
    table.pay('read', units);
    return {
      Item: stored && (paths ? projectItem(stored.item, paths) : stored.item),
      ConsumedCapacity: consumed(table.items, input.TableName, input.ReturnConsumedCapacity, units),
    };
  },
});
