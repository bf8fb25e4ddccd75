import { describe, expect, it } from 'vitest';
import { startKinesis } from './kinesis-in-process.js';

const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';

describe('the life of a stream', () => {
  it('is CREATING without shards, ACTIVE, DELETING, gone', async () => {
    const { kinesis, settle } = startKinesis();
    const describe = async () => (await kinesis.DescribeStream({ StreamName: 'orders' })).StreamDescription;
    await kinesis.CreateStream({ StreamName: 'orders', ShardCount: 2 });
    expect(await describe()).toMatchObject({ StreamStatus: 'CREATING', Shards: [] });
    await expect(
      kinesis.PutRecord({ StreamName: 'orders', Data: Buffer.from('x'), PartitionKey: 'k' }),
    ).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    settle();
    expect(await describe()).toEqual({
      StreamName: 'orders',
      StreamARN: ARN,
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      HasMoreShards: false,
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: new Date('2026-01-02T03:04:05Z'),
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
      Shards: [
        {
          ShardId: 'shardId-000000000000',
          HashKeyRange: { StartingHashKey: '0', EndingHashKey: '170141183460469231731687303715884105727' },
          SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^\d{56}$/) },
        },
        {
          ShardId: 'shardId-000000000001',
          HashKeyRange: {
            StartingHashKey: '170141183460469231731687303715884105728',
            EndingHashKey: '340282366920938463463374607431768211455',
          },
          SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^\d{56}$/) },
        },
      ],
    });
    await kinesis.DeleteStream({ StreamName: 'orders' });
    expect(await describe()).toMatchObject({ StreamStatus: 'DELETING' });
    settle();
    await expect(describe()).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: 'Stream orders under account 000000000000 not found.',
    });
  });

  it('is told in short by DescribeStreamSummary', async () => {
    const { kinesis, create } = startKinesis();
    await create('orders', 3);
    expect((await kinesis.DescribeStreamSummary({ StreamARN: ARN })).StreamDescriptionSummary).toEqual({
      StreamName: 'orders',
      StreamARN: ARN,
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: new Date('2026-01-02T03:04:05Z'),
      EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
      EncryptionType: 'NONE',
      OpenShardCount: 3,
      ConsumerCount: 0,
      MaxRecordSizeInKiB: 1024,
    });
  });

  it('is made on demand with four shards if neither a mode nor a number of shards is said', async () => {
    const { kinesis, settle } = startKinesis();
    await kinesis.CreateStream({ StreamName: 'orders' });
    settle();
    const summary = await kinesis.DescribeStreamSummary({ StreamName: 'orders' });
    expect(summary.StreamDescriptionSummary).toMatchObject({
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      OpenShardCount: 4,
    });
  });

  it('takes what CreateStream says: tags, record size, on-demand, distribution', async () => {
    const { kinesis, settle } = startKinesis();
    await kinesis.CreateStream({
      StreamName: 'orders',
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      MaxRecordSizeInKiB: 2048,
      RecordDistributionStrategy: 'AUTO',
      Tags: { team: 'data' },
    });
    settle();
    const summary = await kinesis.DescribeStreamSummary({ StreamName: 'orders' });
    expect(summary.StreamDescriptionSummary).toMatchObject({
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      OpenShardCount: 4,
      MaxRecordSizeInKiB: 2048,
      RecordDistributionStrategy: 'AUTO',
    });
    expect((await kinesis.ListTagsForStream({ StreamName: 'orders' })).Tags).toEqual([{ Key: 'team', Value: 'data' }]);
  });

  it.each([
    [{ StreamName: 'orders', ShardCount: 1 }, 'ResourceInUseException', /already exists\.$/],
    [{ StreamName: 'b', ShardCount: 0 }, 'ValidationException', /'shardCount'.*greater than or equal to 1/],
    [{ StreamName: 'b c', ShardCount: 1 }, 'ValidationException', /'streamName'.*pattern: \[a-zA-Z0-9_.-\]\+/],
    [
      { StreamName: 'b', StreamModeDetails: { StreamMode: 'PROVISIONED' } },
      'InvalidArgumentException',
      /ShardCount must be provided/,
    ],
    [
      { StreamName: 'b', ShardCount: 1, StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
      'InvalidArgumentException',
      /ShardCount must not be provided/,
    ],
    [
      { StreamName: 'b', ShardCount: 1, RecordDistributionStrategy: 'AUTO' },
      'InvalidArgumentException',
      /only supported for streams in ON_DEMAND/,
    ],
    [{ StreamName: 'b', ShardCount: 10_001 }, 'LimitExceededException', /more than 10000 shards/],
    [{ StreamName: 'b', ShardCount: 1, MaxRecordSizeInKiB: 1023 }, 'ValidationException', /maxRecordSizeInKiB/],
    [{ StreamName: 'b', ShardCount: 1, WarmThroughputMiBps: 5 }, 'ValidationException', /ON_DEMAND/],
  ] as const)('CreateStream refuses %j', async (input, code, message) => {
    const { kinesis, create } = startKinesis();
    await create('orders');
    await expect(kinesis.CreateStream(input)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('allows five streams in CREATING, and the shards of an account', async () => {
    const { kinesis, settle } = startKinesis();
    for (let i = 0; i < 5; i++) await kinesis.CreateStream({ StreamName: `s${i}`, ShardCount: 1 });
    await expect(kinesis.CreateStream({ StreamName: 's5', ShardCount: 1 })).rejects.toMatchObject({
      code: 'LimitExceededException',
    });
    settle();
    await kinesis.CreateStream({ StreamName: 'big1', ShardCount: 10_000 });
    await expect(kinesis.CreateStream({ StreamName: 'big2', ShardCount: 10_000 })).rejects.toMatchObject({
      code: 'LimitExceededException',
      message: expect.stringMatching(/Current shard count for the account: 10005. Limit: 20000.*: 10000\./),
    });
    settle();
    expect(await kinesis.DescribeLimits({})).toEqual({
      ShardLimit: 20_000,
      OpenShardCount: 10_005,
      OnDemandStreamCount: 0,
      OnDemandStreamCountLimit: 50,
    });
  });

  it('has its regions apart', async () => {
    const { service, create } = startKinesis();
    await create('orders');
    const list = (region: string) =>
      service.handlers.ListStreams?.(
        {},
        {
          requestId: '',
          region,
          accountId: '000000000000',
          signal: new AbortController().signal,
          origin: 'wire',
          headers: {},
        },
      );
    expect(await list('us-east-1')).toMatchObject({ StreamNames: ['orders'] });
    expect(await list('eu-west-1')).toMatchObject({ StreamNames: [] });
  });
});

describe('naming a stream', () => {
  it('works by name, by ARN, and by both', async () => {
    const { kinesis, create } = startKinesis();
    await create('orders');
    for (const reference of [{ StreamName: 'orders' }, { StreamARN: ARN }, { StreamName: 'orders', StreamARN: ARN }]) {
      expect((await kinesis.ListShards(reference)).Shards).toHaveLength(1);
      await kinesis.PutRecord({ ...reference, Data: Buffer.from('x'), PartitionKey: 'k' });
    }
  });

  it.each([
    [{}, 'InvalidArgumentException', /Either StreamName or StreamARN/],
    [{ StreamName: 'other', StreamARN: ARN }, 'InvalidArgumentException', /name different streams/],
    [{ StreamName: 'other' }, 'ResourceNotFoundException', /^Stream other under account 000000000000 not found\.$/],
    [{ StreamARN: ARN.replace('us-east-1', 'eu-west-1') }, 'ResourceNotFoundException', /not found/],
    [{ StreamARN: 'orders' }, 'ValidationException', /'streamARN'/],
    [
      { StreamName: 'orders', StreamId: 'abcdefghij0123456789-abc' },
      'InvalidArgumentException',
      /reserved for future use/,
    ],
  ])('refuses %j', async (reference, code, message) => {
    const { kinesis, create } = startKinesis();
    await create('orders');
    await expect(kinesis.DescribeStream(reference)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});

describe('listing', () => {
  it('pages streams by name and by token', async () => {
    const { kinesis, create } = startKinesis();
    for (const name of ['c', 'a', 'e', 'b', 'd']) await create(name);
    const first = await kinesis.ListStreams({ Limit: 2 });
    expect(first).toMatchObject({ StreamNames: ['a', 'b'], HasMoreStreams: true });
    expect(first.StreamSummaries?.[0]).toMatchObject({ StreamName: 'a', StreamStatus: 'ACTIVE' });
    const byToken = await kinesis.ListStreams({ NextToken: first.NextToken, Limit: 2 });
    expect(byToken.StreamNames).toEqual(['c', 'd']);
    const byName = await kinesis.ListStreams({ ExclusiveStartStreamName: 'd' });
    expect(byName).toMatchObject({ StreamNames: ['e'], HasMoreStreams: false });
    expect(byName.NextToken).toBeUndefined();
  });

  it('pages the shards of DescribeStream by a hundred', async () => {
    const { kinesis, create } = startKinesis();
    await create('orders', 150);
    const first = (await kinesis.DescribeStream({ StreamName: 'orders' })).StreamDescription;
    expect(first?.Shards).toHaveLength(100);
    expect(first?.HasMoreShards).toBe(true);
    const rest = await kinesis.DescribeStream({
      StreamName: 'orders',
      ExclusiveStartShardId: first?.Shards?.at(-1)?.ShardId,
    });
    expect(rest.StreamDescription?.Shards).toHaveLength(50);
    expect(rest.StreamDescription?.HasMoreShards).toBe(false);
  });

  it('pages ListShards by token, good for 300 seconds and for nothing else', async () => {
    const { kinesis, create, clock } = startKinesis();
    await create('orders', 5);
    const first = await kinesis.ListShards({ StreamName: 'orders', MaxResults: 2 });
    const second = await kinesis.ListShards({ NextToken: first.NextToken, MaxResults: 2 });
    const third = await kinesis.ListShards({ NextToken: second.NextToken, MaxResults: 2 });
    const ids = [first, second, third].flatMap((page) => (page.Shards ?? []).map((shard) => shard.ShardId));
    expect(ids).toEqual([0, 1, 2, 3, 4].map((index) => `shardId-00000000000${index}`));
    expect(third.NextToken).toBeUndefined();
    await expect(kinesis.ListShards({ NextToken: first.NextToken, StreamName: 'orders' })).rejects.toMatchObject({
      message: 'NextToken and StreamName cannot be provided together.',
    });
    await expect(kinesis.ListShards({})).rejects.toMatchObject({
      message: 'Either NextToken or StreamName should be provided.',
    });
    await expect(kinesis.ListShards({ NextToken: 'nonsense' })).rejects.toMatchObject({
      code: 'InvalidArgumentException',
    });
    await expect(kinesis.ListStreams({ NextToken: first.NextToken })).rejects.toMatchObject({
      code: 'InvalidArgumentException',
    });
    clock.advance(300_001);
    await expect(kinesis.ListShards({ NextToken: first.NextToken })).rejects.toMatchObject({
      code: 'ExpiredNextTokenException',
    });
  });
});

describe('changes', () => {
  it('are told once a turn, and only for the stream asked for', async () => {
    const { kinesis, create, streams, settle } = startKinesis();
    await create('orders');
    await create('other');
    let told = 0;
    const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await turn();
    const stop = (await streams.open(ARN, 'us-east-1')).onChange(() => {
      told += 1;
    });
    const put = (StreamName: string) => kinesis.PutRecord({ StreamName, Data: Buffer.from('x'), PartitionKey: 'k' });
    await Promise.all([put('orders'), put('orders'), put('other')]);
    await turn();
    expect(told).toBe(1);
    await kinesis.UpdateShardCount({ StreamName: 'orders', TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' });
    await turn();
    expect(told).toBe(2);
    settle();
    await turn();
    expect(told).toBe(3);
    stop();
    await put('orders');
    await turn();
    expect(told).toBe(3);
  });
});
