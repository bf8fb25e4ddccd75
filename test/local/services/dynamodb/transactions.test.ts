import {
  DescribeTimeToLiveCommand,
  GetItemCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  TagResourceCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UntagResourceCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';
import { type LocalDynamoDb, startDynamoDb } from './local-dynamodb.js';

const START = Date.UTC(2026, 0, 1);
const clock = new DrivenClock(START);
let db: LocalDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb({ clock });
  await db.create('txs');
});
afterAll(() => db.close());

const get = async (pk: string, TableName = 'txs') =>
  (await db.client.send(new GetItemCommand({ TableName, Key: { pk: { S: pk } } }))).Item;
const put = (pk: string, v = '1'): TransactWriteItem => ({
  Put: { TableName: 'txs', Item: { pk: { S: pk }, v: { N: v } } },
});
const write = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
  db.client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken, ReturnConsumedCapacity: 'TOTAL' }));

describe('a transaction', () => {
  test('writes all or nothing, and says why', async () => {
    const written = await write([put('a'), put('b')]);
    expect(written.ConsumedCapacity).toEqual([{ TableName: 'txs', CapacityUnits: 4, WriteCapacityUnits: 4 }]);
    const refused = write([
      put('c'),
      {
        Update: {
          TableName: 'txs',
          Key: { pk: { S: 'a' } },
          UpdateExpression: 'SET v = v + :one',
          ConditionExpression: 'v > :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      { Delete: { TableName: 'txs', Key: { pk: { S: 'b' } } } },
    ]);
    await expect(refused).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None]',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { pk: { S: 'a' }, v: { N: '1' } },
        },
        { Code: 'None' },
      ],
    });
    expect([await get('c'), await get('b')]).toEqual([undefined, { pk: { S: 'b' }, v: { N: '1' } }]);
  });

  test("with a key that is not the table's is cancelled, with two operations on one item refused", async () => {
    await expect(write([put('a'), { Put: { TableName: 'txs', Item: { other: { S: 'x' } } } }])).rejects.toMatchObject({
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ValidationError',
          Message: 'One or more parameter values were invalid: Missing the key pk in the item',
        },
      ],
    });
    await expect(write([put('a'), { Delete: { TableName: 'txs', Key: { pk: { S: 'a' } } } }])).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
  });

  test('with a token is carried out once in ten minutes', async () => {
    const add: TransactWriteItem = {
      Update: {
        TableName: 'txs',
        Key: { pk: { S: 'counter' } },
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      },
    };
    for (let times = 0; times < 3; times += 1) await write([add], 'token-1');
    expect((await get('counter'))?.n).toEqual({ N: '1' });
    await expect(write([put('other')], 'token-1')).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
    clock.advance(10 * 60_000 + 1);
    await write([add], 'token-1');
    expect((await get('counter'))?.n).toEqual({ N: '2' });
  });

  test('reads many items at once', async () => {
    await write([put('r', '7')]);
    const read = await db.client.send(
      new TransactGetItemsCommand({
        TransactItems: ['r', 'nobody'].map((pk) => ({
          Get: { TableName: 'txs', Key: { pk: { S: pk } }, ProjectionExpression: 'v' },
        })),
        ReturnConsumedCapacity: 'TOTAL',
      }),
    );
    expect(read.Responses).toEqual([{ Item: { v: { N: '7' } } }, {}]);
    expect(read.ConsumedCapacity).toEqual([{ TableName: 'txs', CapacityUnits: 4, ReadCapacityUnits: 4 }]);
  });
});

test('time to live deletes at the second that an attribute names, in the name of the service', async () => {
  await db.create('ttl', { StreamSpecification: { StreamEnabled: true, StreamViewType: 'OLD_IMAGE' } });
  const seconds = clock.now() / 1000;
  const keep = async (pk: string, at: string) =>
    db.client.send(new PutItemCommand({ TableName: 'ttl', Item: { pk: { S: pk }, at: { N: at } } }));
  await keep('before', String(seconds + 10));
  const spec = (Enabled: boolean, AttributeName = 'at') =>
    db.client.send(
      new UpdateTimeToLiveCommand({ TableName: 'ttl', TimeToLiveSpecification: { Enabled, AttributeName } }),
    );
  await spec(true);
  await expect(spec(true)).rejects.toMatchObject({ message: 'TimeToLive is already enabled' });
  await expect(spec(false, 'other')).rejects.toMatchObject({
    message: 'TimeToLive is active on a different AttributeName: current AttributeName is at',
  });
  expect(await db.client.send(new DescribeTimeToLiveCommand({ TableName: 'ttl' }))).toMatchObject({
    TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'at' },
  });
  await keep('soon', String(seconds + 20));
  await keep('moved', String(seconds + 20));
  await keep('moved', String(seconds + 40));
  await keep('ancient', '1000');
  clock.advance(20_000);
  const left = await Promise.all(['before', 'soon', 'moved', 'ancient'].map((pk) => get(pk, 'ttl')));
  expect(left.map((item) => item !== undefined)).toEqual([false, false, true, true]);
  const client = new DynamoDBStreamsClient({
    endpoint: db.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { Streams } = await client.send(new ListStreamsCommand({ TableName: 'ttl' }));
  const StreamArn = Streams?.[0]?.StreamArn;
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamArn,
      ShardId: StreamDescription?.Shards?.[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
  client.destroy();
  const removed = Records.filter(({ eventName }) => eventName === 'REMOVE');
  expect(removed.map(({ dynamodb, userIdentity }) => [dynamodb?.OldImage?.pk?.S, userIdentity])).toEqual(
    ['before', 'soon'].map((pk) => [pk, { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' }]),
  );
});

test('tags are listed by pages of ten', async () => {
  const ResourceArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/txs';
  const Tags = Array.from({ length: 12 }, (_, index) => ({ Key: `k${String(index).padStart(2, '0')}`, Value: 'v' }));
  await db.client.send(new TagResourceCommand({ ResourceArn, Tags }));
  await db.client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['k00'] }));
  const first = await db.client.send(new ListTagsOfResourceCommand({ ResourceArn }));
  const rest = await db.client.send(new ListTagsOfResourceCommand({ ResourceArn, NextToken: first.NextToken }));
  expect([first.Tags?.length, rest.Tags]).toEqual([10, [{ Key: 'k11', Value: 'v' }]]);
  await expect(
    db.client.send(new ListTagsOfResourceCommand({ ResourceArn: ResourceArn.replace('/txs', '/nowhere') })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
