import {
  DeleteItemCommand,
  DescribeTableCommand,
  PutItemCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';
import { COMPOSITE, type LocalDynamoDb, startDynamoDb } from './local-dynamodb.js';

const START = Date.UTC(2026, 0, 1);
const clock = new DrivenClock(START);
let db: LocalDynamoDb;
let streams: DynamoDBStreamsClient;
beforeAll(async () => {
  db = await startDynamoDb({ clock });
  streams = new DynamoDBStreamsClient({
    endpoint: db.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  streams.destroy();
  await db.close();
});

type View = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

async function createStream(name: string, StreamViewType: View): Promise<string> {
  await db.create(name, { ...COMPOSITE, StreamSpecification: { StreamEnabled: true, StreamViewType } });
  const { Table } = await db.client.send(new DescribeTableCommand({ TableName: name }));
  return Table?.LatestStreamArn ?? '';
}

const put = (TableName: string, sk: string, v: string) =>
  db.client.send(new PutItemCommand({ TableName, Item: { pk: { S: 'p' }, sk: { S: sk }, v: { S: v } } }));
const shardsOf = async (StreamArn: string) =>
  (await streams.send(new DescribeStreamCommand({ StreamArn }))).StreamDescription?.Shards ?? [];
async function iterator(StreamArn: string, input: Partial<GetShardIteratorCommandInput> = {}): Promise<string> {
  const [{ ShardId } = {}] = await shardsOf(StreamArn);
  const answer = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON', ...input }),
  );
  return answer.ShardIterator ?? '';
}
const read = async (ShardIterator: string, Limit = 1000) =>
  streams.send(new GetRecordsCommand({ ShardIterator, Limit }));
const control = (path: string, body: object) =>
  fetch(`${db.endpoint.url}${path}`, {
    method: 'POST',
    headers: { 'x-pipectl': '1' },
    body: JSON.stringify(body),
  });

test.each<[View, boolean, boolean]>([
  ['KEYS_ONLY', false, false],
  ['NEW_IMAGE', true, false],
  ['OLD_IMAGE', false, true],
  ['NEW_AND_OLD_IMAGES', true, true],
])('a stream with %s shows what it should of every change', async (view, hasNew, hasOld) => {
  const table = `view-${view}`;
  const arn = await createStream(table, view);
  const Key = { pk: { S: 'p' }, sk: { S: 's' } };
  await put(table, 's', 'one');
  await put(table, 's', 'one'); // changes nothing
  await db.client.send(
    new UpdateItemCommand({
      TableName: table,
      Key,
      UpdateExpression: 'SET v = :v',
      ExpressionAttributeValues: { ':v': { S: 'two' } },
    }),
  );
  await db.client.send(new DeleteItemCommand({ TableName: table, Key }));
  await db.client.send(new DeleteItemCommand({ TableName: table, Key })); // removes nothing
  const { Records = [] } = await read(await iterator(arn));
  const image = (v: string) => ({ ...Key, v: { S: v } });
  const expected = [
    ['INSERT', image('one'), undefined],
    ['MODIFY', image('two'), image('one')],
    ['REMOVE', undefined, image('two')],
  ] as const;
  expect(Records.map(({ eventName, dynamodb }) => [eventName, dynamodb?.NewImage, dynamodb?.OldImage])).toEqual(
    expected.map(([name, after, before]) => [name, hasNew ? after : undefined, hasOld ? before : undefined]),
  );
  expect(Records[0]).toMatchObject({
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: { Keys: Key, StreamViewType: view, SizeBytes: hasNew ? 10 + 0 + 6 : 6 },
  });
  expect(Records[0]?.eventID).toMatch(/^[0-9a-f]{32}$/);
  const numbers = Records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
  expect(numbers).toEqual([...new Set(numbers)].sort());
  expect(numbers[0]).toMatch(/^\d{21}$/);
});

test('iterators begin where they say, and expire after 15 minutes', async () => {
  const arn = await createStream('places', 'NEW_IMAGE');
  for (const v of ['a', 'b', 'c']) await put('places', v, v);
  const values = async (from: string, limit?: number) =>
    (await read(from, limit)).Records?.map(({ dynamodb }) => dynamodb?.NewImage?.v?.S);
  const latest = await iterator(arn, { ShardIteratorType: 'LATEST' });
  const start = await iterator(arn);
  expect(await values(start, 2)).toEqual(['a', 'b']);
  const { Records = [], NextShardIterator = '' } = await read(start, 2);
  expect(await values(NextShardIterator)).toEqual(['c']);
  expect(await values(latest)).toEqual([]);
  await put('places', 'd', 'd');
  expect(await values(latest)).toEqual(['d']);
  const SequenceNumber = Records[1]?.dynamodb?.SequenceNumber;
  const at = await iterator(arn, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber });
  expect(await values(at)).toEqual(['b', 'c', 'd']);
  const after = await iterator(arn, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber });
  expect(await values(after)).toEqual(['c', 'd']);
  clock.advance(15 * 60_000 + 1);
  await expect(read(after)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
  await expect(read(`${arn}|1|AAAA`)).rejects.toMatchObject({ message: 'Invalid ShardIterator' });
});

test('a shard that ends has a child, and readers come to its end', async () => {
  const arn = await createStream('rolled', 'KEYS_ONLY');
  await put('rolled', 'before', '1');
  const start = await iterator(arn);
  expect((await control('/_pipectl/dynamodb/roll-shard', { table: 'rolled' })).status).toBe(200);
  await put('rolled', 'after', '2');
  const [parent, child] = await shardsOf(arn);
  expect(parent?.SequenceNumberRange?.EndingSequenceNumber).toBeDefined();
  expect(child).toMatchObject({ ParentShardId: parent?.ShardId });
  expect(child?.SequenceNumberRange?.EndingSequenceNumber).toBeUndefined();
  const closed = await read(start);
  expect(closed.Records).toHaveLength(1);
  expect(closed.NextShardIterator).toBeUndefined();
  const open = await read(await iterator(arn, { ShardId: child?.ShardId }));
  expect(open.Records?.[0]?.dynamodb?.Keys?.sk).toEqual({ S: 'after' });
  expect(open.NextShardIterator).toBeDefined();
  clock.advance(4 * 3600_000 + 1);
  await put('rolled', 'later', '3');
  expect(await shardsOf(arn)).toHaveLength(3);
  expect((await control('/_pipectl/dynamodb/roll-shard', { table: 'nowhere' })).status).toBe(404);
});

test('records are gone after 24 hours, and closed shards with them', async () => {
  const arn = await createStream('trimmed', 'KEYS_ONLY');
  const [first] = await shardsOf(arn);
  await put('trimmed', 'old', '1');
  const { Records = [] } = await read(await iterator(arn));
  const number = Records[0]?.dynamodb?.SequenceNumber;
  clock.advance(23 * 3600_000);
  await put('trimmed', 'newer', '2');
  clock.advance(2 * 3600_000);
  expect((await read(await iterator(arn))).Records).toHaveLength(0);
  await expect(
    iterator(arn, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: number }),
  ).rejects.toMatchObject({ name: 'TrimmedDataAccessException' });
  clock.advance(24 * 3600_000);
  await put('trimmed', 'newest', '3');
  // The first one ended more than 24 hours ago, the second one just now.
  const shards = await shardsOf(arn);
  expect(shards).toHaveLength(2);
  expect(shards.map(({ ShardId }) => ShardId)).not.toContain(first?.ShardId);
});

