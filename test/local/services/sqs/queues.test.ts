import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  TagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../../src/lib/local/start-endpoint.js';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';

let endpoint: Endpoint;
let client: SQSClient;
const clock = new DrivenClock();
beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0, clock });
  client = new SQSClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await endpoint.close();
});

let made = 0;
async function queue(Attributes: Record<string, string> = {}): Promise<string> {
  made += 1;
  const QueueName = `q${made}${Attributes.FifoQueue ? '.fifo' : ''}`;
  return (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
}
const arnOf = async (QueueUrl: string): Promise<string> =>
  (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))).Attributes?.QueueArn ??
  '';
const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
const receive = async (QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];
const bodies = (messages: readonly Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);

describe('a standard queue', () => {
  test('hides what was received, gives it again when its time is over, and forgets what was deleted', async () => {
    const url = await queue({ VisibilityTimeout: '10' });
    await send(url, 'one');
    await send(url, 'two', { DelaySeconds: 5 });
    const [first] = await receive(url);
    expect(first?.Body).toBe('one');
    expect(await receive(url)).toEqual([]);
    clock.advance(6000);
    expect(bodies(await receive(url))).toEqual(['two']);
    clock.advance(5000);
    const [again] = await receive(url, { MessageSystemAttributeNames: ['All'] });
    expect(again).toMatchObject({ Body: 'one', Attributes: { ApproximateReceiveCount: '2' } });
    expect(again?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
    // An outdated handle deletes nothing.
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: again?.ReceiptHandle }));
    clock.advance(60_000);
    expect(bodies(await receive(url))).toEqual(['two']);
  });

  test('counts what is visible, in flight and delayed, and drops what is too old', async () => {
    const url = await queue({ MessageRetentionPeriod: '60' });
    await send(url, 'a');
    await send(url, 'b');
    await send(url, 'c', { DelaySeconds: 30 });
    await receive(url, { MaxNumberOfMessages: 1 });
    const counts = async () =>
      (await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }))).Attributes;
    expect(await counts()).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      VisibilityTimeout: '30',
      MaximumMessageSize: '1048576',
    });
    clock.advance(61_000);
    expect(await counts()).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });

  test('a long poll waits for the next message, and for one that becomes visible', async () => {
    const url = await queue();
    const waiting = receive(url, { WaitTimeSeconds: 20 });
    await send(url, 'late');
    expect(bodies(await waiting)).toEqual(['late']);
    await send(url, 'delayed', { DelaySeconds: 1 });
    expect(bodies(await receive(url, { WaitTimeSeconds: 20 }))).toEqual(['delayed']);
  });

  test('attributes come back as asked for, and the SDK agrees with every digest', async () => {
    const url = await queue();
    await send(url, 'héllo', {
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'order' },
        'x.count': { DataType: 'Number.int', StringValue: '12345678901234567890' },
        raw: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
      },
    });
    const [message] = await receive(url, { MessageAttributeNames: ['x.*', 'raw'], VisibilityTimeout: 0 });
    expect(Object.keys(message?.MessageAttributes ?? {}).sort()).toEqual(['raw', 'x.count']);
    expect(message?.MessageAttributes?.['x.count']?.StringValue).toBe('12345678901234567890');
    expect(
      Object.keys((await receive(url, { MessageAttributeNames: ['All'] }))[0]?.MessageAttributes ?? {}),
    ).toHaveLength(3);
  });

  test('a batch tells each failure beside what succeeded', async () => {
    const url = await queue();
    const { Successful, Failed } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'a', MessageBody: 'fine' },
          { Id: 'b', MessageBody: 'not \u0001 fine' },
          { Id: 'c', MessageBody: 'late', DelaySeconds: 901 },
        ],
      }),
    );
    expect(Successful?.map(({ Id }) => Id)).toEqual(['a']);
    expect(Failed?.map(({ Id, Code }) => [Id, Code])).toEqual([
      ['b', 'InvalidMessageContents'],
      ['c', 'InvalidParameterValue'],
    ]);
    const [message] = await receive(url);
    const deleted = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'x', ReceiptHandle: message?.ReceiptHandle },
          { Id: 'y', ReceiptHandle: 'made up' },
        ],
      }),
    );
    expect(deleted.Successful).toEqual([{ Id: 'x' }]);
    expect(deleted.Failed).toMatchObject([{ Id: 'y', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
  });

  test('a redrive policy moves what was received too often, and a move task brings it back', async () => {
    const dead = await queue();
    const policy = JSON.stringify({ deadLetterTargetArn: await arnOf(dead), maxReceiveCount: 2 });
    const url = await queue({ RedrivePolicy: policy, VisibilityTimeout: '0' });
    await send(url, 'poison');
    expect(bodies(await receive(url))).toEqual(['poison']);
    expect(bodies(await receive(url))).toEqual(['poison']);
    expect(await receive(url)).toEqual([]);
    const sources = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
    expect(sources.queueUrls).toEqual([url]);
    const [letter] = await receive(dead, { MessageSystemAttributeNames: ['All'], VisibilityTimeout: 0 });
    expect(letter).toMatchObject({ Body: 'poison', Attributes: { DeadLetterQueueSourceArn: await arnOf(url) } });
    await client.send(new StartMessageMoveTaskCommand({ SourceArn: await arnOf(dead) }));
    expect(bodies(await receive(url))).toEqual(['poison']);
  });
});

