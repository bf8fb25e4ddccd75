import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMPOSITE, type LocalDynamoDb, startDynamoDb } from './local-dynamodb.js';

let db: LocalDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
  await db.create('items');
  await db.create('pairs', {
    ...COMPOSITE,
    AttributeDefinitions: [
      ...(COMPOSITE.AttributeDefinitions ?? []),
      { AttributeName: 'g', AttributeType: 'S' },
      { AttributeName: 'l', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'glo',
        KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['proj'] },
      },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'loc',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'l', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
});
afterAll(() => db.close());

const get = async (pk: string) =>
  (await db.client.send(new GetItemCommand({ TableName: 'items', Key: { pk: { S: pk } } }))).Item;
const update = (pk: string, input: Partial<UpdateItemCommandInput>) =>
  db.client.send(new UpdateItemCommand({ TableName: 'items', Key: { pk: { S: pk } }, ...input }));

test('every type of value comes back as it was sent', async () => {
  const Item = {
    pk: { S: 'types' },
    s: { S: 'ä\u{1F600}' },
    n: { N: '-12345678901234567890.123456789012345678' },
    b: { B: Uint8Array.of(0, 255) },
    yes: { BOOL: true },
    nothing: { NULL: true },
    ss: { SS: ['b', 'a'] },
    ns: { NS: ['3', '1'] },
    bs: { BS: [Uint8Array.of(1), Uint8Array.of(2)] },
    l: { L: [{ N: '1' }, { M: { deep: { S: '' } } }] },
    m: { M: { constructor: { S: 'not one' } } },
  };
  await db.client.send(new PutItemCommand({ TableName: 'items', Item }));
  expect(await get('types')).toEqual(Item);
});

test('attributes may be called as objects call their own', async () => {
  const send = (operation: string, body: string) =>
    fetch(db.endpoint.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
      body,
    });
  const item = '{"pk":{"S":"names"},"__proto__":{"S":"a"},"m":{"M":{"__proto__":{"N":"1"},"toString":{"BOOL":true}}}}';
  expect((await send('PutItem', `{"TableName":"items","Item":${item}}`)).status).toBe(200);
  const read = await send('GetItem', '{"TableName":"items","Key":{"pk":{"S":"names"}}}');
  expect(await read.text()).toBe(`{"Item":${item}}`);
});

test('a put answers the old item if asked, and replaces it whole', async () => {
  const put = (Item: object) =>
    db.client.send(new PutItemCommand({ TableName: 'items', Item: Item as never, ReturnValues: 'ALL_OLD' }));
  expect((await put({ pk: { S: 'old' }, a: { N: '1' } })).Attributes).toBeUndefined();
  expect((await put({ pk: { S: 'old' }, b: { N: '2' } })).Attributes).toEqual({ pk: { S: 'old' }, a: { N: '1' } });
  expect(await get('old')).toEqual({ pk: { S: 'old' }, b: { N: '2' } });
});

test('a condition that fails changes nothing, and returns the item if asked', async () => {
  const Item = { pk: { S: 'once' }, v: { N: '1' } };
  const put = new PutItemCommand({
    TableName: 'items',
    Item,
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  await db.client.send(put);
  await expect(db.client.send(put)).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    message: 'The conditional request failed',
    Item,
  });
  const remove = (value: string) =>
    db.client.send(
      new DeleteItemCommand({
        TableName: 'items',
        Key: { pk: { S: 'once' } },
        ConditionExpression: 'v = :v',
        ExpressionAttributeValues: { ':v': { N: value } },
        ReturnValues: 'ALL_OLD',
      }),
    );
  await expect(remove('2')).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined });
  expect((await remove('1')).Attributes).toEqual(Item);
  expect(await get('once')).toBeUndefined();
});

