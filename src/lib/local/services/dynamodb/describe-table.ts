// A table as DynamoDB describes it: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html
import type { TableDescription } from '@aws-sdk/client-dynamodb';
import type { Answer } from '../../wire/handlers.js';
import type { KeyAttributes } from './key-order.js';
import type { Table } from './table.js';
import type { SecondaryIndex, Throughput } from './table-items.js';

type Described = Answer<TableDescription>;

export function describeTable(table: Table): Described {
  const { items, status, billing } = table;
  const isGone = status === 'DELETING';
  const indexes = [...items.indexes.values()];
  const local = indexes.filter(({ isGlobal }) => !isGlobal).map((index) => describeIndex(table, index));
  const global = indexes.filter(({ isGlobal }) => isGlobal).map((index) => describeGlobalIndex(table, index));
  return {
    TableName: table.name,
    TableArn: table.arn,
    TableId: table.id,
    TableStatus: status,
    CreationDateTime: new Date(table.createdMs),
    AttributeDefinitions: [...items.types].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: schemaOf(items.key),
    ItemCount: items.tree.size,
    TableSizeBytes: items.tree.bytes,
    ProvisionedThroughput: describeThroughput(table.throughput),
    ...(billing.onDemandSinceMs !== undefined && {
      BillingModeSummary: {
        BillingMode: billing.mode,
        LastUpdateToPayPerRequestDateTime: new Date(billing.onDemandSinceMs),
      },
    }),
    ...(table.onDemand && { OnDemandThroughput: table.onDemand }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    ...(global.length > 0 && !isGone && { GlobalSecondaryIndexes: global }),
    ...(table.tableClass !== undefined && { TableClassSummary: { TableClass: table.tableClass as 'STANDARD' } }),
    ...(table.kmsKeyArn !== undefined && {
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: table.kmsKeyArn },
    }),
    ...(table.stream && { LatestStreamArn: table.stream.arn, LatestStreamLabel: table.stream.label }),
    ...(table.stream?.status === 'ENABLED' && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: table.stream.view },
    }),
    DeletionProtectionEnabled: table.isProtected,
  };
}

const schemaOf = ({ hash, range }: KeyAttributes) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
];

function describeIndex({ arn }: Table, { name, tree, projection }: SecondaryIndex) {
  return {
    IndexName: name,
    IndexArn: `${arn}/index/${name}`,
    KeySchema: schemaOf(tree.key),
    Projection: {
      ProjectionType: projection.type,
      ...(projection.type === 'INCLUDE' && { NonKeyAttributes: [...projection.attributes] }),
    },
    ItemCount: tree.size,
    IndexSizeBytes: tree.bytes,
  };
}

const describeGlobalIndex = (table: Table, index: SecondaryIndex) => ({
  ...describeIndex(table, index),
  IndexStatus: index.status,
  ...(index.status === 'CREATING' && table.status !== 'CREATING' && { Backfilling: true }),
  ProvisionedThroughput: describeThroughput(index.throughput),
});

const describeThroughput = ({ read, write, increasedMs, decreasedMs, decreasesToday }: Throughput) => ({
  ReadCapacityUnits: read,
  WriteCapacityUnits: write,
  ...(increasedMs !== undefined && { LastIncreaseDateTime: new Date(increasedMs) }),
  ...(decreasedMs !== undefined && { LastDecreaseDateTime: new Date(decreasedMs) }),
  NumberOfDecreasesToday: decreasesToday,
});
