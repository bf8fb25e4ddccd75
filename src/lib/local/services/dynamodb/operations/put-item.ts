import { defineOperation } from '../../../define-operation.js';
import { consumed, unitsOfWrite } from '../capacity.js';
import { storedItem } from '../check-values.js';
import { collectionMetrics } from '../collection-metrics.js';
import { WRITE } from '../constraints.js';
import { invalid } from '../dynamodb-errors.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import { checkMembers } from '../expression-members.js';
import { Bindings } from '../expressions/bindings.js';
import { sizedItem } from '../table-items.js';
import { checkCondition, conditionOf } from '../write-conditions.js';

export const putItem = defineOperation('dynamodb', 'PutItem').as({
  constraints: WRITE,
  run(state: DynamoDbState, input, context) {
    checkMembers(input, ['ConditionExpression'], ['Expected', 'ConditionalOperator']);
    const item = storedItem(input.Item);
    if (input.ReturnValues !== undefined && input.ReturnValues !== 'ALL_OLD' && input.ReturnValues !== 'NONE') {
      throw invalid('ReturnValues can only be ALL_OLD or NONE');
    }
    const bindings = new Bindings(input.ExpressionAttributeNames, input.ExpressionAttributeValues);
    const condition = conditionOf(input, bindings);
    bindings.refuseUnused();
    const table = state.table(input.TableName, context);
    const place = table.items.placeOfItem(item);
    const after = sizedItem(place, item);
    const before = table.items.get(place);
    table.pay('write', () => unitsOfWrite(table.items, { before, after }));
    checkCondition(condition, before, input);
    const change = table.write(place, after);
    return {
      Attributes: input.ReturnValues === 'ALL_OLD' ? change.before?.item : undefined,
      ConsumedCapacity: consumed(table.items, input.TableName, input.ReturnConsumedCapacity, () =>
        unitsOfWrite(table.items, change),
      ),
      ItemCollectionMetrics: collectionMetrics(table, item, input.ReturnItemCollectionMetrics),
    };
  },
});
