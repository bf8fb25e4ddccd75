// Whoever owns an ARN offers the port; mappings and asynchronous invocations ask the registry, and know nothing of the owner.
import {
  CreateEventSourceMappingCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BatchRecord } from '../../src/lib/batching/batch.js';
import { defineService, type ServiceEntry } from '../../src/lib/local/define-service.js';
import type { ShardSource } from '../../src/lib/local/ports.js';
import { SERVICES } from '../../src/lib/local/services.js';
import { AwsError } from '../../src/lib/local/wire/aws-error.js';
import { type LambdaFixture, startLambda } from './services/lambda/start-lambda.js';

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:failures';
const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000';

const received: unknown[] = [];
const topics = defineService({
  id: 'sns',
  title: 'Topics',
  state: () => received,
  operations: [],
  destinations: (messages) => [
    {
      accepts: ({ resource }) => !resource.includes('/'),
      mostBytes: 262_144,
      check: async () => {},
      deliver: async (arn, { body }, { region }) => {
        messages.push({ arn, region, body: JSON.parse(Buffer.from(body).toString('utf8')) });
      },
    },
  ],
});

/** A table's stream: one shard with two records, then closed. */
const shard: ShardSource = {
  kind: 'shards',
  streamArn: TABLE,
  list: async () => [{ ShardId: 'shard-1', isClosed: true }],
  iterator: async () => '0',
  records: async (shardId) => ({
    records: ['1', '2'].map((sequenceNumber) => ({
      shardId,
      sequenceNumber,
      partitionKey: 'k',
      arrivedMs: Date.now(),
    })),
    next: undefined,
  }),
  onChange: () => () => {},
  toEvent: (records: readonly BatchRecord[], { eventSourceArn }) =>
    Buffer.from(JSON.stringify({ Records: records.map(({ sequenceNumber }) => ({ eventSourceArn, sequenceNumber })) })),
  eventBytes: () => 100,
  filterable: ({ sequenceNumber }) => ({ dynamodb: { SequenceNumber: sequenceNumber } }),
  textOf: ({ sequenceNumber }) => sequenceNumber,
  batchInfo: 'DDBStreamBatchInfo',
};
const tables = defineService({
  id: 'dynamodb',
  title: 'Tables',
  state: () => shard,
  operations: [],
  eventSources: (source) => [
    {
      title: 'Amazon DynamoDB',
      accepts: ({ resource }) => /^table\/[^/]+\/stream\//.test(resource),
      async open(arn) {
        if (arn !== source.streamArn) throw new AwsError('ResourceNotFoundException', 'no such stream');
        return source;
      },
    },
  ],
});

const others = SERVICES.filter(({ id }) => id !== 'sns' && id !== 'dynamodb');
const own: readonly ServiceEntry[] = [
  { id: 'sns', load: async () => topics },
  { id: 'dynamodb', load: async () => tables },
];

let fixture: LambdaFixture;
beforeAll(async () => {
  fixture = await startLambda({ services: [...others, ...own] });
});
afterAll(() => fixture.close());

const until = async <Value>(find: () => Promise<Value | undefined>): Promise<Value> => {
  for (const deadline = Date.now() + 15_000; Date.now() < deadline; ) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come in time');
};

test('an asynchronous invocation that fails reaches a destination that any service may own', async () => {
  await fixture.create('never', { 'index.js': 'exports.handler = async () => "x"' });
  await fixture.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'never', ReservedConcurrentExecutions: 0 }),
  );
  const put = (Destination: string) =>
    fixture.lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: 'never',
        DestinationConfig: { OnFailure: { Destination } },
      }),
    );
  await expect(put(`${TOPIC}/not-a-topic`)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  await put(TOPIC);
  await fixture.lambda.send(new InvokeCommand({ FunctionName: 'never', InvocationType: 'Event', Payload: '{"k":1}' }));
  const message = await until(async () => received[0]);
  expect(message).toMatchObject({
    arn: TOPIC,
    region: 'us-east-1',
    body: { requestPayload: { k: 1 }, requestContext: { condition: 'ZeroReservedConcurrency' } },
  });
});

test('a mapping reads a source that any service may own, filters it and delivers its events', async () => {
  await fixture.create('reads', {
    'index.js': 'exports.handler = async (event) => { process.stdout.write("GOT " + JSON.stringify(event) + "\\n") }',
  });
  const map = (EventSourceArn: string) =>
    fixture.lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: 'reads',
        EventSourceArn,
        StartingPosition: 'TRIM_HORIZON',
        FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"SequenceNumber":["2"]}}' }] },
      }),
    );
  await expect(map(TABLE.replace('orders', 'gone'))).rejects.toThrow('Stream not found');
  await expect(map('arn:aws:kafka:us-east-1:000000000000:cluster/a')).rejects.toThrow(
    'event source mappings for kafka',
  );
  await map(TABLE);
  const got = await until(async () =>
    (await fixture.messages('/aws/lambda/reads')).find((message) => message.startsWith('GOT ')),
  );
  expect(JSON.parse(got.slice(4))).toEqual({ Records: [{ eventSourceArn: TABLE, sequenceNumber: '2' }] });
});
