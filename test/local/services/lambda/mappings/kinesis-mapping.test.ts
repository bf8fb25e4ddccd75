import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  UpdateMaxRecordSizeCommand,
} from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  ListTagsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DrivenClock } from '../../../../../src/lib/shared/clock.js';
import { untilSettled } from '../../../until-settled.js';
import { type LambdaFixture, ROLE, startLambda, until } from '../start-lambda.js';

let fixture: LambdaFixture;
beforeAll(async () => {
  fixture = await startLambda({ limits: 'off' });
});
afterAll(() => fixture.close());

const streamArn = (name: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

async function createStream(name: string, shards = 1): Promise<void> {
  await fixture.kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
  await untilActive(name);
}

const untilActive = (name: string): Promise<true> =>
  until(async () => {
    const { StreamDescriptionSummary } = await fixture.kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: name }),
    );
    return StreamDescriptionSummary?.StreamStatus === 'ACTIVE' || undefined;
  });

/** Puts one record for each text; the key is the text's first letter. */
async function put(stream: string, texts: string[]): Promise<void> {
  await fixture.kinesis.send(
    new PutRecordsCommand({
      StreamName: stream,
      Records: texts.map((text) => ({ PartitionKey: text.slice(0, 1), Data: Buffer.from(text) })),
    }),
  );
}

/** A function that logs the texts it got, one batch a line, and fails for a batch in which one begins with `!`. */
const RECEIVER = `
const texts = (event) => event.Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());
exports.handler = async (event) => {
  process.stdout.write('BATCH ' + JSON.stringify(texts(event)) + '\\n');
  if (texts(event).some((text) => text.startsWith('!'))) throw new Error('cannot take it');
};
exports.whole = async (event) => { process.stdout.write('BATCH ' + JSON.stringify(event) + '\\n'); };
exports.slow = async (event) => { await new Promise((done) => setTimeout(done, 150)); return exports.handler(event); };
exports.partial = async (event) => {
  process.stdout.write('BATCH ' + JSON.stringify(texts(event)) + '\\n');
  const bad = event.Records.find(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString().startsWith('!'));
  return { batchItemFailures: bad ? [{ itemIdentifier: bad.kinesis.sequenceNumber }] : [] };
};`;

/** A stream, a function and an enabled mapping between them, all of one name. */
async function connect(
  name: string,
  options: Partial<CreateEventSourceMappingCommandInput> = {},
  { shards = 1, handler = 'index.handler' } = {},
): Promise<EventSourceMappingConfiguration> {
  await createStream(name, shards);
  await fixture.create(name, { 'index.js': RECEIVER }, { Handler: handler });
  const made = await fixture.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: name,
      EventSourceArn: streamArn(name),
      StartingPosition: 'TRIM_HORIZON',
      ...options,
    }),
  );
  if (options.Enabled !== false) await untilState(made, 'Enabled');
  return made;
}

const get = (mapping: EventSourceMappingConfiguration): Promise<EventSourceMappingConfiguration> =>
  fixture.lambda.send(new GetEventSourceMappingCommand({ UUID: mapping.UUID }));

const untilState = (mapping: EventSourceMappingConfiguration, state: string): Promise<true> =>
  until(async () => (await get(mapping)).State === state || undefined);

/** The batches the function of that name was given, once there are at least so many texts in them. */
async function batches(name: string, atLeast: number): Promise<string[][]> {
  return until(async () => {
    const found = await batchesNow(name);
    return found.flat().length >= atLeast ? found : undefined;
  });
}

async function batchesNow(name: string): Promise<string[][]> {
  const messages = await fixture.messages(`/aws/lambda/${name}`);
  return messages.filter((message) => message.startsWith('BATCH ')).map((message) => JSON.parse(message.slice(6)));
}

