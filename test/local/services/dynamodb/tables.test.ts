import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';
import { COMPOSITE, type LocalDynamoDb, startDynamoDb } from './local-dynamodb.js';

// Time stands still: states in between last until a test moves it.
const clock = new DrivenClock(Date.UTC(2026, 0, 1));
let db: LocalDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb({ clock });
});
afterAll(() => db.close());

const describeTable = async (TableName: string) =>
  (await db.client.send(new DescribeTableCommand({ TableName }))).Table;
test('a table is CREATING, then ACTIVE, then DELETING, then gone', async () => {
  const created = await db.client.send(
    new CreateTableCommand({
      TableName: 'orders',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'N' },
      ],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-time',
          KeySchema: [{ AttributeName: 'at', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['color'] },
          ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
        },
      ],
      ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2 },
      Tags: [{ Key: 'team', Value: 'blue' }],
    }),
  );
  expect(created.TableDescription).toMatchObject({
    TableName: 'orders',
    TableArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/orders',
    TableStatus: 'CREATING',
    ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 2, NumberOfDecreasesToday: 0 },
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-time',
        IndexArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/orders/index/by-time',
        IndexStatus: 'CREATING',
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['color'] },
        ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
      },
    ],
  });
  const put = new PutItemCommand({ TableName: 'orders', Item: { pk: { S: 'a' } } });
  await expect(db.client.send(put)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found',
  });
  clock.advance(1000);
  expect((await describeTable('orders'))?.TableStatus).toBe('ACTIVE');
  await db.client.send(put);
  const arn = created.TableDescription?.TableArn ?? '';
  expect(await describeTable(arn)).toMatchObject({ ItemCount: 1, TableSizeBytes: 3 });
  const deleted = await db.client.send(new DeleteTableCommand({ TableName: 'orders' }));
  expect(deleted.TableDescription?.TableStatus).toBe('DELETING');
  clock.advance(1000);
  expect((await db.client.send(new ListTablesCommand({}))).TableNames).not.toContain('orders');
  await expect(describeTable('orders')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Requested resource not found: Table: orders not found',
  });
});

test('tables are listed by name, a page at a time', async () => {
  for (const name of ['list-b', 'list-a', 'list-c']) await db.create(name);
  const first = await db.client.send(new ListTablesCommand({ ExclusiveStartTableName: 'list', Limit: 2 }));
  expect(first).toMatchObject({ TableNames: ['list-a', 'list-b'], LastEvaluatedTableName: 'list-b' });
  const rest = await db.client.send(new ListTablesCommand({ ExclusiveStartTableName: 'list-b' }));
  expect(rest.TableNames).toEqual(['list-c']);
  expect(rest.LastEvaluatedTableName).toBeUndefined();
});

