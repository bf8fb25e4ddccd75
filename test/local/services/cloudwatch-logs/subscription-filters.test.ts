import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteSubscriptionFilterCommand,
  DescribeSubscriptionFiltersCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  waitUntilStreamExists,
  waitUntilStreamNotExists,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../../src/lib/local/start-endpoint.js';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';
import { pendingAt, untilSettled } from '../../until-settled.js';
import { startLogs } from './start-logs.js';

interface Envelope {
  messageType: string;
  owner: string;
  logGroup: string;
  logStream: string;
  subscriptionFilters: string[];
  logEvents: { id: string; timestamp: number; message: string }[];
}

const ROLE = 'arn:aws:iam::000000000000:role/to-kinesis';
const streamArn = (name: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

let endpoint: Endpoint;
let logs: CloudWatchLogsClient;
let kinesis: KinesisClient;
const said: string[] = [];

const settings = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
};
const kinesisAt = (url: string): KinesisClient =>
  new KinesisClient({ ...settings, endpoint: url, requestHandler: new NodeHttpHandler() });

beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0, log: (line) => said.push(line) });
  logs = new CloudWatchLogsClient({ ...settings, endpoint: endpoint.url });
  kinesis = kinesisAt(endpoint.url);
});

afterAll(async () => {
  logs.destroy();
  kinesis.destroy();
  await endpoint.close();
});

async function createStream(name: string, shards = 1): Promise<void> {
  await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
  await waitUntilStreamExists(
    { client: kinesis, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 },
    { StreamName: name },
  );
}

async function createGroup(name: string, ...streams: string[]): Promise<void> {
  await logs.send(new CreateLogGroupCommand({ logGroupName: name }));
  for (const logStreamName of streams) {
    await logs.send(new CreateLogStreamCommand({ logGroupName: name, logStreamName }));
  }
}

const subscribe = (group: string, stream: string, filterPattern = '', filterName = 'to-kinesis') =>
  logs.send(
    new PutSubscriptionFilterCommand({
      logGroupName: group,
      filterName,
      filterPattern,
      destinationArn: streamArn(stream),
      roleArn: ROLE,
    }),
  );

const put = (group: string, stream: string, ...messages: string[]) => {
  const now = Date.now();
  return logs.send(
    new PutLogEventsCommand({
      logGroupName: group,
      logStreamName: stream,
      logEvents: messages.map((message) => ({ timestamp: now, message })),
    }),
  );
};

/** The stream's records from the start, with their partition keys, until `enough` of them are there. */
async function readEnvelopes(
  stream: string,
  enough: (envelopes: Envelope[]) => boolean,
  client = kinesis,
): Promise<{ envelope: Envelope; partitionKey: string }[]> {
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: stream }));
  const iterators = await Promise.all(
    Shards.map(async ({ ShardId }) => {
      const position = { StreamName: stream, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
      return (await client.send(new GetShardIteratorCommand(position))).ShardIterator;
    }),
  );
  const found: { envelope: Envelope; partitionKey: string }[] = [];
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
    for (const [index, ShardIterator] of iterators.entries()) {
      // A shard gives five reads and 2 MiB a second; a refused read leaves the iterator where it is.
      const page = await client.send(new GetRecordsCommand({ ShardIterator })).catch((error: Error) => {
        if (error.name !== 'ProvisionedThroughputExceededException') throw error;
        return { Records: [], NextShardIterator: ShardIterator };
      });
      iterators[index] = page.NextShardIterator;
      for (const { Data, PartitionKey } of page.Records ?? []) {
        const envelope: Envelope = JSON.parse(gunzipSync(Data ?? new Uint8Array()).toString());
        found.push({ envelope, partitionKey: PartitionKey ?? '' });
      }
    }
    if (enough(found.map(({ envelope }) => envelope))) break;
    await new Promise((resolve) => setTimeout(resolve, 220));
  }
  return found;
}

const messagesOf = (envelopes: Envelope[]): string[] =>
  envelopes
    .filter(({ messageType }) => messageType === 'DATA_MESSAGE')
    .flatMap(({ logEvents }) => logEvents.map(({ message }) => message));

