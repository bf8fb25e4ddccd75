import { defineOperation } from '../../../define-operation.js';
import { consumed } from '../capacity.js';
import { PAGE } from '../constraints.js';
import { invalid } from '../dynamodb-errors.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import { checkMembers } from '../expression-members.js';
import { keyTests } from '../expressions/bind-key-condition.js';
import { Bindings } from '../expressions/bindings.js';
import { compileCondition, compileProjection, pathsOfCondition } from '../expressions/compile.js';
import { checkKeyPaths } from '../key-paths.js';
import { keyRange } from '../key-range.js';
import { joined, readComparisons, refuseLoneOperator } from '../legacy/comparison.js';
import { checkSelect, checkStartKey, fetchesFrom, indexOf, startKeyValues } from '../page-request.js';
import { attributesToGet } from '../projection-paths.js';
import { readPage } from '../read-page.js';
import { checkStartInRange } from '../start-in-range.js';
import { attributesOf } from '../table-items.js';

export const query = defineOperation('dynamodb', 'Query').as({
  constraints: PAGE,
  run(state: DynamoDbState, input, context) {
    checkMembers(
      input,
      ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'],
      [
        'AttributesToGet',
        'QueryFilter',
        'ConditionalOperator',
        // AWS takes the older form of the key's condition beside expressions that are not of the key.
        ...(input.KeyConditionExpression === undefined ? [] : ['KeyConditions']),
      ],
    );
    refuseLoneOperator(input.ConditionalOperator, input.QueryFilter);
    const older = input.QueryFilter && readComparisons(input.QueryFilter);
    const names = input.AttributesToGet && attributesToGet(input.AttributesToGet);
    const startKey = startKeyValues(input.ExclusiveStartKey);
    if (input.KeyConditionExpression === undefined && input.KeyConditions === undefined) {
      throw invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.');
    }
    checkSelect(input, '1 validation error detected: ');
    const bindings = new Bindings(input.ExpressionAttributeNames, input.ExpressionAttributeValues);
    const tests =
      input.KeyConditionExpression === undefined
        ? readComparisons(input.KeyConditions ?? {})
        : keyTests(input.KeyConditionExpression, bindings);
    const { FilterExpression: filterText, ProjectionExpression: projection } = input;
    const filter =
      filterText === undefined
        ? older && joined(older, input.ConditionalOperator)
        : compileCondition('FilterExpression', filterText, bindings);
    const paths = projection === undefined ? names : compileProjection(projection, bindings);
    bindings.refuseUnused();
    if (tests.size < 1 || tests.size > 2) throw invalid('Conditions can be of length 1 or 2 only');
    const table = state.table(input.TableName, context);
    const { items } = table;
    const index = indexOf(items, input);
    checkStartKey(items, index, startKey);
    const key = index?.tree.key ?? items.key;
    const bounds = keyRange(tests, key, items);
    if (startKey) checkStartInRange(items, { index, key: startKey, bounds, hasRange: tests.size > 1 });
    if (paths) checkKeyPaths(items, paths);
    const olderKey = older && attributesOf(key).find((name) => older.has(name));
    if (olderKey !== undefined) {
      throw invalid(`QueryFilter can only contain non-primary key attributes: Primary key attribute: ${olderKey}`);
    }
    if (filterText !== undefined) {
      const filterPaths = pathsOfCondition(filterText, bindings);
      const keyName = attributesOf(key).find((name) => filterPaths.some(([head]) => head === name));
      if (keyName !== undefined) {
        throw invalid(
          `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${keyName}`,
        );
      }
      checkKeyPaths(items, filterPaths);
    }
    const page = readPage({
      items,
      index,
      bounds,
      backwards: input.ScanIndexForward === false,
      startKey,
      limit: input.Limit,
      filter,
      paths,
      fetches: fetchesFrom(items, index, input, paths),
      countsOnly: input.Select === 'COUNT',
      isConsistent: input.ConsistentRead ?? false,
    });
    table.pay('read', page.units);
    return {
      ...(input.Select !== 'COUNT' && { Items: page.items }),
      Count: page.count,
      ScannedCount: page.scannedCount,
      LastEvaluatedKey: page.lastKey,
      ConsumedCapacity: consumed(items, input.TableName, input.ReturnConsumedCapacity, page.units),
    };
  },
});
