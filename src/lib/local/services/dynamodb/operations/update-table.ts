import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { INDEX_UPDATES, TABLE } from '../constraints.js';
import { describeTable } from '../describe-table.js';
import { inUse, invalid, invalidValues } from '../dynamodb-errors.js';
import type { DynamoDbState } from '../dynamodb-state.js';
import { changeIndexes, type IndexUpdate } from '../index-updates.js';
import { kmsKeyOf } from '../sse.js';
import { checkStreamChange, disableStream, enableStream, viewOf } from '../stream-settings.js';
import type { BillingMode, Table } from '../table.js';
import type { Throughput } from '../table-items.js';
import { checkBounds, type SentThroughput, throughputOf } from '../table-schema.js';

/** UPDATING at once, the change and ACTIVE a moment later. */
export const updateTable = defineOperation('dynamodb', 'UpdateTable').as({
  constraints: {
    BillingMode: TABLE.BillingMode,
    ProvisionedThroughput: TABLE.ProvisionedThroughput,
    GlobalSecondaryIndexUpdates: INDEX_UPDATES,
    StreamSpecification: TABLE.StreamSpecification,
    TableClass: TABLE.TableClass,
  },
  notHere: ['ReplicaUpdates', 'VectorIndexUpdates', 'GlobalTableWitnessUpdates', 'MultiRegionConsistency'],
  run(state: DynamoDbState, input, context) {
    const updates = (input.GlobalSecondaryIndexUpdates ?? []) as IndexUpdate[];
    refuseNothing({ ...input, GlobalSecondaryIndexUpdates: updates.length > 0 ? updates : undefined });
    const table = state.anyTable(input.TableName, context);
    if (table.status !== 'ACTIVE') {
      throw inUse(
        `Attempt to change a resource which is still in use: Table is being ${DOING[table.status]}: ${table.name}`,
      );
    }
    const stream = input.StreamSpecification;
    const view = viewOf(stream);
    if (stream) checkStreamChange(table, view);
    const mode = (input.BillingMode ?? table.billing.mode) as BillingMode;
    const units = input.ProvisionedThroughput;
    checkBilling(table, mode, units, updates);
    const change = changeIndexes(table, {
      updates,
      definitions: input.AttributeDefinitions,
      isOnDemand: mode === 'PAY_PER_REQUEST',
    });
    if (mode === 'PAY_PER_REQUEST' && table.billing.mode !== mode) {
      table.billing = { mode, onDemandSinceMs: state.nowMs };
      table.throughput = throughputOf(undefined);
      for (const index of table.items.indexes.values()) index.throughput = throughputOf(undefined);
    } else if (units) {
      table.billing = { ...table.billing, mode };
      table.throughput = changedThroughput(table.throughput, units, state.nowMs);
    }
    if (stream && view) enableStream(state, table, view, context.region);
    else if (stream) disableStream(table);
    table.isProtected = input.DeletionProtectionEnabled ?? table.isProtected;
    table.tableClass = input.TableClass ?? table.tableClass;
    table.onDemand = input.OnDemandThroughput ?? table.onDemand;
    if (input.SSESpecification) table.kmsKeyArn = kmsKeyOf(input.SSESpecification, context);
    table.status = 'UPDATING';
    state.settle(table, () => {
      change();
      table.status = 'ACTIVE';
    });
    return { TableDescription: describeTable(table) };
  },
});

const DOING = { CREATING: 'created', UPDATING: 'updated', DELETING: 'deleted', ACTIVE: 'used' } as const;

function refuseNothing(input: Readonly<Record<string, unknown>>): void {
  const settings = [
    'ProvisionedThroughput',
    'BillingMode',
    'StreamSpecification',
    'GlobalSecondaryIndexUpdates',
    'SSESpecification',
    'TableClass',
    'DeletionProtectionEnabled',
    'OnDemandThroughput',
    'WarmThroughput',
  ];
  if (settings.some((name) => input[name] !== undefined)) return;
  throw invalid(
    'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
  );
}

function checkBilling(
  table: Table,
  mode: BillingMode,
  units: SentThroughput | undefined,
  updates: readonly IndexUpdate[],
): void {
  if (mode === 'PAY_PER_REQUEST') {
    if (!units) return;
    throw invalidValues(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  const isSwitched = table.billing.mode !== mode;
  if (isSwitched && !units) {
    throw invalidValues('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
  }
  if (isSwitched) {
    const given = new Set(updates.map(({ Update }) => Update?.IndexName));
    const missing = [...table.items.indexes.values()].filter(({ isGlobal, name }) => isGlobal && !given.has(name));
    if (missing.length > 0) {
      throw invalidValues(
        `ProvisionedThroughput must be specified for index: ${missing.map(({ name }) => name).join(',')}`,
      );
    }
  }
  if (!units) return;
  checkBounds(units);
  const { read, write } = table.throughput;
  if (isSwitched || units.ReadCapacityUnits !== read || units.WriteCapacityUnits !== write) return;
  throw new AwsError(
    'ValidationException',
    `The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: ${read}. Requested ReadCapacityUnits: ${units.ReadCapacityUnits}. Current WriteCapacityUnits provisioned for the table: ${write}. Requested WriteCapacityUnits: ${units.WriteCapacityUnits}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
  );
}

/** The units of a table or an index after a change, with when they went up and down. */
function changedThroughput(before: Throughput, units: SentThroughput, nowMs: number): Throughput {
  const { read, write, decreasesToday } = throughputOf(units);
  const isLess = read < before.read || write < before.write;
  return {
    ...before,
    read,
    write,
    ...((read > before.read || write > before.write) && { increasedMs: nowMs }),
    ...(isLess && { decreasedMs: nowMs }),
    decreasesToday: isLess ? before.decreasesToday + 1 : before.decreasesToday + decreasesToday,
  };
}
