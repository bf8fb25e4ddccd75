import { defineOperation } from '../../../define-operation.js';
import { consumed } from '../capacity.js';
import { PAGE } from '../constraints.js';
import { invalid } from '../dynamodb-errors.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import { checkMembers } from '../expression-members.js';
import { Bindings } from '../expressions/bindings.js';
import { compileCondition, compileProjection, pathsOfCondition } from '../expressions/compile.js';
import { placeOf, segmentBounds } from '../key-order.js';
import { checkKeyPaths } from '../key-paths.js';
import { joined, readComparisons, refuseLoneOperator } from '../legacy/comparison.js';
import { checkSelect, checkStartKey, fetchesFrom, indexOf, startKeyValues } from '../page-request.js';
import { attributesToGet } from '../projection-paths.js';
import { readPage } from '../read-page.js';
import type { Item } from '../value.js';

export const scan = defineOperation('dynamodb', 'Scan').as({
  constraints: { ...PAGE, TotalSegments: { range: [1, 1_000_000] }, Segment: { range: [0, 999_999] } },
  run(state: DynamoDbState, input, context) {
    checkMembers(
      input,
      ['ProjectionExpression', 'FilterExpression'],
      ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'],
    );
    refuseLoneOperator(input.ConditionalOperator, input.ScanFilter);
    const older = input.ScanFilter && joined(readComparisons(input.ScanFilter), input.ConditionalOperator);
    const names = input.AttributesToGet && attributesToGet(input.AttributesToGet);
    const startKey = startKeyValues(input.ExclusiveStartKey);
    checkSegments(input);
    checkSelect(input);
    const bindings = new Bindings(input.ExpressionAttributeNames, input.ExpressionAttributeValues);
    const { FilterExpression: filterText, ProjectionExpression: projection } = input;
    const filter = filterText === undefined ? older : compileCondition('FilterExpression', filterText, bindings);
    const paths = projection === undefined ? names : compileProjection(projection, bindings);
    bindings.refuseUnused();
    const table = state.table(input.TableName, context);
    const { items } = table;
    const index = indexOf(items, input);
    checkStartKey(items, index, startKey, index ? undefined : SCHEMA_MISMATCH);
    const fetches = fetchesFrom(items, index, input, paths);
    const { Segment: segment = 0, TotalSegments: total = 1 } = input;
    const bounds = segmentBounds(segment, total);
    if (startKey) checkStartInSegment(startKey, index?.tree.key ?? items.key, bounds, input);
    if (paths) checkKeyPaths(items, paths);
    if (filterText !== undefined) checkKeyPaths(items, pathsOfCondition(filterText, bindings));
    const page = readPage({
      items,
      index,
      bounds,
      startKey,
      limit: input.Limit,
      filter,
      paths,
      fetches,
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

const SCHEMA_MISMATCH = 'The provided starting key is invalid: The provided key element does not match the schema';

interface Segments {
  Segment?: number | undefined;
  TotalSegments?: number | undefined;
}

function checkSegments({ Segment: segment, TotalSegments: total }: Segments): void {
  if (segment !== undefined && total === undefined) {
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (total === undefined) return;
  if (segment === undefined) {
    throw invalid(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (segment >= total) {
    throw invalid(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  }
}

function checkStartInSegment(
  startKey: Item,
  key: { hash: string; range?: string },
  bounds: { from: string; before: string },
  { Segment, TotalSegments }: Segments,
): void {
  const place = placeOf(startKey, key) ?? '';
  if (place >= bounds.from && place < bounds.before) return;
  throw invalid(
    `The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ${TotalSegments} Segment: ${Segment}`,
  );
}