test('an index that is added holds what was there before; a deleted one is gone', async () => {
  await db.create('late', COMPOSITE);
  for (const at of ['3', '1', '2']) {
    const Item = { pk: { S: `p${at}` }, sk: { S: 'x' }, kind: { S: 'k' }, at: { N: at } };
    await db.client.send(new PutItemCommand({ TableName: 'late', Item }));
  }
  const create = new UpdateTableCommand({
    TableName: 'late',
    AttributeDefinitions: [
      { AttributeName: 'kind', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'N' },
    ],
    GlobalSecondaryIndexUpdates: [
      {
        Create: {
          IndexName: 'by-kind',
          KeySchema: [
            { AttributeName: 'kind', KeyType: 'HASH' },
            { AttributeName: 'at', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      },
    ],
  });
  const updated = await db.client.send(create);
  expect(updated.TableDescription).toMatchObject({
    TableStatus: 'UPDATING',
    GlobalSecondaryIndexes: [{ IndexName: 'by-kind', IndexStatus: 'CREATING', Backfilling: true }],
  });
  await expect(db.client.send(create)).rejects.toMatchObject({ name: 'ResourceInUseException' });
  const query = new QueryCommand({
    TableName: 'late',
    IndexName: 'by-kind',
    KeyConditionExpression: 'kind = :k',
    ExpressionAttributeValues: { ':k': { S: 'k' } },
  });
  await expect(db.client.send(query)).rejects.toMatchObject({
    message: 'Cannot read from backfilling global secondary index: by-kind',
  });
  clock.advance(1000);
  expect((await describeTable('late'))?.TableStatus).toBe('ACTIVE');
  expect((await db.client.send(query)).Items).toEqual(
    ['1', '2', '3'].map((at) => ({ pk: { S: `p${at}` }, sk: { S: 'x' }, kind: { S: 'k' }, at: { N: at } })),
  );
  await db.client.send(
    new UpdateTableCommand({
      TableName: 'late',
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-kind' } }],
    }),
  );
  clock.advance(1000);
  expect((await describeTable('late'))?.GlobalSecondaryIndexes).toBeUndefined();
  expect((await describeTable('late'))?.AttributeDefinitions?.map(({ AttributeName }) => AttributeName)).toEqual([
    'pk',
    'sk',
  ]);
});

test('a table changes between provisioned and on demand; a protected one cannot be deleted', async () => {
  await db.create('modes', {
    ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    BillingMode: 'PROVISIONED',
  });
  const change = async (input: Omit<ConstructorParameters<typeof UpdateTableCommand>[0], 'TableName'>) => {
    await db.client.send(new UpdateTableCommand({ TableName: 'modes', ...input }));
    clock.advance(1000);
    return describeTable('modes');
  };
  await expect(
    change({ ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } }),
  ).rejects.toMatchObject({
    message: expect.stringContaining('The provisioned throughput for the table will not change.'),
  });
  const less = await change({ ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 9 } });
  expect(less?.ProvisionedThroughput).toMatchObject({
    ReadCapacityUnits: 2,
    WriteCapacityUnits: 9,
    NumberOfDecreasesToday: 1,
  });
  expect(less?.BillingModeSummary).toBeUndefined();
  const onDemand = await change({ BillingMode: 'PAY_PER_REQUEST', DeletionProtectionEnabled: true });
  expect(onDemand).toMatchObject({
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    DeletionProtectionEnabled: true,
  });
  await expect(db.client.send(new DeleteTableCommand({ TableName: 'modes' }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('currently protected against deletion'),
  });
});

test.each([
  [
    { BillingMode: 'PROVISIONED' as const },
    'One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
  ],
  [
    { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
    'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
  ],
  [
    { KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' as const }] },
    'One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [other], AttributeDefinitions: [pk]',
  ],
  [
    { KeySchema: [{ AttributeName: 'pk', KeyType: 'RANGE' as const }] },
    'Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
  ],
  [
    { ...COMPOSITE, KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }] },
    'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
  ],
  [
    {
      LocalSecondaryIndexes: [
        {
          IndexName: 'loc',
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
          Projection: { ProjectionType: 'ALL' as const },
        },
      ],
    },
    'One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
  ],
  [
    {
      GlobalSecondaryIndexes: [
        {
          IndexName: 'glo',
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
          Projection: { ProjectionType: 'KEYS_ONLY' as const, NonKeyAttributes: ['a'] },
        },
      ],
    },
    'One or more parameter values were invalid: ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified',
  ],
])('CreateTable with %j is refused', async (input, message) => {
  await expect(db.create('refused', input)).rejects.toMatchObject({ name: 'ValidationException', message });
});

test('names are checked, and a name is taken once', async () => {
  await expect(db.create('x!')).rejects.toMatchObject({
    message:
      "2 validation errors detected: Value 'x!' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value 'x!' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
  });
  await db.create('once');
  await expect(db.create('once')).rejects.toMatchObject({
    name: 'ResourceInUseException',
    message: 'Table already exists: once',
  });
});
