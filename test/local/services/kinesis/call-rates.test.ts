import {
  CreateStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetShardIteratorCommand,
  KinesisClient,
  type KinesisClientConfig,
  LimitExceededException,
  ListStreamsCommand,
  ProvisionedThroughputExceededException,
} from '@aws-sdk/client-kinesis';
import { afterEach, describe, expect, it } from 'vitest';
import type { Limits } from '../../../../src/lib/local/limits.js';
import { type Endpoint, type EndpointOptions, startEndpoint } from '../../../../src/lib/local/start-endpoint.js';
import type { OperationContext } from '../../../../src/lib/local/wire/handlers.js';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';
import { startKinesis } from './kinesis-in-process.js';

type AnyHandler = (input: object, context: OperationContext) => unknown;

const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const NAMED = { StreamName: 'orders' };
const CONSUMER = { StreamARN: ARN, ConsumerName: 'reader' };

/** AWS's table of its control plane's limits: the operation, calls a second, whose rate it is, and a call. */
const TABLE: [operation: string, perSecond: number, of: 'account' | 'stream', input: object][] = [
  ['AddTagsToStream', 5, 'account', { ...NAMED, Tags: { a: 'b' } }],
  ['CreateStream', 5, 'account', { ...NAMED, ShardCount: 1 }],
  ['DecreaseStreamRetentionPeriod', 5, 'stream', { ...NAMED, RetentionPeriodHours: 24 }],
  ['DeleteResourcePolicy', 5, 'account', { ResourceARN: ARN }],
  ['DeleteStream', 5, 'account', NAMED],
  ['DeregisterStreamConsumer', 5, 'stream', CONSUMER],
  ['DescribeAccountSettings', 5, 'account', {}],
  ['DescribeLimits', 1, 'account', {}],
  ['DescribeStream', 10, 'account', NAMED],
  ['DescribeStreamConsumer', 20, 'stream', CONSUMER],
  ['DescribeStreamSummary', 20, 'account', NAMED],
  ['DisableEnhancedMonitoring', 5, 'stream', { ...NAMED, ShardLevelMetrics: ['ALL'] }],
  ['EnableEnhancedMonitoring', 5, 'stream', { ...NAMED, ShardLevelMetrics: ['ALL'] }],
  ['GetResourcePolicy', 5, 'account', { ResourceARN: ARN }],
  ['IncreaseStreamRetentionPeriod', 5, 'stream', { ...NAMED, RetentionPeriodHours: 24 }],
  ['ListShards', 1000, 'stream', NAMED],
  ['ListStreamConsumers', 5, 'stream', { StreamARN: ARN }],
  ['ListStreams', 5, 'account', {}],
  ['ListTagsForStream', 5, 'stream', NAMED],
  ['MergeShards', 5, 'stream', { ...NAMED, ShardToMerge: 'x-0', AdjacentShardToMerge: 'x-1' }],
  ['PutResourcePolicy', 5, 'account', { ResourceARN: ARN, Policy: '{"Statement":[]}' }],
  ['RegisterStreamConsumer', 5, 'stream', CONSUMER],
  ['RemoveTagsFromStream', 5, 'stream', { ...NAMED, TagKeys: ['a'] }],
  ['SplitShard', 5, 'stream', { ...NAMED, ShardToSplit: 'x-0', NewStartingHashKey: '7' }],
  ['UpdateAccountSettings', 5, 'account', { MinimumThroughputBillingCommitment: { Status: 'DISABLED' } }],
  ['UpdateShardCount', 10, 'account', { ...NAMED, TargetShardCount: 9, ScalingType: 'UNIFORM_SCALING' }],
  ['UpdateStreamWarmThroughput', 5, 'account', { ...NAMED, WarmThroughputMiBps: 1 }],
];

