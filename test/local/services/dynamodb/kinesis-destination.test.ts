import {
  DeleteItemCommand,
  DescribeContinuousBackupsCommand,
  DescribeEndpointsCommand,
  DescribeKinesisStreamingDestinationCommand,
  DescribeLimitsCommand,
  DisableKinesisStreamingDestinationCommand,
  EnableKinesisStreamingDestinationCommand,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../lambda/start-lambda.js';
import { type LocalDynamoDb, startDynamoDb } from './local-dynamodb.js';

let db: LocalDynamoDb;
let kinesis: KinesisClient;
beforeAll(async () => {
  db = await startDynamoDb({ limits: 'off' });
  kinesis = new KinesisClient({
    endpoint: db.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  await db.create('sent');
  await kinesis.send(new CreateStreamCommand({ StreamName: 'changes', ShardCount: 1 }));
  await until(async () => {
    const { StreamDescriptionSummary } = await kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: 'changes' }),
    );
    return StreamDescriptionSummary?.StreamStatus === 'ACTIVE' || undefined;
  });
});
afterAll(async () => {
  kinesis.destroy();
  await db.close();
});

const StreamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/changes';
const status = async () =>
  (await db.client.send(new DescribeKinesisStreamingDestinationCommand({ TableName: 'sent' })))
    .KinesisDataStreamDestinations?.[0]?.DestinationStatus;
const enable = (streamArn: string) =>
  db.client.send(
    new EnableKinesisStreamingDestinationCommand({
      TableName: 'sent',
      StreamArn: streamArn,
      EnableKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: 'MICROSECOND' },
    }),
  );

test('changes of a table go to a Kinesis stream, in order, until the destination is disabled', async () => {
  expect(await enable(StreamArn)).toMatchObject({ TableName: 'sent', StreamArn, DestinationStatus: 'ENABLING' });
  await until(async () => (await status()) === 'ACTIVE' || undefined);
  await expect(enable(StreamArn)).rejects.toMatchObject({ name: 'ResourceInUseException' });
  const put = (v: string) =>
    db.client.send(new PutItemCommand({ TableName: 'sent', Item: { pk: { S: 'a' }, v: { N: v } } }));
  for (const v of ['1', '2', '2', '3']) await put(v);
  await db.client.send(new DeleteItemCommand({ TableName: 'sent', Key: { pk: { S: 'a' } } }));
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      StreamARN: StreamArn,
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const records = await until(async () => {
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    return Records.length >= 4 ? Records.map(({ Data }) => JSON.parse(Buffer.from(Data ?? []).toString())) : undefined;
  });
  expect(records.map(({ eventName, dynamodb }) => [eventName, dynamodb.OldImage?.v.N, dynamodb.NewImage?.v.N])).toEqual(
    [
      ['INSERT', undefined, '1'],
      ['MODIFY', '1', '2'],
      ['MODIFY', '2', '3'],
      ['REMOVE', '3', undefined],
    ],
  );
  expect(records[0]).toEqual({
    awsRegion: 'us-east-1',
    eventID: expect.stringMatching(/^[0-9a-f-]{36}$/),
    eventName: 'INSERT',
    userIdentity: null,
    recordFormat: 'application/json',
    tableName: 'sent',
    dynamodb: {
      ApproximateCreationDateTime: expect.any(Number),
      ApproximateCreationDateTimePrecision: 'MICROSECOND',
      Keys: { pk: { S: 'a' } },
      NewImage: { pk: { S: 'a' }, v: { N: '1' } },
      SizeBytes: expect.any(Number),
    },
    eventSource: 'aws:dynamodb',
  });
  await db.client.send(new DisableKinesisStreamingDestinationCommand({ TableName: 'sent', StreamArn }));
  await until(async () => (await status()) === 'DISABLED' || undefined);
  await expect(enable(StreamArn.replace('changes', 'nowhere'))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(enable('arn:aws:sqs:us-east-1:000000000000:not-a-stream')).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('what tools read of a table and an account is there', async () => {
  const backups = async () =>
    (await db.client.send(new DescribeContinuousBackupsCommand({ TableName: 'sent' }))).ContinuousBackupsDescription;
  expect(await backups()).toEqual({
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
  });
  await db.client.send(
    new UpdateContinuousBackupsCommand({
      TableName: 'sent',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  expect(await backups()).toMatchObject({
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays: 35 },
  });
  expect(await db.client.send(new DescribeLimitsCommand({}))).toMatchObject({ TableMaxWriteCapacityUnits: 40_000 });
  const { Endpoints } = await db.client.send(new DescribeEndpointsCommand({}));
  expect(Endpoints?.[0]?.Address).toBe(new URL(db.endpoint.url).host);
});