describe('a FIFO queue', () => {
  const FIFO = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };

  test('keeps the order of each group, and holds a group back while a message of it is in flight', async () => {
    const url = await queue({ ...FIFO, VisibilityTimeout: '10' });
    for (const [group, body] of [
      ['a', 'a1'],
      ['a', 'a2'],
      ['b', 'b1'],
      ['a', 'a3'],
      ['b', 'b2'],
    ] as const) {
      await send(url, body, { MessageGroupId: group });
    }
    const [first] = await receive(url, { MaxNumberOfMessages: 1 });
    expect(first?.Body).toBe('a1');
    expect(bodies(await receive(url))).toEqual(['b1', 'b2']);
    expect(await receive(url)).toEqual([]);
    await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
    expect(bodies(await receive(url))).toEqual(['a2', 'a3']);
    clock.advance(11_000);
    expect(bodies(await receive(url))).toEqual(['a2', 'b1', 'a3', 'b2']);
  });

  test('takes the same content once in five minutes', async () => {
    const url = await queue(FIFO);
    const { MessageId, SequenceNumber } = await send(url, 'same', { MessageGroupId: 'g' });
    expect(await send(url, 'same', { MessageGroupId: 'g' })).toMatchObject({ MessageId, SequenceNumber });
    expect(await send(url, 'other', { MessageGroupId: 'g' })).not.toMatchObject({ MessageId });
    expect(await receive(url)).toHaveLength(2);
    clock.advance(300_001);
    expect(await send(url, 'same', { MessageGroupId: 'g' })).not.toMatchObject({ MessageId });
  });
});