describe('an update', () => {
  test('creates the item, and answers what it wrote', async () => {
    const first = await update('up', {
      UpdateExpression: 'SET a = if_not_exists(a, :zero) + :one, #l = :list ADD tags :tags',
      ExpressionAttributeNames: { '#l': 'list' },
      ExpressionAttributeValues: {
        ':zero': { N: '0' },
        ':one': { N: '1' },
        ':list': { L: [{ S: 'x' }] },
        ':tags': { SS: ['t'] },
      },
      ReturnValues: 'UPDATED_NEW',
    });
    expect(first.Attributes).toEqual({ a: { N: '1' }, list: { L: [{ S: 'x' }] }, tags: { SS: ['t'] } });
    const second = await update('up', {
      UpdateExpression: 'SET #l[5] = :y REMOVE a',
      ExpressionAttributeNames: { '#l': 'list' },
      ExpressionAttributeValues: { ':y': { S: 'y' } },
      ReturnValues: 'ALL_NEW',
    });
    expect(second.Attributes).toEqual({
      pk: { S: 'up' },
      list: { L: [{ S: 'x' }, { S: 'y' }] },
      tags: { SS: ['t'] },
    });
    const third = await update('up', { UpdateExpression: 'REMOVE tags', ReturnValues: 'UPDATED_OLD' });
    expect(third.Attributes).toEqual({ tags: { SS: ['t'] } });
    const bare = await update('bare', { ReturnValues: 'ALL_NEW' });
    expect(bare.Attributes).toEqual({ pk: { S: 'bare' } });
  });

  test.each([
    [
      'SET pk = :v',
      'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
    ],
    ['SET a.b = :v', 'The document path provided in the update expression is invalid for update'],
    ['SET a = b', 'The provided expression refers to an attribute that does not exist in the item'],
    ['', 'Invalid UpdateExpression: The expression can not be empty;'],
  ])('with %j is refused', async (UpdateExpression, message) => {
    const values = UpdateExpression.includes(':v') ? { ExpressionAttributeValues: { ':v': { N: '1' } } } : {};
    await expect(update('bad', { UpdateExpression, ...values })).rejects.toMatchObject({
      name: 'ValidationException',
      message,
    });
  });
});

test('a projection returns the parts that it names', async () => {
  const Item = { pk: { S: 'proj' }, a: { M: { b: { N: '1' }, c: { N: '2' } } }, l: { L: [{ N: '0' }, { N: '1' }] } };
  await db.client.send(new PutItemCommand({ TableName: 'items', Item }));
  const read = (input: object) =>
    db.client.send(new GetItemCommand({ TableName: 'items', Key: { pk: { S: 'proj' } }, ...input }));
  expect((await read({ ProjectionExpression: 'a.b, l[1]' })).Item).toEqual({
    a: { M: { b: { N: '1' } } },
    l: { L: [{ N: '1' }] },
  });
  expect((await read({ AttributesToGet: ['l'] })).Item).toEqual({ l: Item.l });
  await expect(read({ ProjectionExpression: 'a', AttributesToGet: ['l'] })).rejects.toMatchObject({
    message:
      'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}',
  });
  await expect(read({ ProjectionExpression: 'pk.x' })).rejects.toMatchObject({
    message: "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk",
  });
});

