import { BatchWriteItemCommand, PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalDynamoDb, startDynamoDb } from './local-dynamodb.js';

const NUMBERS = ['-20', '-1.5', '0', '2', '10', '10.25', '12345678901234567890'];

let db: LocalDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
  await db.create('readings', {
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'N' },
      { AttributeName: 'g', AttributeType: 'S' },
      { AttributeName: 'l', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'glo',
        KeySchema: [{ AttributeName: 'g', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'loc',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'l', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  });
  for (const pk of ['a', 'b']) {
    const writes = NUMBERS.map((sk, index) => ({
      PutRequest: {
        Item: {
          pk: { S: pk },
          sk: { N: sk },
          v: { N: String(index) },
          ...(index % 2 === 0 && { g: { S: 'even' }, l: { S: `l${9 - index}` } }),
        },
      },
    }));
    await db.client.send(new BatchWriteItemCommand({ RequestItems: { readings: writes } }));
  }
});
afterAll(() => db.close());

type QueryInput = Partial<ConstructorParameters<typeof QueryCommand>[0]>;
type ScanInput = Partial<ConstructorParameters<typeof ScanCommand>[0]>;
const queryA = ({ ExpressionAttributeValues: values, KeyConditionExpression: more, ...input }: QueryInput = {}) =>
  db.client.send(
    new QueryCommand({
      TableName: 'readings',
      KeyConditionExpression: `pk = :pk${more === undefined ? '' : ` AND ${more}`}`,
      ExpressionAttributeValues: { ':pk': { S: 'a' }, ...values },
      ...input,
    }),
  );
const scan = (input: ScanInput = {}) => db.client.send(new ScanCommand({ TableName: 'readings', ...input }));
const sortKeys = ({ Items = [] }: { Items?: Record<string, { N?: string }>[] | undefined }) =>
  Items.map(({ sk }) => sk?.N);