describe('calls of the control plane', () => {
  /** How many calls are answered, well or with another error, before one comes too soon. */
  const started = async (options: { limits?: Limits } = { limits: 'all' }) => {
    const { service, create, clock } = startKinesis(options);
    await create('orders');
    await create('others');
    const call = async (operation: string, input: object, of: Partial<OperationContext> = {}) => {
      const handler = (service.handlers as Record<string, AnyHandler>)[operation] as AnyHandler;
      const context = { region: 'us-east-1', accountId: '000000000000', origin: 'wire', ...of } as OperationContext;
      try {
        await handler(input, context);
      } catch (error) {
        if (error instanceof Error && /^Rate exceeded/.test(error.message)) return error;
      }
      return undefined;
    };
    const burst = async (operation: string, input: object, of?: Partial<OperationContext>) => {
      for (let calls = 0; calls < 2000; calls += 1) if (await call(operation, input, of)) return calls;
      return Number.POSITIVE_INFINITY;
    };
    return { call, burst, clock };
  };

  it.each(TABLE)('%s: %d a second for each %s', async (operation, perSecond, of, input) => {
    const { call, burst, clock } = await started();
    expect(await burst(operation, input)).toBe(perSecond);
    const names = /"(StreamName|StreamARN|ResourceARN)"/.test(JSON.stringify(input)) ? 'stream orders under ' : '';
    expect(await call(operation, input)).toMatchObject({
      code: 'LimitExceededException',
      message: `Rate exceeded for ${names}account 000000000000.`,
    });
    clock.advance(1000 / perSecond);
    expect(await burst(operation, input)).toBe(1);

    const other = JSON.parse(JSON.stringify(input).replaceAll('orders', 'others'));
    if (names !== '') expect(await burst(operation, other)).toBe(of === 'stream' ? perSecond : 0);
    if (of === 'account') expect(await burst(operation, input, { region: 'eu-west-1' })).toBe(perSecond);
  });

  it('are not limited inside the endpoint, nor where nobody asked for it, nor of a stream that is not there', async () => {
    const { burst } = await started();
    expect(await burst('ListStreams', {}, { origin: 'internal' })).toBe(Number.POSITIVE_INFINITY);
    expect(await burst('ListTagsForStream', { StreamName: 'none' })).toBe(Number.POSITIVE_INFINITY);
    for (const limits of ['on', 'off'] as const) {
      const { burst: freely } = await started({ limits });
      expect(await freely('ListStreams', {})).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it('counts a consumer for its stream, also by its ARN', async () => {
    const { burst } = await started();
    const ConsumerARN = `${ARN}/consumer/reader:1`;
    expect(await burst('DescribeStreamConsumer', { ConsumerARN })).toBe(20);
    expect(await burst('DescribeStreamConsumer', CONSUMER)).toBe(0);
  });
});

describe('over the wire', () => {
  let endpoint: Endpoint;
  let client: KinesisClient;
  const start = async (options: Partial<EndpointOptions> = {}, config: KinesisClientConfig = {}): Promise<void> => {
    endpoint = await startEndpoint({ port: 0, limits: 'all', ...options });
    client = new KinesisClient({
      endpoint: endpoint.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      ...config,
    });
  };
  afterEach(async () => {
    client.destroy();
    await endpoint.close();
  });

  it('a call too soon is the exception that clients know', async () => {
    await start({ clock: new DrivenClock(Date.now()) }, { maxAttempts: 1 });
    for (let calls = 0; calls < 5; calls += 1) await client.send(new ListStreamsCommand({}));
    const refused = await client.send(new ListStreamsCommand({})).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(LimitExceededException);
    expect(refused).toMatchObject({ message: 'Rate exceeded for account 000000000000.', $retryable: undefined });
  });

  it('GetShardIterator is answered five times a second for each shard', async () => {
    const clock = new DrivenClock(Date.now());
    await start({ clock }, { maxAttempts: 1 });
    await client.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 2 }));
    clock.advance(100);
    const iterator = (shard: number) =>
      client.send(
        new GetShardIteratorCommand({ ...NAMED, ShardId: `shardId-${shard}`, ShardIteratorType: 'TRIM_HORIZON' }),
      );
    for (let calls = 0; calls < 5; calls += 1) await iterator(0);
    const refused = await iterator(0).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ProvisionedThroughputExceededException);
    expect(refused).toMatchObject({
      message: 'Rate exceeded for shard shardId-000000000000 in stream orders under account 000000000000.',
    });
    await iterator(1);
    clock.advance(200);
    await iterator(0);
    await expect(iterator(0)).rejects.toThrow(ProvisionedThroughputExceededException);
  });

  it('a client that retries as it does by default gets through', async () => {
    await start();
    for (let calls = 0; calls < 8; calls += 1) await client.send(new ListStreamsCommand({}));
    await client.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
    for (let calls = 0; calls < 13; calls += 1) await client.send(new DescribeStreamCommand(NAMED));
    for (let calls = 0; calls < 24; calls += 1) await client.send(new DescribeStreamSummaryCommand(NAMED));
  });
});