// Measured against AWS by https://github.com/nubo-db/dynamodb-conformance (tests/tier1/putItem/indexConsumedCapacity.test.ts).
describe('consumed capacity of writes', () => {
  const put = async (Item: object) => {
    const answer = await db.client.send(
      new PutItemCommand({ TableName: 'pairs', Item: Item as never, ReturnConsumedCapacity: 'INDEXES' }),
    );
    return units(answer.ConsumedCapacity);
  };
  const units = (capacity: import('@aws-sdk/client-dynamodb').ConsumedCapacity | undefined) => [
    capacity?.CapacityUnits,
    capacity?.Table?.CapacityUnits,
    capacity?.GlobalSecondaryIndexes?.glo?.CapacityUnits,
    capacity?.LocalSecondaryIndexes?.loc?.CapacityUnits,
  ];
  const full = (pk: string) => ({
    pk: { S: pk },
    sk: { S: '1' },
    g: { S: 'g' },
    l: { S: 'L1' },
    proj: { S: 'p' },
    note: { S: 'o' },
  });

  test('of a put: the indexes that hold the item, and nothing for what they do not see', async () => {
    expect(await put({ pk: { S: 'c1' }, sk: { S: '1' } })).toEqual([1, 1, undefined, undefined]);
    expect(await put(full('c2'))).toEqual([3, 1, 1, 1]);
    expect(await put(full('c2'))).toEqual([1, 1, undefined, undefined]);
    expect(await put({ ...full('c3'), big: { S: 'x'.repeat(1500) } })).toEqual([5, 2, 1, 2]);
  });

  test.each([
    ['SET note = :v', [2, 1, undefined, 1]],
    ['SET proj = :v', [3, 1, 1, 1]],
    ['SET g = :v', [4, 1, 2, 1]],
    ['SET l = :v', [3, 1, undefined, 2]],
  ])('of an update: %s', async (UpdateExpression, expected) => {
    await put(full(UpdateExpression));
    const answer = await db.client.send(
      new UpdateItemCommand({
        TableName: 'pairs',
        Key: { pk: { S: UpdateExpression }, sk: { S: '1' } },
        UpdateExpression,
        ExpressionAttributeValues: { ':v': { S: 'new' } },
        ReturnConsumedCapacity: 'INDEXES',
        ReturnItemCollectionMetrics: 'SIZE',
      }),
    );
    expect(units(answer.ConsumedCapacity)).toEqual(expected);
    expect(answer.ItemCollectionMetrics).toEqual({
      ItemCollectionKey: { pk: { S: UpdateExpression } },
      SizeEstimateRangeGB: [0, 1],
    });
  });

  test('of a read: by its consistency', async () => {
    const read = async (ConsistentRead: boolean, pk: string) =>
      (
        await db.client.send(
          new GetItemCommand({
            TableName: 'items',
            Key: { pk: { S: pk } },
            ConsistentRead,
            ReturnConsumedCapacity: 'TOTAL',
          }),
        )
      ).ConsumedCapacity;
    expect(await read(false, 'nobody')).toEqual({ TableName: 'items', CapacityUnits: 0.5 });
    await db.client.send(
      new PutItemCommand({ TableName: 'items', Item: { pk: { S: 'big' }, x: { S: 'x'.repeat(5000) } } }),
    );
    expect((await read(true, 'big'))?.CapacityUnits).toBe(2);
  });
});

describe('what is refused', () => {
  const put = (Item: object, more: object = {}) =>
    db.client.send(new PutItemCommand({ TableName: 'items', Item: Item as never, ...more }));

  test.each([
    [{ a: { S: 'x' } }, {}, 'One or more parameter values were invalid: Missing the key pk in the item'],
    [
      { pk: { N: '1' } },
      {},
      'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
    ],
    [
      { pk: { S: '' } },
      {},
      'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
    ],
    [
      { pk: { S: 'x'.repeat(2049) } },
      {},
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    ],
    [{ pk: { S: 'x' }, a: { N: 'one' } }, {}, 'The parameter cannot be converted to a numeric value: one'],
    [
      { pk: { S: 'x' }, a: {} },
      {},
      'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    ],
    [{ pk: { S: 'x' }, a: { S: 'x'.repeat(400 * 1024) } }, {}, 'Item size has exceeded the maximum allowed size'],
    [{ pk: { S: 'x' } }, { ReturnValues: 'ALL_NEW' }, 'ReturnValues can only be ALL_OLD or NONE'],
    [
      { pk: { S: 'x' } },
      { ReturnConsumedCapacity: 'SOME' },
      "1 validation error detected: Value 'SOME' at 'returnConsumedCapacity' failed to satisfy constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
    ],
    [
      { pk: { S: 'x' } },
      { ExpressionAttributeNames: { '#a': 'a' } },
      'ExpressionAttributeNames can only be specified when using expressions',
    ],
    [
      { pk: { S: 'x' } },
      { ConditionExpression: 'a = :a', ExpressionAttributeValues: { ':a': { S: '' }, ':b': { S: '' } } },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}',
    ],
  ])('PutItem %j %j', async (item, more, message) => {
    await expect(put(item, more)).rejects.toMatchObject({ name: 'ValidationException', message });
  });

  test("a key that is not the table's, and a table that is not there", async () => {
    const read = (TableName: string, Key: object) =>
      db.client.send(new GetItemCommand({ TableName, Key: Key as never }));
    const message = 'The provided key element does not match the schema';
    await expect(read('items', { pk: { S: 'a' }, x: { S: 'b' } })).rejects.toMatchObject({ message });
    await expect(read('items', { pk: { N: '1' } })).rejects.toMatchObject({ message });
    await expect(read('nowhere', { pk: { S: 'a' } })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Requested resource not found',
    });
    await expect(read('no', { pk: { S: 'a' } })).rejects.toMatchObject({
      message:
        "1 validation error detected: Value 'no' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
    });
  });
});

