import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  DeleteTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateTopicCommand, ListSubscriptionsCommand, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ListQueuesCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandingEndpoint, standEndpoint } from './standing-endpoint.js';

let standing: StandingEndpoint;
let posted: Server;
let dynamodb: DynamoDBClient;
let sqs: SQSClient;
let sns: SNSClient;
/** What the server that is posted to does with an event. */
let hand: (id: string) => Promise<unknown>;

beforeAll(async () => {
  standing = await standEndpoint();
  [dynamodb, sqs, sns] = [
    await standing.clients.dynamodb(),
    await standing.clients.sqs(),
    await standing.clients.sns(),
  ];
  posted = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    await hand((JSON.parse(body) as { id: string }).id).catch(() => {}); // it took the event, and loses it
    response.end();
  });
  await new Promise<void>((resolve) => posted.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  posted.close();
  await standing.close();
});

const check = (probe: string, more = ''): string => `
send: { post: "http://127.0.0.1:${(posted.address() as AddressInfo).port}/", payload: { id: "{marker}" }, count: 5 }
hops: [{ end: { ${probe} } }]
expect: { within: 2s, warmUp: 2s, ${more} }`;

async function makeTable(name: string, view: 'NEW_IMAGE' | 'KEYS_ONLY' | undefined): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'k', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'k', KeyType: 'HASH' }],
      ...(view && { StreamSpecification: { StreamEnabled: true, StreamViewType: view } }),
    }),
  );
}
const put = (table: string, k: string, id: string) =>
  dynamodb.send(new PutItemCommand({ TableName: table, Item: { k: { S: k }, note: { S: id } } }));

describe.each([
  ['by its stream', 'NEW_IMAGE', 'table by-stream, by its stream'],
  ['by reading it, if it has no stream', undefined, 'table by-reading'],
  ['by reading it, if its stream has no images', 'KEYS_ONLY', 'table by-keys'],
] as const)('a table is watched %s', (_, view, watched) => {
  const name = /by-\w+/.exec(watched)?.[0] ?? '';
  beforeAll(() => makeTable(name, view));

  it('and an item that changes is no copy', async () => {
    hand = async (id) => {
      await put(name, id, id);
      const UpdateExpression = 'SET seen = :yes';
      const Key = { k: { S: id } };
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: name,
          Key,
          UpdateExpression,
          ExpressionAttributeValues: { ':yes': { BOOL: true } },
        }),
      );
    };
    const report = await standing.run(check(`table: ${name}`, 'duplicated: 0'));
    expect(report.verdict.reasons).toEqual([]);
    expect(report.hops[0]).toMatchObject({ arrived: 5, duplicated: 0, watched });
  });

  it('and a second item with the marker is one', async () => {
    hand = async (id) => {
      await put(name, id, id);
      await put(name, `${id} again`, id);
    };
    const report = await standing.run(check(`table: ${name}`));
    expect(report.hops[0]).toMatchObject({ arrived: 5, duplicated: 5 });
  });
});

describe('a table that is not there', () => {
  it('is an error before anything is sent', async () => {
    await expect(standing.run(check('table: nowhere'))).rejects.toThrow(/There is no table nowhere to watch/);
  });

  it('is named if it went away', async () => {
    await makeTable('going', undefined);
    hand = async (id) => {
      if (/e\d+z$/.test(id)) await dynamodb.send(new DeleteTableCommand({ TableName: 'going' }));
      await put('going', id, id);
    };
    const report = await standing.run(check('table: going'));
    expect(report.verdict.green).toBe(false);
    expect(report.verdict.findings.map(({ text }) => text).join()).toContain('Table "going" does not exist any more.');
  });
});

describe('a queue', () => {
  it('is watched by receiving and deleting its messages, each copy counted', async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
    hand = (MessageBody) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const once = await standing.run(check('queue: orders', 'duplicated: 0'));
    expect(once.verdict.reasons).toEqual([]);
    expect(once.hops[0]).toMatchObject({ arrived: 5, watched: 'queue orders', clock: 'service' });
    const send = hand;
    hand = async (id) => {
      await send(id);
      await send(id);
    };
    const twice = await standing.run(check('queue: arn:aws:sqs:us-east-1:000000000000:orders'));
    expect(twice.hops[0]).toMatchObject({ arrived: 5, duplicated: 5 });
    await expect(standing.run(check('queue: nowhere'))).rejects.toThrow(/There is no queue nowhere to watch/);
  });

  it('is refused if a function reads it', async () => {
    await sqs.send(new CreateQueueCommand({ QueueName: 'read' }));
    const { CreateEventSourceMappingCommand } = await import('@aws-sdk/client-lambda');
    const FunctionName = await standing.makeFunction('reader', 'export const handler = async () => {};');
    const lambda = await standing.clients.lambda();
    const EventSourceArn = 'arn:aws:sqs:us-east-1:000000000000:read';
    await lambda.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn }));
    await expect(standing.run(check('queue: read'))).rejects.toThrow(/the function reader reads it/);
  });
});

describe('a topic', () => {
  it('is watched by a queue of the run, which is gone afterwards', async () => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }));
    hand = (Message) => sns.send(new PublishCommand({ TopicArn, Message }));
    const report = await standing.run(check(`topic: "${TopicArn}"`, 'duplicated: 0'));
    expect(report.verdict.reasons).toEqual([]);
    expect(report.hops[0]).toMatchObject({ arrived: 5, watched: 'topic news' });
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'pipectl-' }));
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
    expect([QueueUrls, Subscriptions]).toEqual([[], []]);
    await expect(standing.run(check('topic: "arn:aws:sns:us-east-1:000000000000:nowhere"'))).rejects.toThrow(
      /There is no topic nowhere to watch/,
    );
  });
});