describe('a subscription filter to Kinesis', () => {
  it('sends the control message first, then what matches, in gzip envelopes as AWS does', async () => {
    await createStream('first');
    await createGroup('/test/first', 'a');
    await subscribe('/test/first', 'first', '{ ($.event_class = *) && ($.event_type = *) }');
    const event = JSON.stringify({ event_class: 'order', event_type: 'created', n: 1 });
    await put('/test/first', 'a', 'START RequestId: 1', event, '{"event_class":"order"}', 'END RequestId: 1');

    const found = await readEnvelopes('first', (envelopes) => envelopes.length >= 2);
    expect(found.map(({ envelope }) => envelope)).toEqual([
      {
        messageType: 'CONTROL_MESSAGE',
        owner: 'CloudwatchLogs',
        logGroup: '',
        logStream: '',
        subscriptionFilters: [],
        logEvents: [
          {
            id: '',
            timestamp: expect.any(Number),
            message: 'CWL CONTROL MESSAGE: Checking health of destination Kinesis stream.',
          },
        ],
      },
      {
        messageType: 'DATA_MESSAGE',
        owner: '000000000000',
        logGroup: '/test/first',
        logStream: 'a',
        subscriptionFilters: ['to-kinesis'],
        logEvents: [{ id: expect.stringMatching(/^\d{56}$/), timestamp: expect.any(Number), message: event }],
      },
    ]);
  });

  it('keeps the order of a log stream, under one partition key', async () => {
    await createStream('ordered', 2);
    await createGroup('/test/ordered', 'a', 'b');
    await subscribe('/test/ordered', 'ordered');
    for (let n = 0; n < 20; n += 1) await put('/test/ordered', n % 2 === 0 ? 'a' : 'b', `${n}`);

    const found = await readEnvelopes('ordered', (envelopes) => messagesOf(envelopes).length >= 20);
    for (const [stream, parity] of [
      ['a', 0],
      ['b', 1],
    ] as const) {
      const mine = found.filter(({ envelope }) => envelope.logStream === stream);
      expect(messagesOf(mine.map(({ envelope }) => envelope))).toEqual(
        Array.from({ length: 10 }, (_, n) => `${n * 2 + parity}`),
      );
      expect(new Set(mine.map(({ partitionKey }) => partitionKey)).size).toBe(1);
    }
  });

  it('extracts the fields that a space-delimited pattern names, as for the AWS forwarder to OpenSearch', async () => {
    await createStream('fields');
    await createGroup('/test/fields', 'a');
    await subscribe('/test/fields', 'fields', '[level=ERROR, code, , ...]');
    await put('/test/fields', 'a', 'ERROR 500 "disk full" at once', 'INFO 200 ok');
    const found = await readEnvelopes('fields', (envelopes) => messagesOf(envelopes).length >= 1);
    expect(found[1]?.envelope.logEvents).toEqual([
      {
        id: expect.any(String),
        timestamp: expect.any(Number),
        message: 'ERROR 500 "disk full" at once',
        extractedFields: { level: 'ERROR', code: '500', 3: 'disk full', 4: 'at', 5: 'once' },
      },
    ]);
  });

  it('gives each envelope a key of its own when asked for Random', async () => {
    await createStream('random');
    await createGroup('/test/random', 'a');
    await logs.send(
      new PutSubscriptionFilterCommand({
        logGroupName: '/test/random',
        filterName: 'f',
        filterPattern: '',
        destinationArn: streamArn('random'),
        roleArn: ROLE,
        distribution: 'Random',
      }),
    );
    for (let n = 0; n < 5; n += 1) await put('/test/random', 'a', `${n}`);
    const found = await readEnvelopes('random', (envelopes) => messagesOf(envelopes).length >= 5);
    expect(messagesOf(found.map(({ envelope }) => envelope))).toEqual(['0', '1', '2', '3', '4']);
    expect(new Set(found.map(({ partitionKey }) => partitionKey)).size).toBe(6);
  });

  it('waits for a shard that throttles, and keeps the order', async () => {
    const clock = new DrivenClock(Date.now());
    const own = await startLogs({ clock });
    const client = kinesisAt(own.endpoint.url);
    try {
      await client.send(new CreateStreamCommand({ StreamName: 'throttled', ShardCount: 1 }));
      clock.advance(10_000);
      await own.createGroup('/g', 'a');
      const filter = { logGroupName: '/g', filterName: 'f', filterPattern: '', roleArn: ROLE };
      await own.logs.send(new PutSubscriptionFilterCommand({ ...filter, destinationArn: streamArn('throttled') }));
      clock.advance(1000);
      // 76 KiB each after compression, through a shard that takes 1 MiB/s, in a second that does not pass: 13 fit in.
      const messages = Array.from({ length: 28 }, (_, n) => `${n} ${randomBytes(75_000).toString('base64')}`);
      for (const message of messages) await own.put('/g', 'a', [message]);
      await vi.waitFor(
        async () => expect(await pendingAt(own.endpoint.url)).toHaveLength(messages.length - 13),
        10_000,
      );
      for (let left = 1; left > 0; left = (await pendingAt(own.endpoint.url)).length) clock.advance(1000);
      const found = await readEnvelopes('throttled', () => true, client);
      expect(messagesOf(found.map(({ envelope }) => envelope))).toEqual(messages);
    } finally {
      client.destroy();
      await own.close();
    }
  });

  it('delivers to two filters and refuses a third', async () => {
    await createStream('two-a');
    await createStream('two-b');
    await createGroup('/test/two', 'a');
    await subscribe('/test/two', 'two-a', 'ERROR', 'errors');
    await subscribe('/test/two', 'two-b', '-ERROR', 'the-rest');
    await expect(subscribe('/test/two', 'two-b', '', 'third')).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Resource limit exceeded.',
    });
    // The same name again replaces.
    await subscribe('/test/two', 'two-a', 'ERROR -ignored', 'errors');
    await put('/test/two', 'a', 'ERROR one', 'fine', 'ERROR ignored');
    await untilSettled(endpoint.url);
    const errors = await readEnvelopes('two-a', (envelopes) => messagesOf(envelopes).length >= 1);
    const rest = await readEnvelopes('two-b', (envelopes) => messagesOf(envelopes).length >= 1);
    expect(messagesOf(errors.map(({ envelope }) => envelope))).toEqual(['ERROR one']);
    expect(messagesOf(rest.map(({ envelope }) => envelope))).toEqual(['fine']);
  });

  it('says what it loses when its stream goes: the first at once, the rest together', async () => {
    const own = await startLogs();
    try {
      const client = kinesisAt(own.endpoint.url);
      const StreamName = 'short-lived';
      await client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
      await waitUntilStreamExists({ client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 }, { StreamName });
      await own.createGroup('/g', 's');
      await own.logs.send(
        new PutSubscriptionFilterCommand({
          logGroupName: '/g',
          filterName: 'f',
          filterPattern: '',
          destinationArn: streamArn(StreamName),
          roleArn: ROLE,
        }),
      );
      await client.send(new DeleteStreamCommand({ StreamName }));
      await waitUntilStreamNotExists({ client, maxWaitTime: 10, minDelay: 0.05, maxDelay: 0.1 }, { StreamName });
      client.destroy();
      await own.put('/g', 's', ['one', 'two']);
      for (let n = 0; n < 5; n += 1) await own.put('/g', 's', ['three', 'four']);
    } finally {
      await own.close();
    }
    const lost = own.said.flatMap((line) => /lost (\d+) log event/.exec(line)?.[1] ?? []);
    expect(lost).toEqual(['2', '10']);
  });

  it('is described, deleted, and then delivers no more', async () => {
    await createStream('ended');
    await createGroup('/test/ended', 'a');
    await subscribe('/test/ended', 'ended', 'x');
    const { subscriptionFilters } = await logs.send(
      new DescribeSubscriptionFiltersCommand({ logGroupName: '/test/ended' }),
    );
    expect(subscriptionFilters).toEqual([
      {
        filterName: 'to-kinesis',
        logGroupName: '/test/ended',
        filterPattern: 'x',
        destinationArn: streamArn('ended'),
        roleArn: ROLE,
        distribution: 'ByLogStream',
        applyOnTransformedLogs: false,
        creationTime: expect.any(Number),
      },
    ]);
    const remove = () =>
      logs.send(new DeleteSubscriptionFilterCommand({ logGroupName: '/test/ended', filterName: 'to-kinesis' }));
    await remove();
    await expect(remove()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified subscription filter does not exist.',
    });
    await put('/test/ended', 'a', 'x');
    await untilSettled(endpoint.url);
    expect(await readEnvelopes('ended', (envelopes) => envelopes.length >= 1)).toHaveLength(1);
  });

  it.each([
    [
      'a group that is not there',
      { logGroupName: '/test/nowhere' },
      'ResourceNotFoundException',
      'The specified log group does not exist.',
    ],
    [
      'a stream that is not there',
      { destinationArn: streamArn('nowhere') },
      'InvalidParameterException',
      'Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state.',
    ],
    [
      'a pattern that does not parse',
      { filterPattern: 'a:b' },
      'InvalidParameterException',
      "Invalid character(s) in term ':'",
    ],
    [
      'a pattern with a letter in the wrong place',
      { filterPattern: '"a"b' },
      'InvalidParameterException',
      'Invalid subscription filter pattern',
    ],
    [
      'a stream without a role',
      { roleArn: undefined },
      'InvalidParameterException',
      'destinationArn for vendor kinesis cannot be used without roleArn',
    ],
    [
      'criteria',
      { fieldSelectionCriteria: 'x' },
      'InvalidParameterException',
      'fieldSelectionCriteria is not implemented',
    ],
    ['system fields', { emitSystemFields: ['@aws.region'] }, 'InvalidParameterException', 'emitSystemFields is not'],
    [
      'a distribution that is not there',
      { distribution: 'Evenly' as never },
      'InvalidParameterException',
      "Value 'Evenly' at 'distribution' failed to satisfy constraint: Member must satisfy enum value set: [Random, ByLogStream]",
    ],
  ])('refuses %s', async (_, change, name, message) => {
    const group = '/test/refusing';
    await createGroup(group).catch(() => {});
    const input = {
      logGroupName: group,
      filterName: 'f',
      filterPattern: '',
      destinationArn: streamArn('first'),
      roleArn: ROLE,
      ...change,
    };
    const refusal = logs.send(new PutSubscriptionFilterCommand(input));
    await expect(refusal).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });
});

