import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  InvokeCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createActivity } from '../../src/lib/local/activity.js';
import { type StandingEndpoint, standEndpoint } from '../e2e/standing-endpoint.js';

let standing: StandingEndpoint;
beforeAll(async () => {
  standing = await standEndpoint();
  await standing.makeStream('work', 1);
  await standing.makeFunction(
    'worker',
    `export const handler = async (event) => {
  const text = JSON.stringify(event.Records ? event.Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString()) : event);
  await new Promise((resolve) => setTimeout(resolve, 300));
  if (text.includes('fail')) throw new Error('asked for');
};`,
  );
});
afterAll(() => standing.close());

interface Settled {
  settled: boolean;
  count: number;
  pending: { id: string; what: string }[];
}
const look = async (): Promise<Settled> => {
  const answer = await fetch(`${standing.clients.target.endpointUrl}/_pipectl/settled`);
  return (await answer.json()) as Settled;
};
const settled = () =>
  vi.waitFor(async () => expect(await look()).toEqual({ settled: true, count: 0, pending: [] }), 10_000);
const whats = async (): Promise<string[]> => (await look()).pending.map(({ what }) => what);

describe('GET /_pipectl/settled', () => {
  it('names a running invocation, and the asynchronous one that waits for it', async () => {
    const lambda = await standing.clients.lambda();
    await lambda.send(
      new InvokeCommand({ FunctionName: 'worker', InvocationType: 'Event', Payload: Buffer.from('{}') }),
    );
    expect(await whats()).toContain('asynchronous invocation of worker');
    await vi.waitFor(async () => expect(await whats()).toContain('invocation of worker'));
    await settled();
  });

  it('names an asynchronous invocation that waits for its retry', async () => {
    const lambda = await standing.clients.lambda();
    await lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: 'worker',
        MaximumRetryAttempts: 1,
        MaximumEventAgeInSeconds: 60,
      }),
    );
    const Payload = Buffer.from('{"fail":true}');
    await lambda.send(new InvokeCommand({ FunctionName: 'worker', InvocationType: 'Event', Payload }));
    // Its retry would be due when it is too old, so it is given up, and nothing waits.
    await settled();
    await lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: 'worker',
        MaximumRetryAttempts: 1,
        MaximumEventAgeInSeconds: 21_600,
      }),
    );
    await lambda.send(new InvokeCommand({ FunctionName: 'worker', InvocationType: 'Event', Payload }));
    await vi.waitFor(
      async () => expect(await whats()).toContain('retry of an asynchronous invocation of worker'),
      10_000,
    );
  });
});

describe('a mapping', () => {
  let mappings: StandingEndpoint;
  beforeAll(async () => {
    mappings = standing;
    standing = await standEndpoint();
    await standing.makeStream('work', 1);
    await standing.makeFunction('worker', 'export const handler = async () => {};');
  });
  afterAll(async () => {
    await standing.close();
    standing = mappings;
  });

  it('is named while records wait for its batching window, and a subscription filter while its delivery waits', async () => {
    const lambda = await standing.clients.lambda();
    await lambda.send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/work',
        FunctionName: 'worker',
        StartingPosition: 'TRIM_HORIZON',
        MaximumBatchingWindowInSeconds: 1,
      }),
    );
    await settled();
    const kinesis = await standing.clients.kinesis();
    await kinesis.send(new PutRecordCommand({ StreamName: 'work', PartitionKey: 'x', Data: Buffer.from('a') }));
    expect(await whats()).not.toEqual([]);
    await vi.waitFor(async () => expect(await whats()).toEqual(['event source mapping from work to worker']));
    await settled();

    const logs = await standing.clients.logs();
    const logGroupName = 'lines';
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'a' }));
    await logs.send(
      new PutSubscriptionFilterCommand({
        logGroupName,
        filterName: 'all',
        filterPattern: '',
        destinationArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/work',
        roleArn: 'arn:aws:iam::000000000000:role/any',
      }),
    );
    await settled();
    standing.addFault({ at: 'logs.deliver', kind: 'delay', delayMs: 500 });
    const logEvents = [{ timestamp: Date.now(), message: 'one' }];
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: 'a', logEvents }));
    expect(await whats()).toEqual(['delivery of subscription filter all']);
    await settled();
  });
});

it('an activity forgets what has ended and what nobody watches, and nothing else', () => {
  const activity = createActivity();
  const [first, second] = [activity.begin('a'), activity.begin('a')];
  const unwatch = activity.watch(() => [{ id: 'm', what: 'mapping' }]);
  expect(activity.pending().map(({ what }) => what)).toEqual(['a', 'a', 'mapping']);
  first();
  first();
  unwatch();
  expect(activity.pending()).toEqual([{ id: '2', what: 'a' }]);
  second();
  expect(activity.pending()).toEqual([]);
});
