// Kinesis by the AWS SDK for JavaScript as it comes: over HTTP/2, which fails on endpoints that lack cleartext HTTP/2.
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  PutRecordsCommand,
  paginateListStreams,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
  waitUntilStreamExists,
  waitUntilStreamNotExists,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';

const STREAM = { StreamName: 'from-js' };
let endpoint: Endpoint;
let kinesis: KinesisClient;
beforeAll(async () => {
  endpoint = await startEndpoint();
  kinesis = new KinesisClient({
    region: 'us-east-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(async () => {
  kinesis.destroy();
  await endpoint.close();
});

test('waiters, paginators, puts in parallel, and a subscription on one HTTP/2 session', async () => {
  expect(kinesis.config.requestHandler.metadata?.handlerProtocol).toBe('h2');
  const waiter = { client: kinesis, maxWaitTime: 20, minDelay: 0.1, maxDelay: 0.5 };
  await kinesis.send(new CreateStreamCommand({ ...STREAM, ShardCount: 2 }));
  await waitUntilStreamExists(waiter, STREAM);

  const names: string[] = [];
  for await (const page of paginateListStreams({ client: kinesis, pageSize: 1 }, {}))
    names.push(...(page.StreamNames ?? []));
  expect(names).toEqual(['from-js']);

  const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand(STREAM));
  const consumer = { StreamARN: StreamDescriptionSummary?.StreamARN, ConsumerName: 'reader' };
  const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand(consumer));
  const ConsumerARN = Consumer?.ConsumerARN;
  const isActive = async (): Promise<boolean> => {
    const { ConsumerDescription } = await kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }));
    return ConsumerDescription?.ConsumerStatus === 'ACTIVE';
  };
  await expect.poll(isActive, { timeout: 10_000 }).toBe(true);

  const StartingPosition = { Type: 'TRIM_HORIZON' } as const;
  const ShardId = 'shardId-000000000000';
  const { EventStream } = await kinesis.send(new SubscribeToShardCommand({ ConsumerARN, ShardId, StartingPosition }));
  const put = (from: number) =>
    kinesis.send(
      new PutRecordsCommand({
        ...STREAM,
        Records: Array.from({ length: 20 }, (_, n) => ({
          Data: Buffer.of(from + n),
          PartitionKey: 'k',
          ExplicitHashKey: '0',
        })),
      }),
    );
  await Promise.all([put(0), put(20), put(40), put(60), put(80)]);

  const seen = new Set<number>();
  for await (const { SubscribeToShardEvent } of EventStream ?? []) {
    for (const { Data } of SubscribeToShardEvent?.Records ?? []) seen.add(Data?.[0] ?? -1);
    if (seen.size === 100) break;
  }
  expect(seen.size).toBe(100);

  await kinesis.send(new DeleteStreamCommand({ ...STREAM, EnforceConsumerDeletion: true }));
  await waitUntilStreamNotExists(waiter, STREAM);
}, 60_000);