describe('batches', () => {
  test('write and read many items of several tables', async () => {
    const written = await db.client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          items: [
            { PutRequest: { Item: { pk: { S: 'b1' }, v: { N: '1' } } } },
            { DeleteRequest: { Key: { pk: { S: 'b0' } } } },
          ],
          pairs: [{ PutRequest: { Item: { pk: { S: 'b1' }, sk: { S: 's' } } } }],
        },
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(written).toMatchObject({
      UnprocessedItems: {},
      ConsumedCapacity: [
        { TableName: 'items', CapacityUnits: 2 },
        { TableName: 'pairs', CapacityUnits: 1 },
      ],
    });
    const read = await db.client.send(
      new BatchGetItemCommand({
        RequestItems: {
          items: { Keys: [{ pk: { S: 'b1' } }, { pk: { S: 'b0' } }], ProjectionExpression: 'v' },
          pairs: { Keys: [{ pk: { S: 'b1' }, sk: { S: 's' } }] },
        },
      }),
    );
    expect(read.Responses).toEqual({ items: [{ v: { N: '1' } }], pairs: [{ pk: { S: 'b1' }, sk: { S: 's' } }] });
    expect(read.UnprocessedKeys).toEqual({});
  });

  test('leave keys beyond 16 MB unprocessed', async () => {
    const pks = Array.from({ length: 45 }, (_, index) => `large-${index}`);
    for (const pk of pks) {
      await db.client.send(
        new PutItemCommand({ TableName: 'items', Item: { pk: { S: pk }, x: { S: 'x'.repeat(390 * 1024) } } }),
      );
    }
    const read = await db.client.send(
      new BatchGetItemCommand({
        RequestItems: { items: { Keys: pks.map((pk) => ({ pk: { S: pk } })), ConsistentRead: true } },
      }),
    );
    expect(read.Responses?.items).toHaveLength(42);
    expect(read.UnprocessedKeys).toEqual({
      items: { Keys: pks.slice(42).map((pk) => ({ pk: { S: pk } })), ConsistentRead: true },
    });
  });

  test('are refused whole', async () => {
    const write = (RequestItems: object) =>
      db.client.send(new BatchWriteItemCommand({ RequestItems: RequestItems as never }));
    const put = (pk: string) => ({ PutRequest: { Item: { pk: { S: pk } } } });
    await expect(
      write({ items: [put('twice'), { DeleteRequest: { Key: { pk: { S: 'twice' } } } }] }),
    ).rejects.toMatchObject({
      message: 'Provided list of item keys contains duplicates',
    });
    await expect(write({ items: Array.from({ length: 26 }, (_, index) => put(`m${index}`)) })).rejects.toMatchObject({
      message:
        "1 validation error detected: Value at 'RequestItems.items.member' failed to satisfy constraint: Member must have length less than or equal to 25",
    });
    await expect(write({ items: [put('before'), { PutRequest: { Item: { pk: { N: '1' } } } }] })).rejects.toMatchObject(
      {
        message: 'The provided key element does not match the schema',
      },
    );
    await expect(write({ items: [put('before')], nowhere: [put('x')] })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(await get('before')).toBeUndefined();
  });
});