describe('what SQS refuses, in its words', () => {
  test.each<[what: string, run: () => Promise<unknown>, name: string, message: RegExp]>([
    [
      'a queue that is not there',
      () => client.send(new GetQueueUrlCommand({ QueueName: 'nosuch' })),
      'QueueDoesNotExist',
      /^The specified queue does not exist\.$/,
    ],
    [
      'a name that is none',
      () => client.send(new CreateQueueCommand({ QueueName: 'a b' })),
      'InvalidParameterValue',
      /1 to 80 in length/,
    ],
    [
      'a FIFO queue without its ending',
      () => client.send(new CreateQueueCommand({ QueueName: 'plain', Attributes: { FifoQueue: 'true' } })),
      'InvalidParameterValue',
      /must end with \.fifo/,
    ],
    ['a value out of range', () => queue({ VisibilityTimeout: '43201' }), 'InvalidAttributeValue', /VisibilityTimeout/],
    ['an attribute that is none', () => queue({ Colour: 'red' }), 'InvalidAttributeName', /Unknown Attribute Colour/],
    [
      'no group in a FIFO queue',
      async () => send(await queue({ FifoQueue: 'true' }), 'x'),
      'MissingParameter',
      /MessageGroupId/,
    ],
    [
      'a copy that it could not tell',
      async () => send(await queue({ FifoQueue: 'true' }), 'x', { MessageGroupId: 'g' }),
      'InvalidParameterValue',
      /ContentBasedDeduplication/,
    ],
    [
      'a message that is too long',
      async () => send(await queue({ MaximumMessageSize: '1024' }), 'x'.repeat(1025)),
      'InvalidParameterValue',
      /shorter than 1024 bytes/,
    ],
    [
      'too many at once',
      async () => receive(await queue(), { MaxNumberOfMessages: 11 }),
      'InvalidParameterValue',
      /Must be >= 1 and <= 10/,
    ],
    [
      'visibility of what nobody has',
      async () => {
        const url = await queue({ VisibilityTimeout: '0' });
        await send(url, 'x');
        const [message] = await receive(url);
        return client.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: url,
            ReceiptHandle: message?.ReceiptHandle,
            VisibilityTimeout: 1,
          }),
        );
      },
      'MessageNotInflight',
      /ReceiptHandle is invalid/,
    ],
    [
      'a second purge',
      async () => {
        const QueueUrl = await queue();
        await client.send(new PurgeQueueCommand({ QueueUrl }));
        return client.send(new PurgeQueueCommand({ QueueUrl }));
      },
      'PurgeQueueInProgress',
      /every 60 seconds/,
    ],
    [
      'dead letters for a queue that is not there',
      () =>
        queue({
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:gone',
            maxReceiveCount: 1,
          }),
        }),
      'InvalidParameterValue',
      /Dead letter target does not exist/,
    ],
  ])('%s', async (_, run, name, message) => {
    await expect(run()).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  test('a queue made twice with other settings', async () => {
    await client.send(new CreateQueueCommand({ QueueName: 'twice', Attributes: { DelaySeconds: '1' } }));
    const again = await client.send(new CreateQueueCommand({ QueueName: 'twice' }));
    expect(again.QueueUrl).toMatch(/\/000000000000\/twice$/);
    await expect(
      client.send(new CreateQueueCommand({ QueueName: 'twice', Attributes: { DelaySeconds: '2' } })),
    ).rejects.toMatchObject({ name: 'QueueNameExists' });
  });
});

test('queues are listed page by page, tagged, changed and deleted', async () => {
  const names = ['list-a', 'list-b', 'list-c'];
  for (const QueueName of names) await client.send(new CreateQueueCommand({ QueueName, tags: { team: 'x' } }));
  const first = await client.send(new ListQueuesCommand({ QueueNamePrefix: 'list-', MaxResults: 2 }));
  expect(first.QueueUrls).toHaveLength(2);
  await client.send(new DeleteQueueCommand({ QueueUrl: first.QueueUrls?.[0] }));
  const second = await client.send(
    new ListQueuesCommand({ QueueNamePrefix: 'list-', MaxResults: 2, NextToken: first.NextToken }),
  );
  expect(second.QueueUrls?.map((url) => url.split('/').at(-1))).toEqual(['list-c']);
  const QueueUrl = second.QueueUrls?.[0] ?? '';
  await client.send(new TagQueueCommand({ QueueUrl, Tags: { stage: 'test' } }));
  expect((await client.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ team: 'x', stage: 'test' });
  await client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '7' } }));
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
  );
  expect(Attributes).toEqual({ VisibilityTimeout: '7' });
});