describe('faults at logs.deliver', () => {
  const run = async (name: string, fault: Parameters<Endpoint['faults']['add']>[0], expected: number) => {
    await createStream(name);
    await createGroup(`/test/${name}`, 'a');
    await subscribe(`/test/${name}`, name);
    endpoint.faults.add(fault);
    for (const message of ['one', 'two', 'three']) await put(`/test/${name}`, 'a', message);
    await untilSettled(endpoint.url);
    expect(endpoint.faults.armed()).toEqual([]);
    const found = await readEnvelopes(name, (envelopes) => messagesOf(envelopes).length >= expected);
    return messagesOf(found.map(({ envelope }) => envelope));
  };

  it('drop loses exactly the one that matches', async () => {
    expect(await run('dropping', { at: 'logs.deliver', kind: 'drop', match: 'two' }, 2)).toEqual(['one', 'three']);
  });
  it('duplicate delivers it twice', async () => {
    expect(await run('doubling', { at: 'logs.deliver', kind: 'duplicate', match: 'two' }, 4)).toEqual([
      'one',
      'two',
      'two',
      'three',
    ]);
  });
  it('reorder lets the next one pass', async () => {
    expect(await run('swapping', { at: 'logs.deliver', kind: 'reorder', match: 'two', delayMs: 3000 }, 3)).toEqual([
      'one',
      'three',
      'two',
    ]);
  });
  it('an error that throttles is tried again, in order', async () => {
    const fault = { at: 'logs.deliver', kind: 'error', match: 'two', code: 'ThrottlingException' } as const;
    expect(await run('throttling', fault, 3)).toEqual(['one', 'two', 'three']);
  });
  it('an error for good is said, with what was lost', async () => {
    const fault = {
      at: 'logs.deliver',
      kind: 'error',
      match: 'two',
      code: 'AccessDeniedException',
      message: 'no',
    } as const;
    expect(await run('denying', fault, 2)).toEqual(['one', 'three']);
    expect(said.filter((line) => line.includes('/test/denying'))).toEqual([
      `cloudwatch-logs: subscription filter to-kinesis of /test/denying lost 1 log event(s) for ${streamArn('denying')}: no`,
    ]);
  });
});
