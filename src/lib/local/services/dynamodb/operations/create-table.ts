import { randomUUID } from 'node:crypto';
import { defineOperation } from '../../../define-operation.js';
import { newTags } from '../../../kit/tags.js';
import { TABLE, TABLE_NAME } from '../constraints.js';
import { describeTable } from '../describe-table.js';
import { inUse } from '../dynamodb-errors.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import { kmsKeyOf } from '../sse.js';
import { enableStream, viewOf } from '../stream-settings.js';
import { Table } from '../table.js';
import { TableItems } from '../table-items.js';
import {
  checkTable,
  checkThroughput,
  keyOf,
  projectionOf,
  type SentIndex,
  throughputOf,
  typesOf,
} from '../table-schema.js';
import { TAG_RULES } from '../tag-rules.js';

/** CREATING at once, ACTIVE a moment later. */
export const createTable = defineOperation('dynamodb', 'CreateTable').as({
  constraints: { TableName: TABLE_NAME, ...TABLE },
  notHere: ['VectorIndexes', 'GlobalTableSourceArn', 'ResourcePolicy'],
  run(state: DynamoDbState, input, context) {
    const mode = input.BillingMode === 'PAY_PER_REQUEST' ? 'PAY_PER_REQUEST' : 'PROVISIONED';
    checkThroughput(mode, input.ProvisionedThroughput);
    checkTable({ ...input, BillingMode: mode });
    const tags = newTags(input.Tags, TAG_RULES);
    const view = viewOf(input.StreamSpecification);
    const tables = state.tables(context.region);
    if (tables.has(input.TableName)) throw inUse(`Table already exists: ${input.TableName}`);
    const items = new TableItems(keyOf(input.KeySchema), typesOf(input.AttributeDefinitions));
    const indexes: (SentIndex & { isGlobal: boolean })[] = [
      ...(input.GlobalSecondaryIndexes ?? []).map((index) => ({ ...index, isGlobal: true })),
      ...(input.LocalSecondaryIndexes ?? []).map((index) => ({ ...index, isGlobal: false })),
    ];
    for (const index of indexes) {
      items.addIndex({
        name: index.IndexName ?? '',
        isGlobal: index.isGlobal,
        key: keyOf(index.KeySchema),
        projection: projectionOf(index.Projection),
        status: 'CREATING',
        throughput: throughputOf(index.ProvisionedThroughput),
      });
    }
    const table = new Table({
      name: input.TableName,
      arn: state.arnOf(input.TableName, context),
      id: randomUUID(),
      createdMs: state.nowMs,
      items,
      billing: mode === 'PAY_PER_REQUEST' ? { mode, onDemandSinceMs: state.nowMs } : { mode },
      throughput: throughputOf(input.ProvisionedThroughput),
      onDemand: input.OnDemandThroughput,
      tableClass: input.TableClass,
      isProtected: input.DeletionProtectionEnabled ?? false,
      kmsKeyArn: kmsKeyOf(input.SSESpecification, context),
      tags,
      now: () => state.nowMs,
      isLimited: state.environment.limits !== 'off',
    });
    if (view) enableStream(state, table, view, context.region);
    tables.set(table.name, table);
    state.settle(table, () => {
      table.status = 'ACTIVE';
      for (const index of items.indexes.values()) index.status = 'ACTIVE';
    });
    return { TableDescription: describeTable(table) };
  },
});
