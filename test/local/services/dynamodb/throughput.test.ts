import {
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';
import { type LocalDynamoDb, startDynamoDb } from './local-dynamodb.js';

const clock = new DrivenClock(Date.UTC(2026, 0, 1));
let db: LocalDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb({ clock, limits: 'on' });
});
afterAll(() => db.close());

const put = (TableName: string, pk: string) =>
  db.client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, x: { S: 'x'.repeat(900) } } }));

/** How many of so many calls are let through. */
async function countDone(calls: number, call: () => Promise<unknown>): Promise<number> {
  let done = 0;
  for (let index = 0; index < calls; index += 1) {
    try {
      await call();
      done += 1;
    } catch (error) {
      if ((error as Error).name !== 'ProvisionedThroughputExceededException') throw error;
    }
  }
  return done;
}

test('a provisioned table gives its units a second, and bursts of what was not used for 300 seconds', async () => {
  await db.create('slow', {
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
  });
  clock.advance(1000);
  await countDone(10, () => put('slow', 'a'));
  await expect(put('slow', 'a')).rejects.toMatchObject({
    name: 'ProvisionedThroughputExceededException',
    message:
      'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
  });
  clock.advance(10_000);
  expect(await countDone(20, () => put('slow', 'a'))).toBe(10);
  clock.advance(3600_000);
  expect(await countDone(310, () => put('slow', 'a'))).toBe(300);
  const get = () =>
    db.client.send(new GetItemCommand({ TableName: 'slow', Key: { pk: { S: 'a' } }, ConsistentRead: true }));
  expect(await countDone(310, get)).toBe(300);
}, 30_000);

test('a batch leaves unprocessed what finds no capacity; a transaction is cancelled', async () => {
  await db.create('batches', {
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
  });
  await countDone(20, () => put('batches', 'a'));
  clock.advance(3000);
  const RequestItems = {
    batches: ['a', 'b', 'c', 'd', 'e'].map((pk) => ({ PutRequest: { Item: { pk: { S: pk } } } })),
  };
  const { UnprocessedItems } = await db.client.send(new BatchWriteItemCommand({ RequestItems }));
  expect(UnprocessedItems).toEqual({ batches: RequestItems.batches.slice(3) });
  await expect(db.client.send(new BatchWriteItemCommand({ RequestItems }))).rejects.toMatchObject({
    name: 'ProvisionedThroughputExceededException',
  });
  const TransactItems = [{ Put: { TableName: 'batches', Item: { pk: { S: 'a' } } } }];
  await expect(db.client.send(new TransactWriteItemsCommand({ TransactItems }))).rejects.toMatchObject({
    CancellationReasons: [{ Code: 'ProvisionedThroughputExceeded' }],
  });
});

test('a table on demand has no such limit', async () => {
  await db.create('quick');
  expect(await countDone(200, () => put('quick', 'a'))).toBe(200);
});