test("the event is AWS's, member for member", async () => {
  const before = Date.now() / 1000;
  await connect('shape', {}, { handler: 'index.whole' });
  await put('shape', ['hällo']);
  const [event] = (await until(async () => {
    const found = (await fixture.messages('/aws/lambda/shape')).filter((message) => message.startsWith('BATCH '));
    return found.length > 0 ? found.map((message) => JSON.parse(message.slice(6))) : undefined;
  })) as { Records: { kinesis: { sequenceNumber: string; approximateArrivalTimestamp: number } }[] }[];
  const sequenceNumber = event?.Records[0]?.kinesis.sequenceNumber;
  expect(event).toEqual({
    Records: [
      {
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: 'h',
          sequenceNumber: expect.stringMatching(/^\d{56}$/),
          data: Buffer.from('hällo').toString('base64'),
          approximateArrivalTimestamp: expect.any(Number),
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `shardId-000000000000:${sequenceNumber}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: ROLE,
        awsRegion: 'us-east-1',
        eventSourceARN: streamArn('shape'),
      },
    ],
  });
  const arrived = event?.Records[0]?.kinesis.approximateArrivalTimestamp ?? 0;
  expect(arrived).toBeGreaterThan(before - 1);
  expect(arrived).toBeLessThan(before + 60);
});

test('a mapping is shown with its defaults, found by function and by stream, and tagged', async () => {
  const made = await connect('shown', { Tags: { team: 'data' } });
  expect(made).toMatchObject({ State: 'Creating', LastProcessingResult: 'No records processed' });
  expect(await get(made)).toMatchObject({
    State: 'Enabled',
    StateTransitionReason: 'User action',
    BatchSize: 100,
    MaximumBatchingWindowInSeconds: 0,
    ParallelizationFactor: 1,
    MaximumRecordAgeInSeconds: -1,
    MaximumRetryAttempts: -1,
    BisectBatchOnFunctionError: false,
    FunctionResponseTypes: [],
    DestinationConfig: { OnFailure: {} },
    FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:shown',
    EventSourceArn: streamArn('shown'),
  });
  for (const filter of [{ FunctionName: 'shown' }, { EventSourceArn: streamArn('shown') }]) {
    const { EventSourceMappings } = await fixture.lambda.send(new ListEventSourceMappingsCommand(filter));
    expect(EventSourceMappings?.map(({ UUID }) => UUID)).toEqual([made.UUID]);
  }
  const { Tags } = await fixture.lambda.send(new ListTagsCommand({ Resource: made.EventSourceMappingArn }));
  expect(Tags).toEqual({ team: 'data' });
  await expect(
    fixture.lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: 'shown',
        EventSourceArn: streamArn('shown'),
        StartingPosition: 'LATEST',
      }),
    ),
  ).rejects.toMatchObject({ name: 'ResourceConflictException', message: expect.stringContaining(made.UUID ?? '') });
});

test('TRIM_HORIZON begins with the oldest record, LATEST after the mapping is enabled, AT_TIMESTAMP at its time', async () => {
  await createStream('positions');
  await put('positions', ['a-early']);
  await new Promise((resolve) => setTimeout(resolve, 30));
  const middle = new Date();
  await put('positions', ['b-middle']);
  for (const [name, position] of [
    ['from-horizon', { StartingPosition: 'TRIM_HORIZON' }],
    ['from-latest', { StartingPosition: 'LATEST' }],
    ['from-time', { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: middle }],
  ] as const) {
    await fixture.create(name, { 'index.js': RECEIVER });
    const made = await fixture.lambda.send(
      new CreateEventSourceMappingCommand({ FunctionName: name, EventSourceArn: streamArn('positions'), ...position }),
    );
    await untilState(made, 'Enabled');
  }
  await put('positions', ['c-late']);
  expect((await batches('from-horizon', 3)).flat()).toEqual(['a-early', 'b-middle', 'c-late']);
  expect((await batches('from-latest', 1)).flat()).toEqual(['c-late']);
  // AT_TIMESTAMP has the precision of seconds on the wire of this API, so an earlier record of the same second may come too.
  expect((await batches('from-time', 2)).flat().slice(-2)).toEqual(['b-middle', 'c-late']);
});

test('batches hold at most BatchSize records, and what waits goes together when the window ends', async () => {
  await connect('sized', { BatchSize: 3 }, { handler: 'index.slow' });
  await put('sized', ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7']);
  expect(await batches('sized', 7)).toEqual([['a1', 'a2', 'a3'], ['a4', 'a5', 'a6'], ['a7']]);

  await connect('windowed', { BatchSize: 10, MaximumBatchingWindowInSeconds: 1 });
  await put('windowed', ['a1']);
  await put('windowed', ['a2']);
  await put('windowed', ['a3']);
  expect(await batchesNow('windowed')).toEqual([]);
  expect(await batches('windowed', 3)).toEqual([['a1', 'a2', 'a3']]);
});

test('a failing batch comes again, as often as it may, and then the next one gets its turn', async () => {
  const mapping = await connect('retried', { MaximumRetryAttempts: 2, BatchSize: 2 });
  await put('retried', ['!bad', 'b', 'c', 'd']);
  expect(await batches('retried', 8)).toEqual([
    ['!bad', 'b'],
    ['!bad', 'b'],
    ['!bad', 'b'],
    ['c', 'd'],
  ]);
  await until(async () => (await get(mapping)).LastProcessingResult === 'OK' || undefined);
  expect(
    fixture.lines.some(
      (line) => line.includes(`mapping ${mapping.UUID}: 2 records`) && line.includes('RetryAttemptsExhausted'),
    ),
  ).toBe(true);
});

test('a failing function is told in LastProcessingResult, and blocks its shard while it may try again', async () => {
  const mapping = await connect('blocked', { BatchSize: 1 });
  await put('blocked', ['!bad', 'b']);
  await until(async () => (await get(mapping)).LastProcessingResult === 'PROBLEM: Function call failed' || undefined);
  await batches('blocked', 3);
  expect((await batchesNow('blocked')).flat()).not.toContain('b');
});

test('bisecting isolates the bad record, and all others arrive', async () => {
  await connect('bisected', { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0, BatchSize: 4 });
  await put('bisected', ['a', 'b', '!bad', 'd']);
  expect(await batches('bisected', 10)).toEqual([['a', 'b', '!bad', 'd'], ['a', 'b'], ['!bad', 'd'], ['!bad'], ['d']]);
});

test('reported item failures: what came before the first one is done', async () => {
  await connect(
    'partial',
    { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumRetryAttempts: 1, BatchSize: 4 },
    { handler: 'index.partial' },
  );
  await put('partial', ['a', 'b', '!bad', 'd', 'e']);
  expect(await batches('partial', 7)).toEqual([['a', 'b', '!bad', 'd'], ['!bad', 'd'], ['e']]);
});

test('reported item failures without another try: what is left of the batch is given up at once', async () => {
  const mapping = await connect(
    'untried',
    { FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumRetryAttempts: 0, Enabled: false },
    { handler: 'index.partial' },
  );
  await put('untried', ['a', '!bad', 'b']);
  await fixture.lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping.UUID, Enabled: true }));
  await batches('untried', 3);
  await put('untried', ['c']);
  expect(await batches('untried', 4)).toEqual([['a', '!bad', 'b'], ['c']]);
  expect(fixture.lines.some((line) => line.includes(`mapping ${mapping.UUID}: 2 records`))).toBe(true);
});

test('a mapping to a stream that is still being created waits for it, and has no trouble to tell of', async () => {
  const clock = new DrivenClock();
  const early = await startLambda({ clock });
  try {
    await early.create('early', { 'index.js': RECEIVER });
    await early.kinesis.send(new CreateStreamCommand({ StreamName: 'early', ShardCount: 1 }));
    const made = await early.lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: 'early',
        EventSourceArn: streamArn('early'),
        StartingPosition: 'TRIM_HORIZON',
      }),
    );
    const enabled = await until(async () => {
      clock.advance(10);
      const now = await early.lambda.send(new GetEventSourceMappingCommand({ UUID: made.UUID }));
      return now.State === 'Enabled' ? now : undefined;
    });
    expect(enabled.LastProcessingResult).toBe('No records processed');
  } finally {
    await early.close();
  }
});

test('records that are too old are not delivered, and the log says which', async () => {
  const clock = new DrivenClock();
  const aged = await startLambda({ clock });
  try {
    await aged.kinesis.send(new CreateStreamCommand({ StreamName: 'aged', ShardCount: 1 }));
    await aged.create('aged', { 'index.js': RECEIVER });
    const putOne = (text: string) => () =>
      aged.kinesis
        .send(new PutRecordCommand({ StreamName: 'aged', PartitionKey: 'k', Data: Buffer.from(text) }))
        .then(() => true as const)
        .catch(() => undefined); // while the stream is being created
    await until(putOne('old'));
    clock.advance(120_000);
    await until(putOne('new'));
    await aged.lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: 'aged',
        EventSourceArn: streamArn('aged'),
        StartingPosition: 'TRIM_HORIZON',
        MaximumRecordAgeInSeconds: 60,
      }),
    );
    await until(
      async () => (await aged.messages('/aws/lambda/aged')).some((each) => each.startsWith('BATCH')) || undefined,
    );
    const messages = await aged.messages('/aws/lambda/aged');
    expect(messages.filter((each) => each.startsWith('BATCH'))).toEqual(['BATCH ["new"]\n']);
    expect(aged.lines.some((line) => line.includes('1 records') && line.includes('RecordAgeExceeded'))).toBe(true);
  } finally {
    await aged.close();
  }
});

test('a batch that is given up goes to its on-failure bucket, records and all', async () => {
  const s3 = new S3Client({
    endpoint: fixture.endpoint.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'given-up' }));
  const mapping = await connect('gives-up', {
    MaximumRetryAttempts: 1,
    DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::given-up' } },
  });
  await put('gives-up', ['!bad']);
  const key = await until(
    async () => (await s3.send(new ListObjectsV2Command({ Bucket: 'given-up' }))).Contents?.[0]?.Key,
  );
  expect(key).toMatch(
    new RegExp(
      `^aws/lambda/${mapping.UUID}/shardId-000000000000/\\d{4}/\\d\\d/\\d\\d/\\d{4}-\\d\\d-\\d\\dT\\d\\d\\.\\d\\d\\.\\d\\d-[0-9a-f-]{36}$`,
    ),
  );
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'given-up', Key: key }));
  const record = JSON.parse((await Body?.transformToString()) ?? '');
  s3.destroy();
  expect(record).toMatchObject({
    version: '1.0',
    requestContext: {
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:gives-up',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 2,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 1, streamArn: streamArn('gives-up') },
  });
  expect(JSON.parse(record.payload).Records[0].kinesis.data).toBe(Buffer.from('!bad').toString('base64'));
});

test('a record that no event can hold is discarded without a try, and those around it arrive', async () => {
  await connect('huge', { MaximumRetryAttempts: 5 });
  await fixture.kinesis.send(
    new UpdateMaxRecordSizeCommand({ StreamARN: streamArn('huge'), MaxRecordSizeInKiB: 10_240 }),
  );
  await untilActive('huge');
  await put('huge', ['before', 'x'.repeat(5_000_000), 'after']);
  expect((await batches('huge', 2)).flat()).toEqual(['before', 'after']);
  expect(fixture.lines.filter((line) => line.includes('RecordTooLarge'))).toEqual([
    expect.stringContaining('1 records of shardId-000000000000 were discarded'),
  ]);
});

test('filters: only what matches reaches the function', async () => {
  await connect('filtered', {
    FilterCriteria: {
      Filters: [
        { Pattern: '{"data":{"kind":["order"],"amount":[{"numeric":[">",10]}]}}' },
        { Pattern: '{"data":{"missing":[{"exists":false}],"urgent":[true]}}' },
      ],
    },
  });
  await put('filtered', [
    '{"kind":"order","amount":5}',
    '{"kind":"order","amount":50}',
    'no json at all',
    '{"kind":"refund","urgent":true}',
    '{"kind":"refund","amount":50}',
  ]);
  await put('filtered', ['{"urgent":true}']);
  expect((await batches('filtered', 3)).flat()).toEqual([
    '{"kind":"order","amount":50}',
    '{"kind":"refund","urgent":true}',
    '{"urgent":true}',
  ]);
});

test('filters: data that is not JSON is dropped, also by what must not exist', async () => {
  await connect('only-json', { FilterCriteria: { Filters: [{ Pattern: '{"data":{"kind":[{"exists":false}]}}' }] } });
  await put('only-json', ['no json at all', '{"kind":"order"}', '{"cut":', '{"other":1}']);
  expect((await batches('only-json', 1)).flat()).toEqual(['{"other":1}']);
});

test('parallel lanes keep the order of each key', async () => {
  await connect('parallel', { ParallelizationFactor: 4, BatchSize: 5 });
  const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (let round = 0; round < 5; round++) {
    await put(
      'parallel',
      keys.flatMap((key) => [`${key}${round * 2}`, `${key}${round * 2 + 1}`]),
    );
  }
  const seen = (await batches('parallel', 60)).flat();
  expect(seen).toHaveLength(60);
  expect(new Set(seen).size).toBe(60);
  for (const key of keys) {
    expect(seen.filter((text) => text.startsWith(key))).toEqual(Array.from({ length: 10 }, (_, i) => `${key}${i}`));
  }
});

test('ten lanes that wait for another try are nothing that Node warns of', async () => {
  const warnings: string[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning.name);
  process.on('warning', onWarning);
  const mapping = await connect('ten-lanes', { ParallelizationFactor: 10 });
  const records = Array.from({ length: 60 }, (_, i) => ({ PartitionKey: `key-${i}`, Data: Buffer.from(`!${i}`) }));
  await fixture.kinesis.send(new PutRecordsCommand({ StreamName: 'ten-lanes', Records: records }));
  await batches('ten-lanes', 120);
  await fixture.lambda.send(new DeleteEventSourceMappingCommand({ UUID: mapping.UUID }));
  process.off('warning', onWarning);
  expect(warnings).not.toContain('MaxListenersExceededWarning');
});

test('after a split, the children come after all of their parent, in order for each key', async () => {
  await connect('split', { BatchSize: 2 }, { handler: 'index.slow' });
  await put('split', ['a0', 'b0', 'c0', 'a1', 'b1', 'c1']);
  await fixture.kinesis.send(
    new SplitShardCommand({
      StreamName: 'split',
      ShardToSplit: 'shardId-000000000000',
      NewStartingHashKey: (2n ** 127n).toString(),
    }),
  );
  await untilActive('split');
  await put('split', ['a2', 'b2', 'c2']);
  await fixture.kinesis.send(
    new MergeShardsCommand({
      StreamName: 'split',
      ShardToMerge: 'shardId-000000000001',
      AdjacentShardToMerge: 'shardId-000000000002',
    }),
  );
  await untilActive('split');
  await put('split', ['a3', 'b3', 'c3']);
  const seen = (await batches('split', 12)).flat();
  expect(seen).toHaveLength(12);
  for (const key of ['a', 'b', 'c']) {
    expect(seen.filter((text) => text.startsWith(key))).toEqual([0, 1, 2, 3].map((n) => `${key}${n}`));
  }
});

test('disabled, it delivers nothing and loses nothing; enabled again it goes on where it stood', async () => {
  const mapping = await connect('switched');
  await put('switched', ['a']);
  await batches('switched', 1);
  const off = await fixture.lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping.UUID, Enabled: false }));
  expect(off.State).toBe('Disabling');
  await untilState(mapping, 'Disabled');
  await put('switched', ['b', 'c']);
  await untilSettled(fixture.endpoint.url, 'switched');
  expect((await batchesNow('switched')).flat()).toEqual(['a']);
  const on = await fixture.lambda.send(
    new UpdateEventSourceMappingCommand({ UUID: mapping.UUID, Enabled: true, BatchSize: 1 }),
  );
  expect(on).toMatchObject({ State: 'Enabling', BatchSize: 1 });
  expect(await batches('switched', 3)).toEqual([['a'], ['b'], ['c']]);
  expect((await get(mapping)).State).toBe('Enabled');
});

test('an update while it runs changes the function and the factor, and loses nothing', async () => {
  const mapping = await connect('moved', { BatchSize: 1 }, { handler: 'index.slow' });
  await fixture.create('moved-2', { 'index.js': RECEIVER });
  await put('moved', ['a', 'b', 'c', 'd', 'e', 'f']);
  await batches('moved', 2);
  await fixture.lambda.send(
    new UpdateEventSourceMappingCommand({ UUID: mapping.UUID, FunctionName: 'moved-2', ParallelizationFactor: 3 }),
  );
  const both = await until(async () => {
    const all = [...(await batchesNow('moved')).flat(), ...(await batchesNow('moved-2')).flat()];
    return all.length >= 6 ? all : undefined;
  });
  expect([...both].sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect((await batchesNow('moved-2')).length).toBeGreaterThan(0);
});

test('created disabled, it takes its position when it is enabled', async () => {
  const mapping = await connect('asleep', { Enabled: false, StartingPosition: 'LATEST' });
  await untilState(mapping, 'Disabled');
  await put('asleep', ['before']);
  await fixture.lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping.UUID, Enabled: true }));
  await untilState(mapping, 'Enabled');
  await put('asleep', ['after']);
  expect((await batches('asleep', 1)).flat()).toEqual(['after']);
});

test('a consumer of a stream is an event source too, and named as such in the event', async () => {
  await createStream('fanned');
  const { Consumer } = await fixture.kinesis.send(
    new RegisterStreamConsumerCommand({ StreamARN: streamArn('fanned'), ConsumerName: 'mapping' }),
  );
  await fixture.create('fanned', { 'index.js': RECEIVER }, { Handler: 'index.whole' });
  const mapping = await fixture.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'fanned',
      EventSourceArn: Consumer?.ConsumerARN,
      StartingPosition: 'LATEST',
    }),
  );
  await untilState(mapping, 'Enabled');
  await put('fanned', ['a']);
  const line = await until(async () =>
    (await fixture.messages('/aws/lambda/fanned')).find((message) => message.startsWith('BATCH ')),
  );
  expect(JSON.parse(line.slice(6)).Records[0].eventSourceARN).toBe(Consumer?.ConsumerARN);
});

test('deleted, it is gone and delivers no more', async () => {
  const mapping = await connect('deleted');
  const gone = await fixture.lambda.send(new DeleteEventSourceMappingCommand({ UUID: mapping.UUID }));
  expect(gone.State).toBe('Deleting');
  await expect(get(mapping)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await put('deleted', ['a']);
  await untilSettled(fixture.endpoint.url, 'deleted');
  expect(await batchesNow('deleted')).toEqual([]);
});

test('a stream that goes away is told, and hurts no other mapping', async () => {
  const mapping = await connect('vanishing');
  await fixture.kinesis.send(new DeleteStreamCommand({ StreamName: 'vanishing' }));
  await until(async () => (await get(mapping)).LastProcessingResult?.startsWith('PROBLEM') || undefined);
});

test('a stream that is made again under its name is read from its beginning, each record once', async () => {
  const mapping = await connect('again', { StartingPosition: 'LATEST' }, { shards: 2 });
  await put('again', ['a0', 'b0']);
  await batches('again', 2);
  for (const round of [1, 2]) {
    await fixture.kinesis.send(new DeleteStreamCommand({ StreamName: 'again' }));
    await until(async () =>
      fixture.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'again' })).then(
        () => undefined,
        () => true,
      ),
    );
    await createStream('again', 2);
    await put('again', [`a${round}`, `b${round}`, `c${round}`]);
    await batches('again', 2 + 3 * round);
  }
  await put('again', ['a3']);
  const seen = (await batches('again', 9)).flat().sort();
  expect(seen).toEqual(['a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'b2', 'c1', 'c2']);
  await until(async () => (await get(mapping)).LastProcessingResult === 'OK' || undefined);
});

test.each([
  [
    'a stream that is not there',
    { EventSourceArn: streamArn('nowhere') },
    'InvalidParameterValueException',
    /Stream not found/,
  ],
  ['a function that is not there', { FunctionName: 'nobody' }, 'ResourceNotFoundException', /Function not found: arn/],
  ['no starting position', { StartingPosition: undefined }, 'InvalidParameterValueException', /startingPosition/],
  [
    'AT_TIMESTAMP without a time',
    { StartingPosition: 'AT_TIMESTAMP' },
    'InvalidParameterValueException',
    /StartingPositionTimestamp/,
  ],
  [
    'a time that has not come yet',
    { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: new Date('2199-01-01T00:00:00Z') },
    'InvalidParameterValueException',
    /^StartingPositionTimestamp cannot be in the future\.$/,
  ],
  [
    'a kind of answer that is none',
    { FunctionResponseTypes: ['ReportEverything' as 'ReportBatchItemFailures'] },
    'ValidationException',
    /'functionResponseTypes.*enum value set: \[ReportBatchItemFailures\]/,
  ],
  [
    'the queues of another source',
    { Queues: ['q'] },
    'InvalidParameterValueException',
    /Queues is not for Amazon Kinesis/,
  ],
  ['logs of its own', { LoggingConfig: { SystemLogLevel: 'INFO' } }, 'InvalidParameterValueException', /LoggingConfig/],
  ['an age of 5 s', { MaximumRecordAgeInSeconds: 5 }, 'InvalidParameterValueException', /between 60 and 604800/],
  ['a batch of 10,001', { BatchSize: 10_001 }, 'ValidationException', /batchSize.*less than or equal to 10000/],
  ['a factor of 11', { ParallelizationFactor: 11 }, 'ValidationException', /parallelizationFactor/],
  [
    'a tumbling window of 901 s',
    { TumblingWindowInSeconds: 901 },
    'ValidationException',
    /'tumblingWindowInSeconds'.*less than or equal to 900/,
  ],
  [
    'a destination that is none',
    { DestinationConfig: { OnFailure: { Destination: 'arn:aws:events:us-east-1:000000000000:event-bus/b' } } },
    'InvalidParameterValueException',
    /may name sqs, sns, s3/,
  ],
  [
    'another kind of source',
    { EventSourceArn: 'arn:aws:kafka:us-east-1:000000000000:cluster/c/1' },
    'InvalidParameterValueException',
    /mappings for kafka/,
  ],
  [
    'a filter that means nothing',
    { FilterCriteria: { Filters: [{ Pattern: '{"data":{"a":"b"}}' }] } },
    'InvalidParameterValueException',
    /Invalid filter pattern definition: data.a must be a list/,
  ],
  [
    'a filter over text',
    { FilterCriteria: { Filters: [{ Pattern: '{"data":["a"]}' }] } },
    'InvalidParameterValueException',
    /Invalid filter pattern definition: data must be a JSON pattern/,
  ],
  [
    'a filter over anything but data',
    { FilterCriteria: { Filters: [{ Pattern: '{"$or":[{"data":{"a":["b"]}},{"partitionKey":["a"]}]}' }] } },
    'InvalidParameterValueException',
    /can be filtered on data alone, not on partitionKey/,
  ],
] as const)('refuses %s', async (_what, wrong, name, message) => {
  await createStreamOnce();
  await expect(
    fixture.lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: 'refusing',
        EventSourceArn: streamArn('refusing'),
        StartingPosition: 'LATEST',
        ...(wrong as Partial<CreateEventSourceMappingCommandInput>),
      }),
    ),
  ).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
});

let made: Promise<void> | undefined;
const createStreamOnce = (): Promise<void> =>
  (made ??= createStream('refusing').then(async () => {
    await fixture.create('refusing', { 'index.js': RECEIVER });
  }));

test.each([
  ['drop', [['b']]],
  ['duplicate', [['a'], ['a'], ['b']]],
  ['error', [['a'], ['b']]],
] as const)('the fault %s at mapping.deliver strikes once', async (kind, expected) => {
  const name = `fault-${kind}`;
  await connect(name, { BatchSize: 1 });
  fixture.endpoint.faults.add({ at: 'mapping.deliver', kind, match: name });
  await put(name, ['a']);
  await put(name, ['b']);
  expect(await batches(name, expected.length)).toEqual(expected);
});
