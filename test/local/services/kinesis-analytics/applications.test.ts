import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import {
  AddApplicationOutputCommand,
  CreateApplicationCommand,
  DeleteApplicationCommand,
  DescribeApplicationCommand,
  KinesisAnalyticsV2Client,
  ListApplicationsCommand,
  ListTagsForResourceCommand,
  StartApplicationCommand,
  StopApplicationCommand,
  UpdateApplicationCommand,
} from '@aws-sdk/client-kinesis-analytics-v2';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeStream, readAll } from '../../../produce/local-load.js';
import { type LambdaFixture, startLambda } from '../lambda/start-lambda.js';

let fixture: LambdaFixture;
let kinesis: KinesisClient;
let analytics: KinesisAnalyticsV2Client;
const role = 'arn:aws:iam::000000000000:role/r';
const arnOfStream = (name: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;

beforeAll(async () => {
  fixture = await startLambda({ limits: 'off' });
  kinesis = fixture.kinesis;
  analytics = new KinesisAnalyticsV2Client({
    endpoint: fixture.endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    requestHandler: new NodeHttpHandler(),
  });
});
afterAll(() => fixture.close());

const put = (StreamName: string, values: object[]): Promise<unknown> =>
  kinesis.send(
    new PutRecordsCommand({
      StreamName,
      Records: values.map((value, n) => ({ Data: Buffer.from(JSON.stringify(value)), PartitionKey: `k${n}` })),
    }),
  );
const CODE = `CREATE OR REPLACE STREAM "OUT" ("id" VARCHAR(8), "transaction" INTEGER);
  CREATE OR REPLACE PUMP "P" AS INSERT INTO "OUT"
  SELECT STREAM "id", "transaction" FROM "SOURCE_SQL_STREAM_001" WHERE "transaction" > 9000;`;
const statusOf = async (ApplicationName: string): Promise<string | undefined> =>
  (await analytics.send(new DescribeApplicationCommand({ ApplicationName }))).ApplicationDetail?.ApplicationStatus;
const start = (ApplicationName: string, InputStartingPosition: 'NOW' | 'TRIM_HORIZON' | 'LAST_STOPPED_POINT') =>
  analytics.send(
    new StartApplicationCommand({
      ApplicationName,
      RunConfiguration: {
        SqlRunConfigurations: [{ InputId: '1.1', InputStartingPositionConfiguration: { InputStartingPosition } }],
      },
    }),
  );

function create(name: string, stream: string, output: object, code = CODE) {
  return analytics.send(
    new CreateApplicationCommand({
      ApplicationName: name,
      RuntimeEnvironment: 'SQL-1_0',
      ServiceExecutionRole: role,
      Tags: [{ Key: 'team', Value: 'a' }],
      ApplicationConfiguration: {
        ApplicationCodeConfiguration: { CodeContentType: 'PLAINTEXT', CodeContent: { TextContent: code } },
        SqlApplicationConfiguration: {
          Inputs: [
            {
              NamePrefix: 'SOURCE_SQL_STREAM',
              KinesisStreamsInput: { ResourceARN: arnOfStream(stream) },
              InputSchema: {
                RecordFormat: {
                  RecordFormatType: 'JSON',
                  MappingParameters: { JSONMappingParameters: { RecordRowPath: '$' } },
                },
                RecordColumns: [
                  { Name: 'id', SqlType: 'VARCHAR(8)', Mapping: '$.id' },
                  { Name: 'transaction', SqlType: 'INTEGER', Mapping: '$.transaction' },
                ],
              },
            },
          ],
          Outputs: [{ Name: 'OUT', DestinationSchema: { RecordFormatType: 'JSON' }, ...output }],
        },
      },
    }),
  );
}

describe('an application that writes to a stream', () => {
  const rows = async (): Promise<string[]> => (await readAll(kinesis, 'hot')).map(({ data }) => data.toString());

  it('reads from the start it is given, stops, and goes on where it stopped', async () => {
    await makeStream(kinesis, 'transactions', 2);
    await makeStream(kinesis, 'hot', 1);
    await put('transactions', [
      { id: 'a', transaction: 9001 },
      { id: 'b', transaction: 9000 },
    ]);
    const made = await create('filter', 'transactions', { KinesisStreamsOutput: { ResourceARN: arnOfStream('hot') } });
    expect(made.ApplicationDetail).toMatchObject({
      ApplicationARN: 'arn:aws:kinesisanalytics:us-east-1:000000000000:application/filter',
      ApplicationStatus: 'READY',
      ApplicationVersionId: 1,
    });
    await start('filter', 'TRIM_HORIZON');
    await expect.poll(() => statusOf('filter')).toBe('RUNNING');
    await expect.poll(rows).toEqual(['{"id":"a","transaction":9001}']);
    await expect(start('filter', 'NOW')).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await analytics.send(new StopApplicationCommand({ ApplicationName: 'filter' }));
    await expect.poll(() => statusOf('filter')).toBe('READY');
    await put('transactions', [
      { id: 'c', transaction: 9500 },
      { id: 'd', transaction: 1 },
    ]);
    await start('filter', 'LAST_STOPPED_POINT');
    await expect.poll(rows).toEqual(['{"id":"a","transaction":9001}', '{"id":"c","transaction":9500}']);
  });

  it('takes new code while it runs, and raises its version', async () => {
    const update = (CurrentApplicationVersionId: number) =>
      analytics.send(
        new UpdateApplicationCommand({
          ApplicationName: 'filter',
          CurrentApplicationVersionId,
          ApplicationConfigurationUpdate: {
            ApplicationCodeConfigurationUpdate: {
              CodeContentUpdate: { TextContentUpdate: CODE.replace('9000', '99000') },
            },
          },
        }),
      );
    await expect(update(7)).rejects.toMatchObject({ name: 'ConcurrentModificationException' });
    expect((await update(1)).ApplicationDetail).toMatchObject({
      ApplicationVersionId: 2,
      ApplicationStatus: 'RUNNING',
    });
    await put('transactions', [
      { id: 'e', transaction: 98_000 },
      { id: 'f', transaction: 99_001 },
    ]);
    await expect.poll(rows).toHaveLength(3);
    expect((await rows())[2]).toBe('{"id":"f","transaction":99001}');
  });

  it('is listed with its tags, and can be deleted', async () => {
    const { ApplicationSummaries = [] } = await analytics.send(new ListApplicationsCommand({}));
    expect(ApplicationSummaries.map(({ ApplicationName }) => ApplicationName)).toEqual(['filter']);
    const { ApplicationDetail } = await analytics.send(new DescribeApplicationCommand({ ApplicationName: 'filter' }));
    const tags = await analytics.send(
      new ListTagsForResourceCommand({ ResourceARN: ApplicationDetail?.ApplicationARN }),
    );
    expect(tags.Tags).toEqual([{ Key: 'team', Value: 'a' }]);
    await analytics.send(
      new DeleteApplicationCommand({ ApplicationName: 'filter', CreateTimestamp: ApplicationDetail?.CreateTimestamp }),
    );
    await expect(statusOf('filter')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

it('delivers to a function that does not acknowledge records, one at a time', async () => {
  await makeStream(kinesis, 'events', 1);
  await makeStream(kinesis, 'seen', 1);
  const code = `const { KinesisClient, PutRecordCommand } = require('@aws-sdk/client-kinesis');
    exports.handler = async ({ records }) => {
      await new KinesisClient({}).send(new PutRecordCommand({ StreamName: 'seen', PartitionKey: 'k',
        Data: Buffer.from(records.length + ' ' + Buffer.from(records[0].data, 'base64')) }));
      return { statusCode: 200, body: 'ok' };
    };`;
  const made = await fixture.create('fan-out', { 'index.js': code });
  await create('fan', 'events', { LambdaOutput: { ResourceARN: made.FunctionArn } });
  await put(
    'events',
    [1, 2, 3].map((n) => ({ id: String(n), transaction: 9000 + n })),
  );
  await start('fan', 'TRIM_HORIZON');
  const seen = async (): Promise<string[]> => (await readAll(kinesis, 'seen')).map(({ data }) => data.toString());
  await expect.poll(seen, { timeout: 15_000 }).toEqual([1, 2, 3].map((n) => `1 {"id":"${n}","transaction":900${n}}`));
}, 30_000);

it.each([
  [
    'SQL that does not compile',
    { KinesisStreamsOutput: { ResourceARN: arnOfStream('hot') } },
    'SELECT FROM',
    'CodeValidationException',
  ],
  ['an output without a destination', {}, CODE, 'InvalidArgumentException'],
])('refuses %s', async (_, output, code, name) => {
  await expect(create('wrong', 'events', output, code)).rejects.toMatchObject({ name });
});

it('goes back to READY when its stream is not there', async () => {
  await create('lost', 'nowhere', { KinesisStreamsOutput: { ResourceARN: arnOfStream('hot') } });
  const added = await analytics.send(
    new AddApplicationOutputCommand({
      ApplicationName: 'lost',
      CurrentApplicationVersionId: 1,
      Output: {
        Name: 'error_stream',
        DestinationSchema: { RecordFormatType: 'JSON' },
        KinesisStreamsOutput: { ResourceARN: arnOfStream('hot') },
      },
    }),
  );
  expect(added.OutputDescriptions?.map(({ OutputId }) => OutputId)).toEqual(['1.1', '2.1']);
  await start('lost', 'NOW');
  await expect.poll(() => statusOf('lost')).toBe('READY');
});
