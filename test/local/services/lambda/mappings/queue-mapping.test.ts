import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LambdaFixture, startLambda, until } from '../start-lambda.js';

let fixture: LambdaFixture;
let sqs: SQSClient;
beforeAll(async () => {
  fixture = await startLambda({});
  sqs = new SQSClient({
    endpoint: fixture.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  sqs.destroy();
  await fixture.close();
});

const arnOf = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const urlOf = (name: string): string => `${fixture.endpoint.url}/000000000000/${name}`;
const createQueue = (name: string, Attributes: Record<string, string> = {}) =>
  sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '3', ...Attributes } }));
const send = (name: string, MessageBody: string, more: object = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl: urlOf(name), MessageBody, ...more }));

/** Logs each batch; throws for one with a body that starts with `!`, or names such messages where it reports them. */
const RECEIVER = `
const texts = (event) => event.Records.map(({ body }) => body);
exports.handler = async (event) => {
  process.stdout.write('BATCH ' + JSON.stringify(texts(event)) + '\\n');
  if (texts(event).some((text) => text.startsWith('!'))) throw new Error('cannot take it');
};
exports.whole = async (event) => { process.stdout.write('BATCH ' + JSON.stringify(event) + '\\n'); };
exports.partial = async (event) => {
  process.stdout.write('BATCH ' + JSON.stringify(texts(event)) + '\\n');
  const bad = event.Records.filter(({ body }) => body.startsWith('!'));
  return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

async function connect(
  name: string,
  options: Partial<CreateEventSourceMappingCommandInput> = {},
  handler = 'index.handler',
): Promise<EventSourceMappingConfiguration> {
  const functionName = name.replace('.', '-');
  await fixture.create(functionName, { 'index.js': RECEIVER }, { Handler: handler });
  const made = await fixture.lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: functionName, EventSourceArn: arnOf(name), ...options }),
  );
  await untilState(made, 'Enabled');
  return made;
}

const untilState = ({ UUID }: EventSourceMappingConfiguration, state: string): Promise<true> =>
  until(async () => {
    const { State } = await fixture.lambda.send(new GetEventSourceMappingCommand({ UUID }));
    return State === state || undefined;
  });

async function batchesOf<T = string[]>(name: string, done: (batches: T[]) => boolean): Promise<T[]> {
  return until(async () => {
    const messages = await fixture.messages(`/aws/lambda/${name.replace('.', '-')}`);
    const found = messages
      .filter((message) => message.startsWith('BATCH '))
      .map((text) => JSON.parse(text.slice(6)) as T);
    return done(found) ? found : undefined;
  });
}

const untilEmpty = (name: string): Promise<true> =>
  until(async () => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: urlOf(name), AttributeNames: ['All'] }),
    );
    const left =
      Number(Attributes?.ApproximateNumberOfMessages) + Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
    return left === 0 || undefined;
  });

test('a message reaches the function as AWS hands it over, and is deleted', async () => {
  await createQueue('whole');
  await connect('whole', {}, 'index.whole');
  const { MessageId } = await send('whole', '{"n":1}', {
    MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
  });
  const [event] = await batchesOf<{ Records: object[] }>('whole', (batches) => batches.length === 1);
  expect(event?.Records).toEqual([
    {
      messageId: MessageId,
      receiptHandle: expect.any(String),
      body: '{"n":1}',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        SenderId: '000000000000',
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      },
      messageAttributes: {
        kind: { stringValue: 'x', stringListValues: [], binaryListValues: [], dataType: 'String' },
      },
      md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
      md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventSource: 'aws:sqs',
      eventSourceARN: arnOf('whole'),
      awsRegion: 'us-east-1',
    },
  ]);
  await untilEmpty('whole');
});

test('a failed batch comes again after the visibility timeout, and ends in the dead-letter queue', async () => {
  await createQueue('dead');
  await createQueue('failing', {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arnOf('dead'), maxReceiveCount: 2 }),
  });
  await connect('failing');
  await send('failing', '!bad');
  await untilEmpty('failing');
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: urlOf('dead'), WaitTimeSeconds: 10 }));
  expect(Messages?.map(({ Body }) => Body)).toEqual(['!bad']);
  expect(await batchesOf('failing', (batches) => batches.length >= 2)).toEqual([['!bad'], ['!bad']]);
});

test('of a batch with reported failures only those come again', async () => {
  await createQueue('partial');
  for (const body of ['a', '!b', 'c']) await send('partial', body);
  await connect('partial', { FunctionResponseTypes: ['ReportBatchItemFailures'] }, 'index.partial');
  const batches = await batchesOf('partial', (found) => found.flat().filter((body) => body === '!b').length >= 2);
  expect(
    batches
      .flat()
      .filter((body) => body !== '!b')
      .sort(),
  ).toEqual(['a', 'c']);
});

test('a window gathers a batch; what the filter keeps out is deleted', async () => {
  await createQueue('window');
  await connect('window', {
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 1,
    FilterCriteria: { Filters: [{ Pattern: '{"body":{"keep":[true]}}' }] },
    ScalingConfig: { MaximumConcurrency: 2 },
  });
  for (let n = 0; n < 30; n += 1) await send('window', JSON.stringify({ n, keep: n % 2 === 0 }));
  const batches = await batchesOf('window', (found) => found.flat().length >= 15);
  expect(batches.flat()).toHaveLength(15);
  expect(batches.length).toBeLessThan(15);
  await untilEmpty('window');
});

test('a FIFO queue keeps the order of its groups through failures', async () => {
  await createQueue('order.fifo', { FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  await connect('order.fifo', { BatchSize: 1 });
  for (const body of ['1', '2', '3', '4', '5']) await send('order.fifo', body, { MessageGroupId: 'g' });
  expect((await batchesOf('order.fifo', (found) => found.length >= 5)).flat()).toEqual(['1', '2', '3', '4', '5']);
});

test('a mapping that is disabled takes nothing until it is enabled again', async () => {
  await createQueue('paused');
  const mapping = await connect('paused');
  await fixture.lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping.UUID, Enabled: false }));
  await untilState(mapping, 'Disabled');
  await send('paused', 'waits');
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: urlOf('paused'), AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  expect(Attributes).toEqual({ ApproximateNumberOfMessages: '1' });
  await fixture.lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping.UUID, Enabled: true }));
  expect(await batchesOf('paused', (found) => found.length > 0)).toEqual([['waits']]);
});

describe('a mapping that AWS refuses', () => {
  beforeAll(async () => {
    await createQueue('refused');
    await createQueue('refused.fifo', { FifoQueue: 'true' });
    await fixture.create('refused', { 'index.js': RECEIVER }, { Handler: 'index.handler' });
    await fixture.create('patient', { 'index.js': RECEIVER }, { Handler: 'index.handler', Timeout: 60 });
  });
  test.each<[Partial<CreateEventSourceMappingCommandInput>, RegExp]>([
    [{ BatchSize: 11 }, /batch window in seconds must be greater than 0/],
    [{ StartingPosition: 'LATEST' }, /StartingPosition is not for Amazon SQS/],
    [{ FunctionName: 'patient' }, /Queue visibility timeout: 3 seconds is less than Function timeout: 60 seconds/],
    [{ EventSourceArn: arnOf('refused.fifo'), MaximumBatchingWindowInSeconds: 1 }, /not supported for FIFO/],
    [{ EventSourceArn: arnOf('nosuch') }, /NonExistentQueue/],
    [{ ScalingConfig: { MaximumConcurrency: 1 } }, /greater than or equal to 2/],
  ])('%j', async (options, message) => {
    const command = new CreateEventSourceMappingCommand({
      FunctionName: 'refused',
      EventSourceArn: arnOf('refused'),
      ...options,
    });
    await expect(fixture.lambda.send(command)).rejects.toThrow(message);
  });
});
