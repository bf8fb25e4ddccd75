import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  type PublishCommandInput,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type LambdaFixture, startLambda, until } from '../lambda/start-lambda.js';

let fixture: LambdaFixture;
let sns: SNSClient;
let sqs: SQSClient;
let server: Server | undefined;
beforeAll(async () => {
  fixture = await startLambda({});
  const settings = {
    endpoint: fixture.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  sns = new SNSClient(settings);
  sqs = new SQSClient(settings);
});
afterAll(async () => {
  sns.destroy();
  sqs.destroy();
  await fixture.close();
});
afterEach(() => {
  server?.close();
  server = undefined;
});

let made = 0;
async function topic(Attributes: Record<string, string> = {}): Promise<string> {
  made += 1;
  const Name = `t${made}${Attributes.FifoTopic ? '.fifo' : ''}`;
  return (await sns.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn ?? '';
}

const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const queueUrl = (name: string): string => `${fixture.endpoint.url}/000000000000/${name}`;

/** A queue that is subscribed to a topic. @returns its name */
async function subscribedQueue(
  TopicArn: string,
  Attributes: Record<string, string> = {},
  fifo = false,
): Promise<string> {
  made += 1;
  const name = `q${made}${fifo ? '.fifo' : ''}`;
  await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: fifo ? { FifoQueue: 'true' } : {} }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn(name), Attributes }));
  return name;
}

async function bodies(name: string, atLeast: number): Promise<string[]> {
  const found: string[] = [];
  while (found.length < atLeast) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl(name), MaxNumberOfMessages: 10, WaitTimeSeconds: 10 }),
    );
    expect(Messages.length).toBeGreaterThan(0);
    found.push(...Messages.map(({ Body = '' }) => Body));
  }
  return found;
}

const publish = (TopicArn: string, Message: string, more: Partial<PublishCommandInput> = {}) =>
  sns.send(new PublishCommand({ TopicArn, Message, ...more }));

