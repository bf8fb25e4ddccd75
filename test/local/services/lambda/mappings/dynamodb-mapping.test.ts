import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  GetEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LambdaFixture, startLambda, until } from '../start-lambda.js';

let fixture: LambdaFixture;
let db: DynamoDBClient;
let sqs: SQSClient;
beforeAll(async () => {
  fixture = await startLambda();
  const config = {
    endpoint: fixture.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  db = new DynamoDBClient(config);
  sqs = new SQSClient(config);
});
afterAll(async () => {
  for (const client of [db, sqs]) client.destroy();
  await fixture.close();
});

const CODE = `
exports.handler = async (event) => { process.stdout.write('EVENT ' + JSON.stringify(event) + '\\n'); };
exports.fails = async () => { throw new Error('cannot take it'); };`;

/** A table with a stream, a function and an enabled mapping between them, all of one name. */
async function connect(
  name: string,
  options: Partial<CreateEventSourceMappingCommandInput> = {},
  handler = 'index.handler',
): Promise<string> {
  const { TableDescription } = await db.send(
    new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  const EventSourceArn = TableDescription?.LatestStreamArn ?? '';
  await fixture.create(name, { 'index.js': CODE }, { Handler: handler });
  const { UUID } = await fixture.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: name,
      EventSourceArn,
      StartingPosition: 'TRIM_HORIZON',
      ...options,
    }),
  );
  await until(async () => {
    const { State } = await fixture.lambda.send(new GetEventSourceMappingCommand({ UUID }));
    return State === 'Enabled' || undefined;
  });
  return EventSourceArn;
}

// A table takes items a moment after it was made.
const put = (TableName: string, Item: object) =>
  until(() =>
    db.send(new PutItemCommand({ TableName, Item: Item as never })).catch((error: Error) => {
      if (error.name !== 'ResourceNotFoundException') throw error;
      return undefined;
    }),
  );
async function records(name: string, count: number) {
  return until(async () => {
    const events = (await fixture.messages(`/aws/lambda/${name}`)).filter((line) => line.startsWith('EVENT '));
    const all = events.flatMap((line) => JSON.parse(line.slice(6)).Records);
    return all.length >= count ? all : undefined;
  });
}

test('a function gets the changes of a table exactly as AWS hands them over', async () => {
  const arn = await connect('changes');
  await put('changes', {
    pk: { S: 'a' },
    b: { B: Uint8Array.of(1, 255) },
    n: { N: '1.50' },
    l: { L: [{ BOOL: true }] },
  });
  const [record] = await records('changes', 1);
  expect(record).toEqual({
    eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: expect.any(Number),
      Keys: { pk: { S: 'a' } },
      NewImage: { pk: { S: 'a' }, b: { B: 'Af8=' }, n: { N: '1.5' }, l: { L: [{ BOOL: true }] } },
      SequenceNumber: expect.stringMatching(/^\d{21}$/),
      SizeBytes: expect.any(Number),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: arn,
  });
  expect(Number.isInteger(record.dynamodb.ApproximateCreationDateTime)).toBe(true);
});

test('filters see the name of the event and the values of the images', async () => {
  const Pattern = JSON.stringify({ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['paid'] } } } });
  await connect('filtered', { FilterCriteria: { Filters: [{ Pattern }] } });
  await put('filtered', { pk: { S: '1' }, kind: { S: 'open' } });
  await put('filtered', { pk: { S: '2' }, kind: { S: 'paid' } });
  await put('filtered', { pk: { S: '2' }, kind: { S: 'paid' }, more: { N: '1' } });
  await put('filtered', { pk: { S: '3' }, kind: { S: 'paid' } });
  const got = await records('filtered', 2);
  expect(got.map(({ dynamodb }: { dynamodb: { Keys: { pk: { S: string } } } }) => dynamodb.Keys.pk.S)).toEqual([
    '2',
    '3',
  ]);
});

test('a batch that is given up is told of with DDBStreamBatchInfo', async () => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'given-up' }));
  const arn = await connect(
    'failing',
    {
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:given-up' } },
    },
    'index.fails',
  );
  await put('failing', { pk: { S: 'a' } });
  const body = await until(async () => {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    return Messages?.[0]?.Body;
  });
  expect(JSON.parse(body)).toMatchObject({
    requestContext: { condition: 'RetryAttemptsExhausted' },
    DDBStreamBatchInfo: { batchSize: 1, streamArn: arn, shardId: expect.stringMatching(/^shardId-/) },
  });
});

test('a mapping begins at LATEST or at TRIM_HORIZON alone', async () => {
  await expect(
    connect('positions', { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: new Date(0) }),
  ).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: 'Unsupported starting position AT_TIMESTAMP for event source Amazon DynamoDB Streams.',
  });
});
