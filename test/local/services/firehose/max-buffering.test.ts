import { DescribeDeliveryStreamCommand, PutRecordCommand } from '@aws-sdk/client-firehose';
import { CreateStreamCommand, PutRecordCommand as PutIntoStream } from '@aws-sdk/client-kinesis';
import { CreateEventSourceMappingCommand, GetEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../lambda/start-lambda.js';
import { type FirehoseFixture, startFirehose } from './start-firehose.js';

let fixture: FirehoseFixture;
beforeAll(async () => {
  fixture = await startFirehose({ maxBufferingMs: 100 });
});
afterAll(() => fixture.close());

const page = async (path: string) => (await (await fetch(`${fixture.endpoint.url}${path}`)).json()) as object;

test('a bound of intervals holds for delivery streams and for mappings, and is told once it has cut one', async () => {
  expect(await page('/_pipectl/status')).toMatchObject({ maxBufferingMs: 100 });
  expect(await page('/_localstack/health')).toMatchObject({ caveats: [] });

  await fixture.stream('slow', { BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 900 } });
  await fixture.firehose.send(new PutRecordCommand({ DeliveryStreamName: 'slow', Record: { Data: Buffer.from('x') } }));
  await until(async () => (await fixture.keys())[0]);
  const { DeliveryStreamDescription: found } = await fixture.firehose.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: 'slow' }),
  );
  expect(found?.Destinations?.[0]?.ExtendedS3DestinationDescription?.BufferingHints?.IntervalInSeconds).toBe(900);
  expect(await page('/_localstack/health')).toMatchObject({
    caveats: ['buffering is cut from 15m to 100 ms (local start --max-buffering)'],
  });

  await fixture.create('late', {
    'index.js': 'exports.handler = async (event) => console.log("got", event.Records.length)',
  });
  await fixture.kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  const mapping = {
    EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders',
    FunctionName: 'late',
    StartingPosition: 'TRIM_HORIZON' as const,
    MaximumBatchingWindowInSeconds: 300,
  };
  const { UUID } = await until(() =>
    fixture.lambda.send(new CreateEventSourceMappingCommand(mapping)).catch(() => undefined),
  );
  const record = { StreamName: 'orders', Data: Buffer.from('{}'), PartitionKey: 'a' };
  await until(() => fixture.kinesis.send(new PutIntoStream(record)).catch(() => undefined));
  await until(async () => (await fixture.messages('/aws/lambda/late')).find((line) => line.includes('got 1')));
  expect(await fixture.lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
    MaximumBatchingWindowInSeconds: 300,
  });
});