describe('a query', () => {
  test.each([
    [undefined, {}, NUMBERS],
    ['sk = :x', { ':x': { N: '10.250' } }, ['10.25']],
    ['sk < :x', { ':x': { N: '0' } }, NUMBERS.slice(0, 2)],
    ['sk <= :x', { ':x': { N: '0' } }, NUMBERS.slice(0, 3)],
    ['sk > :x', { ':x': { N: '2' } }, NUMBERS.slice(4)],
    [':x <= sk', { ':x': { N: '2' } }, NUMBERS.slice(3)],
    ['sk BETWEEN :x AND :y', { ':x': { N: '-1.6' }, ':y': { N: '10' } }, NUMBERS.slice(1, 5)],
  ])(
    'with %s reads in the order of the numbers',
    async (KeyConditionExpression, ExpressionAttributeValues, expected) => {
      const input = { ...(KeyConditionExpression && { KeyConditionExpression }), ExpressionAttributeValues };
      expect(sortKeys(await queryA(input as QueryInput))).toEqual(expected);
      expect(sortKeys(await queryA({ ...input, ScanIndexForward: false } as QueryInput))).toEqual(
        [...expected].reverse(),
      );
    },
  );

  test('goes on behind the last key, forwards and backwards', async () => {
    for (const ScanIndexForward of [true, false]) {
      const seen: (string | undefined)[] = [];
      let key: Record<string, never> | undefined;
      do {
        const page = await queryA({ Limit: 2, ScanIndexForward, ...(key && { ExclusiveStartKey: key }) });
        seen.push(...sortKeys(page));
        key = page.LastEvaluatedKey as typeof key;
      } while (key);
      expect(seen).toEqual(ScanIndexForward ? NUMBERS : [...NUMBERS].reverse());
    }
  });

  test('filters after it has counted', async () => {
    const page = await queryA({
      FilterExpression: 'v > :v',
      ExpressionAttributeValues: { ':v': { N: '3' } },
      Limit: 5,
      ProjectionExpression: 'v',
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(page).toMatchObject({
      Items: [{ v: { N: '4' } }],
      Count: 1,
      ScannedCount: 5,
      LastEvaluatedKey: { pk: { S: 'a' }, sk: { N: '10' } },
      ConsumedCapacity: { TableName: 'readings', CapacityUnits: 0.5 },
    });
    const counted = await queryA({ Select: 'COUNT' });
    expect(counted).toMatchObject({ Count: 7, ScannedCount: 7 });
    expect(counted.Items).toBeUndefined();
  });

  test('ends a page at 1 MB', async () => {
    await db.create('large', {
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'N' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
    for (let sk = 0; sk < 6; sk += 1) {
      const Item = { pk: { S: 'p' }, sk: { N: String(sk) }, x: { S: 'x'.repeat(300 * 1024) } };
      await db.client.send(new PutItemCommand({ TableName: 'large', Item }));
    }
    const read = (more: QueryInput) =>
      db.client.send(
        new QueryCommand({
          TableName: 'large',
          KeyConditionExpression: 'pk = :p',
          ExpressionAttributeValues: { ':p': { S: 'p' } },
          ReturnConsumedCapacity: 'TOTAL',
          ...more,
        }),
      );
    const first = await read({ ConsistentRead: true });
    expect(first).toMatchObject({ Count: 4, LastEvaluatedKey: { pk: { S: 'p' }, sk: { N: '3' } } });
    expect(first.ConsumedCapacity?.CapacityUnits).toBe(301);
    const rest = await read({ ExclusiveStartKey: first.LastEvaluatedKey });
    expect(rest.Count).toBe(2);
    expect(rest.LastEvaluatedKey).toBeUndefined();
  });

  test('of a global index sees what it projects, and goes on by both keys', async () => {
    const read = (more: QueryInput) =>
      db.client.send(
        new QueryCommand({
          TableName: 'readings',
          IndexName: 'glo',
          KeyConditionExpression: 'g = :g',
          ExpressionAttributeValues: { ':g': { S: 'even' } },
          ...more,
        }),
      );
    const all = await read({ ReturnConsumedCapacity: 'INDEXES' });
    expect(all.Items).toHaveLength(8);
    expect(Object.keys(all.Items?.[0] ?? {}).sort()).toEqual(['g', 'pk', 'sk']);
    expect(all.ConsumedCapacity).toMatchObject({
      GlobalSecondaryIndexes: { glo: { CapacityUnits: 0.5 } },
      Table: { CapacityUnits: 0 },
    });
    const first = await read({ Limit: 3 });
    expect(Object.keys(first.LastEvaluatedKey ?? {}).sort()).toEqual(['g', 'pk', 'sk']);
    const rest = await read({ ExclusiveStartKey: first.LastEvaluatedKey });
    expect([...(first.Items ?? []), ...(rest.Items ?? [])]).toEqual(all.Items);
    for (const [input, message] of [
      [{ ConsistentRead: true }, 'Consistent reads are not supported on global secondary indexes'],
      [
        { ProjectionExpression: 'v' },
        'One or more parameter values were invalid: Global secondary index glo does not project [v]',
      ],
      [
        { Select: 'ALL_ATTRIBUTES' },
        'One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index glo because its projection type is not ALL',
      ],
    ] as const) {
      await expect(read(input)).rejects.toMatchObject({ message });
    }
  });

  test('of a local index fetches from the table what the index lacks', async () => {
    const plain = await queryA({ IndexName: 'loc' });
    expect(plain.Items?.map(({ l, v }) => [l?.S, v])).toEqual(['l3', 'l5', 'l7', 'l9'].map((l) => [l, undefined]));
    const fetched = await queryA({
      IndexName: 'loc',
      ProjectionExpression: 'v',
      ConsistentRead: true,
      ReturnConsumedCapacity: 'INDEXES',
    });
    expect(fetched.Items).toEqual(['6', '4', '2', '0'].map((v) => ({ v: { N: v } })));
    expect(fetched.ConsumedCapacity).toMatchObject({
      CapacityUnits: 2,
      Table: { CapacityUnits: 1 },
      LocalSecondaryIndexes: { loc: { CapacityUnits: 1 } },
    });
  });

  test.each([
    ['pk = :pk OR sk = :x', 'Invalid operator used in KeyConditionExpression: OR'],
    ['NOT pk = :pk AND sk = :x', 'Invalid operator used in KeyConditionExpression: NOT'],
    ['pk = :pk AND sk <> :x', 'Invalid operator used in KeyConditionExpression: <>'],
    ['pk = :pk AND contains(sk, :x)', 'Invalid operator used in KeyConditionExpression: contains'],
    ['pk = :pk AND pk = :x', 'KeyConditionExpressions must only contain one condition per key'],
    ['pk = :pk AND sk.a = :x', 'KeyConditionExpressions cannot have conditions on nested attributes'],
    ['pk = :pk AND v = :x', 'Query condition missed key schema element: sk'],
    ['sk = :x AND v = :pk', 'Query condition missed key schema element: pk'],
    ['pk > :pk AND sk = :x', 'Query key condition not supported'],
    [
      'pk = :x AND sk = :pk',
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    [
      'pk = :pk AND sk = :x AND v = :y',
      'Invalid KeyConditionExpression: An expression attribute value used in expression is not defined; attribute value: :y',
    ],
    ['pk = :pk AND sk = :x AND', 'Invalid KeyConditionExpression: Syntax error; token: "<EOF>", near: "AND"'],
  ])('with %s is refused', async (KeyConditionExpression, message) => {
    const refused = db.client.send(
      new QueryCommand({
        TableName: 'readings',
        KeyConditionExpression,
        ExpressionAttributeValues: { ':pk': { S: 'a' }, ':x': { N: '1' } },
      }),
    );
    await expect(refused).rejects.toMatchObject({ name: 'ValidationException', message });
  });

  test.each<[QueryInput, string]>([
    [
      { FilterExpression: 'sk > :x' },
      'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
    ],
    [{ IndexName: 'none' }, 'The table does not have the specified index: none'],
    [
      { Limit: 0 },
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [{ ExclusiveStartKey: { pk: { S: 'a' } } }, 'The provided starting key is invalid'],
    [
      { ExclusiveStartKey: { pk: { S: 'b' }, sk: { N: '1' } } },
      'The provided starting key is outside query boundaries based on provided conditions',
    ],
    [
      { KeyConditionExpression: 'sk > :x', ExclusiveStartKey: { pk: { S: 'a' }, sk: { N: '1' } } },
      'The provided starting key does not match the range key predicate',
    ],
    [
      { Select: 'COUNT', ProjectionExpression: 'v' },
      '1 validation error detected: Cannot specify the ProjectionExpression when choosing to get only the Count',
    ],
    [
      { Select: 'ALL_PROJECTED_ATTRIBUTES' },
      '1 validation error detected: ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName',
    ],
  ])('with %j is refused', async (input, message) => {
    const values = JSON.stringify(input).includes(':x') ? { ExpressionAttributeValues: { ':x': { N: '5' } } } : {};
    await expect(queryA({ ...input, ...values })).rejects.toMatchObject({ name: 'ValidationException', message });
  });
});

describe('a scan', () => {
  test('reads all partitions, in segments, and goes on behind the last key', async () => {
    const all = await scan({ ReturnConsumedCapacity: 'TOTAL' });
    expect(all).toMatchObject({ Count: 14, ScannedCount: 14, ConsumedCapacity: { CapacityUnits: 0.5 } });
    const seen = new Set<string>();
    for (let Segment = 0; Segment < 3; Segment += 1) {
      let key: Record<string, never> | undefined;
      do {
        const page = await scan({ Segment, TotalSegments: 3, Limit: 2, ...(key && { ExclusiveStartKey: key }) });
        for (const item of page.Items ?? []) seen.add(JSON.stringify(item));
        key = page.LastEvaluatedKey as typeof key;
      } while (key);
    }
    expect([...seen].sort()).toEqual(all.Items?.map((item) => JSON.stringify(item)).sort());
  });

  test('of an index reads what the index holds', async () => {
    expect(
      (await scan({ IndexName: 'glo', FilterExpression: 'sk = :x', ExpressionAttributeValues: { ':x': { N: '0' } } }))
        .Items,
    ).toEqual(
      expect.arrayContaining([
        { pk: { S: 'a' }, sk: { N: '0' }, g: { S: 'even' } },
        { pk: { S: 'b' }, sk: { N: '0' }, g: { S: 'even' } },
      ]),
    );
    expect(
      (await scan({ IndexName: 'loc', Select: 'ALL_ATTRIBUTES' })).Items?.every(({ v }) => v?.N !== undefined),
    ).toBe(true);
  });

  test.each<[ScanInput, string]>([
    [
      { Segment: 0 },
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    ],
    [
      { TotalSegments: 2 },
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    ],
    [
      { Segment: 2, TotalSegments: 2 },
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2',
    ],
    [
      { ExclusiveStartKey: { pk: { S: 'a' } } },
      'The provided starting key is invalid: The provided key element does not match the schema',
    ],
    [
      { Select: 'SPECIFIC_ATTRIBUTES' },
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    ],
    [
      { FilterExpression: 'a = a' },
      'Invalid FilterExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a]',
    ],
  ])('with %j is refused', async (input, message) => {
    await expect(scan(input)).rejects.toMatchObject({ name: 'ValidationException', message });
  });
});