describe('a notification', () => {
  test('reaches a queue as AWS writes it, or bare with its attributes', async () => {
    const arn = await topic();
    const [whole, raw] = [await subscribedQueue(arn), await subscribedQueue(arn, { RawMessageDelivery: 'true' })];
    const attributes = { kind: { DataType: 'String', StringValue: 'order' } };
    const { MessageId } = await publish(arn, 'héllo', { Subject: 'greeting', MessageAttributes: attributes });
    const [text = ''] = await bodies(whole, 1);
    expect(JSON.parse(text)).toEqual({
      Type: 'Notification',
      MessageId,
      TopicArn: arn,
      Subject: 'greeting',
      Message: 'héllo',
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      SignatureVersion: '1',
      Signature: expect.any(String),
      SigningCertURL: expect.stringContaining(fixture.endpoint.url),
      UnsubscribeURL: expect.stringContaining(fixture.endpoint.url),
      MessageAttributes: { kind: { Type: 'String', Value: 'order' } },
    });
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl(raw), WaitTimeSeconds: 10, MessageAttributeNames: ['All'] }),
    );
    expect(Messages).toMatchObject([{ Body: 'héllo', MessageAttributes: attributes }]);
  });

  test('invokes a function with the event that AWS sends', async () => {
    await fixture.create(
      'notified',
      {
        'index.js': `exports.handler = async (event) => { process.stdout.write('EVENT ' + JSON.stringify(event) + '\\n'); };`,
      },
      { Handler: 'index.handler' },
    );
    const arn = await topic();
    const { SubscriptionArn } = await sns.send(
      new SubscribeCommand({
        TopicArn: arn,
        Protocol: 'lambda',
        Endpoint: 'arn:aws:lambda:us-east-1:000000000000:function:notified',
      }),
    );
    await publish(arn, 'for a function');
    const line = await until(async () =>
      (await fixture.messages('/aws/lambda/notified')).find((message) => message.startsWith('EVENT ')),
    );
    expect(JSON.parse(line.slice(6))).toMatchObject({
      Records: [
        {
          EventSource: 'aws:sns',
          EventVersion: '1.0',
          EventSubscriptionArn: SubscriptionArn,
          Sns: { TopicArn: arn, Message: 'for a function', Subject: null, MessageAttributes: {} },
        },
      ],
    });
  });

  test('has a text for each protocol', async () => {
    const arn = await topic();
    const queue = await subscribedQueue(arn, { RawMessageDelivery: 'true' });
    await publish(arn, JSON.stringify({ default: 'for all', sqs: 'for queues' }), { MessageStructure: 'json' });
    expect(await bodies(queue, 1)).toEqual(['for queues']);
  });

  test('goes to an HTTP endpoint once that has confirmed', async () => {
    const posts: { type: string | undefined; body: Record<string, string> }[] = [];
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (part) => (text += part));
      request.on('end', () => {
        posts.push({ type: String(request.headers['x-amz-sns-message-type']), body: JSON.parse(text) });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const Endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const arn = await topic();
    const made = await sns.send(new SubscribeCommand({ TopicArn: arn, Protocol: 'http', Endpoint }));
    expect(made.SubscriptionArn).toBe('pending confirmation');
    const asked = await until(async () => posts.find(({ type }) => type === 'SubscriptionConfirmation'));
    await publish(arn, 'too early');
    expect((await fetch(asked.body.SubscribeURL ?? '')).status).toBe(200);
    await publish(arn, 'in time');
    const got = await until(async () => posts.find(({ type }) => type === 'Notification'));
    expect(got.body.Message).toBe('in time');
    expect(posts).toHaveLength(2);
    // Anybody can guess a link that ends a subscription: it ends none.
    expect((await fetch(got.body.UnsubscribeURL ?? '')).status).toBe(405);
    expect((await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: arn }))).Subscriptions).toHaveLength(1);
  });

  test('to a person is kept to be read, and shown to programs alone', async () => {
    const arn = await topic();
    await sns.send(new SubscribeCommand({ TopicArn: arn, Protocol: 'email', Endpoint: 'someone@example.com' }));
    await publish(arn, 'dear you', { Subject: 'hello' });
    await sns.send(new PublishCommand({ PhoneNumber: '+15550100', Message: 'short' }));
    const url = `${fixture.endpoint.url}/_pipectl/sns/messages`;
    const { messages } = (await (await fetch(url, { headers: { 'X-Pipectl': '1' } })).json()) as { messages: object[] };
    expect(messages).toMatchObject([
      { protocol: 'email', endpoint: 'someone@example.com', topicArn: arn, subject: 'hello', message: 'dear you' },
      { protocol: 'sms', endpoint: '+15550100', message: 'short' },
    ]);
    expect((await fetch(url)).status).toBe(403);
  });

  test('that cannot be delivered goes to the dead-letter queue', async () => {
    const arn = await topic();
    made += 1;
    const dead = `dead${made}`;
    await sqs.send(new CreateQueueCommand({ QueueName: dead }));
    const queue = await subscribedQueue(arn, {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn(dead) }),
    });
    await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl(queue) }));
    await publish(arn, 'nowhere');
    const [text = ''] = await bodies(dead, 1);
    expect(JSON.parse(text)).toMatchObject({ Message: 'nowhere', TopicArn: arn });
  });
});

describe('a filter policy', () => {
  const sent: readonly [string, Record<string, { DataType: string; StringValue: string }>][] = [
    [
      '{"kind":"order","amount":50}',
      { kind: { DataType: 'String', StringValue: 'order' }, amount: { DataType: 'Number', StringValue: '50' } },
    ],
    [
      '{"kind":"refund","amount":5}',
      { kind: { DataType: 'String', StringValue: 'refund' }, amount: { DataType: 'Number', StringValue: '5' } },
    ],
    ['no JSON', { kind: { DataType: 'String.Array', StringValue: '["order","gift"]' } }],
  ];

  test.each<[policy: object, scope: string, wanted: number[]]>([
    [{ kind: ['order'] }, 'MessageAttributes', [0, 2]],
    [{ amount: [{ numeric: ['>', 10] }] }, 'MessageAttributes', [0]],
    [{ kind: [{ 'anything-but': ['order'] }], amount: [{ exists: true }] }, 'MessageAttributes', [1]],
    [{ amount: [{ numeric: ['<', 10] }] }, 'MessageBody', [1]],
    [{ kind: ['order', 'refund'] }, 'MessageBody', [0, 1]],
  ])('%j in %s', async (policy, FilterPolicyScope, wanted) => {
    const arn = await topic();
    const [filtered, all] = [
      await subscribedQueue(arn, {
        RawMessageDelivery: 'true',
        FilterPolicyScope,
        FilterPolicy: JSON.stringify(policy),
      }),
      await subscribedQueue(arn, { RawMessageDelivery: 'true' }),
    ];
    for (const [Message, MessageAttributes] of sent) await publish(arn, Message, { MessageAttributes });
    expect(await bodies(all, sent.length)).toHaveLength(sent.length);
    await until(async () => (await settled()) || undefined);
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl(filtered), MaxNumberOfMessages: 10 }),
    );
    expect(Messages.map(({ Body }) => Body).sort()).toEqual(wanted.map((index) => sent[index]?.[0]).sort());
  });

  /** Nothing waits for delivery any more. */
  async function settled(): Promise<boolean> {
    const answer = await fetch(`${fixture.endpoint.url}/_pipectl/settled`);
    return ((await answer.json()) as { pending: unknown[] }).pending.length === 0;
  }
});

