import { defineOperation } from '../../../define-operation.js';
import { consumed, unitsOfWrite } from '../capacity.js';
import { storedItem } from '../check-values.js';
import { collectionMetrics } from '../collection-metrics.js';
import { WRITE } from '../constraints.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import { checkMembers } from '../expression-members.js';
import { Bindings } from '../expressions/bindings.js';
import { type DocumentPath, projectItem } from '../expressions/document-path.js';
import { afterUpdate, checkUpdatePaths, updateOf } from '../item-update.js';
import type { Change } from '../table-items.js';
import type { Item } from '../value.js';
import { checkCondition, conditionOf } from '../write-conditions.js';

export const updateItem = defineOperation('dynamodb', 'UpdateItem').as({
  constraints: WRITE,
  run(state: DynamoDbState, input, context) {
    checkMembers(
      input,
      ['UpdateExpression', 'ConditionExpression'],
      ['AttributeUpdates', 'Expected', 'ConditionalOperator'],
    );
    const key = storedItem(input.Key);
    const bindings = new Bindings(input.ExpressionAttributeNames, input.ExpressionAttributeValues);
    const update = updateOf(input, bindings);
    const condition = conditionOf(input, bindings);
    bindings.refuseUnused();
    const table = state.table(input.TableName, context);
    const place = table.items.placeOfKey(key);
    if (update) checkUpdatePaths(table.items, update);
    const before = table.items.get(place);
    checkCondition(condition, before, input);
    const after =
      before || !onlyDeletes(input.AttributeUpdates)
        ? afterUpdate(table.items, { place, key, before, update })
        : undefined;
    table.pay('write', () => unitsOfWrite(table.items, { before, after }));
    const change = table.write(place, after);
    return {
      Attributes: returned(input.ReturnValues, change, update?.paths ?? []),
      ConsumedCapacity: consumed(table.items, input.TableName, input.ReturnConsumedCapacity, () =>
        unitsOfWrite(table.items, change),
      ),
      ItemCollectionMetrics: collectionMetrics(table, key, input.ReturnItemCollectionMetrics),
    };
  },
});

/**
 * The older DELETE makes no item, where REMOVE of an expression does.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.AttributeUpdates.html
 */
const onlyDeletes = (updates: Readonly<Record<string, { Action?: string | undefined }>> | undefined): boolean =>
  updates !== undefined &&
  Object.values(updates).length > 0 &&
  Object.values(updates).every(({ Action }) => Action === 'DELETE');

/** With UPDATED_OLD and UPDATED_NEW only what the update writes; nothing of it there is no answer. */
function returned(
  wanted: string | undefined,
  { before, after }: Change,
  paths: readonly DocumentPath[],
): Item | undefined {
  switch (wanted) {
    case 'ALL_OLD':
      return before?.item;
    case 'ALL_NEW':
      return after?.item;
    case 'UPDATED_OLD':
      return before && unlessEmpty(projectItem(before.item, paths));
    case 'UPDATED_NEW':
      return after && unlessEmpty(projectItem(after.item, paths));
    default:
      return undefined;
  }
}

const unlessEmpty = (item: Item): Item | undefined => (Object.keys(item).length > 0 ? item : undefined);