test('a disabled stream can be read on; a new one has its own ARN', async () => {
  const arn = await createStream('switched', 'KEYS_ONLY');
  await put('switched', 'a', '1');
  const update = async (StreamSpecification: { StreamEnabled: boolean; StreamViewType?: View }) => {
    await db.client.send(new UpdateTableCommand({ TableName: 'switched', StreamSpecification }));
    clock.advance(1000);
  };
  await expect(update({ StreamEnabled: true, StreamViewType: 'NEW_IMAGE' })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await update({ StreamEnabled: false });
  await put('switched', 'b', '2');
  expect((await read(await iterator(arn))).Records).toHaveLength(1);
  const described = await streams.send(new DescribeStreamCommand({ StreamArn: arn }));
  expect(described.StreamDescription?.StreamStatus).toBe('DISABLED');
  await update({ StreamEnabled: true, StreamViewType: 'NEW_IMAGE' });
  const { Table } = await db.client.send(new DescribeTableCommand({ TableName: 'switched' }));
  expect(Table?.StreamSpecification).toEqual({ StreamEnabled: true, StreamViewType: 'NEW_IMAGE' });
  expect(Table?.LatestStreamArn).not.toBe(arn);
  const { Streams } = await streams.send(new ListStreamsCommand({ TableName: 'switched' }));
  expect(Streams?.map(({ StreamArn }) => StreamArn)).toEqual([arn, Table?.LatestStreamArn]);
});