test('a FIFO topic keeps the order of a group, and takes a message once', async () => {
  const arn = await topic({ FifoTopic: 'true', ContentBasedDeduplication: 'true' });
  const queue = await subscribedQueue(arn, { RawMessageDelivery: 'true' }, true);
  for (const text of ['1', '2', '2', '3']) await publish(arn, text, { MessageGroupId: 'g' });
  expect(await bodies(queue, 3)).toEqual(['1', '2', '3']);
});

test('a batch tells each failure beside what succeeded', async () => {
  const arn = await topic();
  const queue = await subscribedQueue(arn, { RawMessageDelivery: 'true' });
  const { Successful, Failed } = await sns.send(
    new PublishBatchCommand({
      TopicArn: arn,
      PublishBatchRequestEntries: [
        { Id: 'a', Message: 'fine' },
        { Id: 'b', Message: 'not fine', Subject: 'x'.repeat(101) },
      ],
    }),
  );
  expect([Successful?.map(({ Id }) => Id), Failed?.map(({ Id, Code }) => [Id, Code])]).toEqual([
    ['a'],
    [['b', 'InvalidParameter']],
  ]);
  expect(await bodies(queue, 1)).toEqual(['fine']);
});

test('topics and subscriptions are described, changed, listed, tagged and ended', async () => {
  const { TopicArn = '' } = await sns.send(
    new CreateTopicCommand({
      Name: 'described',
      Attributes: { DisplayName: 'D' },
      Tags: [{ Key: 'team', Value: 'x' }],
    }),
  );
  expect((await sns.send(new CreateTopicCommand({ Name: 'described' }))).TopicArn).toBe(TopicArn);
  expect((await sns.send(new ListTopicsCommand({}))).Topics).toContainEqual({ TopicArn });
  expect((await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags).toEqual([
    { Key: 'team', Value: 'x' },
  ]);
  const queue = await subscribedQueue(TopicArn);
  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  expect(Subscriptions).toMatchObject([{ Protocol: 'sqs', Endpoint: queueArn(queue), TopicArn }]);
  const SubscriptionArn = Subscriptions?.[0]?.SubscriptionArn;
  await sns.send(
    new SetSubscriptionAttributesCommand({
      SubscriptionArn,
      AttributeName: 'FilterPolicy',
      AttributeValue: '{"a":["b"]}',
    }),
  );
  const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  expect(Attributes).toMatchObject({
    FilterPolicy: '{"a":["b"]}',
    RawMessageDelivery: 'false',
    PendingConfirmation: 'false',
  });
  expect((await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes).toMatchObject({
    DisplayName: 'D',
    SubscriptionsConfirmed: '1',
    Owner: '000000000000',
  });
  await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  await sns.send(new DeleteTopicCommand({ TopicArn }));
  await expect(sns.send(new GetTopicAttributesCommand({ TopicArn }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});

describe('what SNS refuses', () => {
  test.each<[what: string, run: (arn: string) => Promise<unknown>, message: RegExp]>([
    [
      'an endpoint beyond this machine',
      (TopicArn) => sns.send(new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: 'https://example.com/' })),
      /this machine alone/,
    ],
    [
      'a protocol that is none',
      (TopicArn) => sns.send(new SubscribeCommand({ TopicArn, Protocol: 'pigeon', Endpoint: 'x' })),
      /does not support this protocol string: pigeon/,
    ],
    [
      'a filter that means nothing',
      (TopicArn) =>
        sns.send(
          new SubscribeCommand({
            TopicArn,
            Protocol: 'email',
            Endpoint: 'a@b.c',
            Attributes: { FilterPolicy: '{"a":"b"}' },
          }),
        ),
      /FilterPolicy/,
    ],
    ['an empty message', (arn) => publish(arn, ''), /Empty message/],
    ['a message that is too long', (arn) => publish(arn, 'x'.repeat(262_145)), /Message too long/],
    ['JSON without a default', (arn) => publish(arn, '{"sqs":"x"}', { MessageStructure: 'json' }), /No default entry/],
  ])('%s', async (_, run, message) => {
    await expect(run(await topic())).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(message),
    });
  });
});
