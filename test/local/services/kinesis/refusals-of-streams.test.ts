// What AWS refuses, and in which words. Constraints of the published model are broken one by one in test/interop; here is what only the
// documentation, or AWS itself, tells.
import { describe, expect, it } from 'vitest';
import { startKinesis } from './kinesis-in-process.js';
import {
  ABROAD,
  ARN,
  CONSUMER,
  call,
  DATA,
  ELSEWHERE,
  FIRST,
  ON_STREAM,
  type Operation,
  refuses,
  world,
} from './refusals.js';

describe('a stream is named by its name, its ARN or both, the same everywhere', () => {
  const REST: Partial<Record<Operation, Record<string, unknown>>> = {
    AddTagsToStream: { Tags: { a: 'b' } },
    DecreaseStreamRetentionPeriod: { RetentionPeriodHours: 24 },
    DeleteStream: { EnforceConsumerDeletion: true },
    DescribeStream: {},
    DescribeStreamSummary: {},
    DisableEnhancedMonitoring: { ShardLevelMetrics: ['ALL'] },
    EnableEnhancedMonitoring: { ShardLevelMetrics: ['ALL'] },
    GetShardIterator: { ShardId: FIRST, ShardIteratorType: 'LATEST' },
    IncreaseStreamRetentionPeriod: { RetentionPeriodHours: 25 },
    ListShards: {},
    ListTagsForStream: {},
    MergeShards: { ShardToMerge: FIRST, AdjacentShardToMerge: 'shardId-000000000001' },
    PutRecord: { Data: DATA, PartitionKey: 'k' },
    PutRecords: { Records: [{ Data: DATA, PartitionKey: 'k' }] },
    RemoveTagsFromStream: { TagKeys: ['a'] },
    SplitShard: { ShardToSplit: FIRST, NewStartingHashKey: '99' },
    StartStreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
    StopStreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
    UpdateMaxRecordSize: { MaxRecordSizeInKiB: 2048 },
    UpdateShardCount: { TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' },
  };

  it.each(Object.entries(REST))('%s', async (name, rest) => {
    const operation = name as Operation;
    const { kinesis } = await world();
    const attempt = (reference: Record<string, unknown>) => call(kinesis, operation, { ...reference, ...rest });
    const missing = (stream: string, account: string) => ({
      code: 'ResourceNotFoundException',
      message:
        operation === 'GetShardIterator'
          ? `Shard ${FIRST} in stream ${stream} under account ${account} does not exist`
          : `Stream ${stream} under account ${account} not found.`,
    });
    await expect(attempt({})).rejects.toMatchObject({ code: 'InvalidArgumentException' });
    await expect(attempt({ StreamARN: ABROAD })).rejects.toMatchObject(missing('orders', '111122223333'));
    await expect(attempt({ StreamARN: ELSEWHERE })).rejects.toMatchObject(missing('orders', '000000000000'));
    await expect(attempt({ StreamARN: `${ARN}s` })).rejects.toMatchObject(missing('orderss', '000000000000'));
    if (operation !== 'UpdateMaxRecordSize') {
      await expect(attempt({ StreamName: 'nowhere' })).rejects.toMatchObject(missing('nowhere', '000000000000'));
      await expect(attempt({ StreamName: 'demand', StreamARN: ARN })).rejects.toMatchObject({
        code: 'InvalidArgumentException',
      });
      await attempt({ StreamName: 'orders', StreamARN: ARN });
    } else await attempt({ StreamARN: ARN });
  });
});

describe('only an ACTIVE stream may be changed', () => {
  const young = { StreamName: 'young' };
  const youngArn = ARN.replace('orders', 'young');
  const notActive = 'Stream young under account 000000000000 not ACTIVE, instead in state CREATING';
  const notActiveOrUpdating =
    'Stream young under account 000000000000 not ACTIVE or UPDATING, instead in state CREATING';
  const inUse = (operation: Operation, input: Record<string, unknown>, message = notActive): void =>
    refuses(operation, [[input, 'ResourceInUseException', message]]);

  inUse('AddTagsToStream', { ...young, Tags: { a: 'b' } });
  inUse('RemoveTagsFromStream', { ...young, TagKeys: ['a'] });
  inUse('TagResource', { ResourceARN: youngArn, Tags: { a: 'b' } });
  inUse('UntagResource', { ResourceARN: youngArn, TagKeys: ['a'] });
  inUse('IncreaseStreamRetentionPeriod', { ...young, RetentionPeriodHours: 48 });
  inUse('DecreaseStreamRetentionPeriod', { ...young, RetentionPeriodHours: 24 });
  inUse('EnableEnhancedMonitoring', { ...young, ShardLevelMetrics: ['ALL'] });
  inUse('DisableEnhancedMonitoring', { ...young, ShardLevelMetrics: ['ALL'] });
  inUse('SplitShard', { ...young, ShardToSplit: FIRST, NewStartingHashKey: '9' });
  inUse('MergeShards', { ...young, ShardToMerge: FIRST, AdjacentShardToMerge: 'shardId-000000000001' });
  inUse('StartStreamEncryption', { ...young, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' });
  inUse('StopStreamEncryption', { ...young, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' });
  inUse('UpdateMaxRecordSize', { StreamARN: youngArn, MaxRecordSizeInKiB: 2048 });
  inUse('UpdateShardCount', { ...young, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' });
  inUse('UpdateStreamMode', { StreamARN: youngArn, StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  inUse('UpdateStreamRecordDistributionStrategy', { StreamARN: youngArn, RecordDistributionStrategy: 'AUTO' });
  // Seen on AWS: https://github.com/aws/aws-sdk-java-v2/pull/5949
  inUse('ListShards', young, notActiveOrUpdating);
  inUse('ListStreamConsumers', { StreamARN: youngArn }, notActiveOrUpdating);
  inUse('RegisterStreamConsumer', { StreamARN: youngArn, ConsumerName: 'c' }, notActiveOrUpdating);
  refuses('PutRecord', [
    [
      { ...young, Data: DATA, PartitionKey: 'k' },
      'ResourceNotFoundException',
      'Stream young under account 000000000000 not found.',
    ],
  ]);

  it('but shards are listed and consumers registered while it is UPDATING', async () => {
    const { kinesis, settle } = await world();
    await kinesis.UpdateShardCount({ ...ON_STREAM, TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' });
    expect((await kinesis.ListShards(ON_STREAM)).Shards).toHaveLength(2);
    await kinesis.RegisterStreamConsumer({ StreamARN: ARN, ConsumerName: 'second' });
    await kinesis.DeleteStream({ ...ON_STREAM, EnforceConsumerDeletion: true });
    await expect(kinesis.ListShards(ON_STREAM)).rejects.toMatchObject({
      code: 'ResourceInUseException',
      message: 'Stream orders under account 000000000000 not ACTIVE or UPDATING, instead in state DELETING',
    });
    settle();
  });
});

describe('CreateStream', () => {
  refuses('CreateStream', [
    [
      { StreamName: 'new', StreamModeDetails: { StreamMode: 'PROVISIONED' } },
      'InvalidArgumentException',
      /^ShardCount must be provided/,
    ],
    [
      { StreamName: 'new', ShardCount: 1, StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
      'InvalidArgumentException',
      /^ShardCount must not be provided/,
    ],
    [
      { StreamName: 'new', ShardCount: 1, RecordDistributionStrategy: 'AUTO' },
      'InvalidArgumentException',
      /only supported for streams in ON_DEMAND mode/,
    ],
    [
      { StreamName: 'orders', ShardCount: 1 },
      'ResourceInUseException',
      'Stream orders under account 000000000000 already exists.',
    ],
    [
      { StreamName: 'new', ShardCount: 10_001 },
      'LimitExceededException',
      'A stream cannot have more than 10000 shards. Requested: 10001.',
    ],
    [
      { StreamName: 'new', ShardCount: 1, WarmThroughputMiBps: 10 },
      'ValidationException',
      /only supported for streams in ON_DEMAND mode/,
    ],
    [
      { StreamName: 'new', ShardCount: 1, Tags: { 'a;b': '1' } },
      'InvalidArgumentException',
      /^Some tags contain invalid characters/,
    ],
  ]);

  it('counts the shards of all streams of the account and region', async () => {
    const { kinesis } = startKinesis();
    await kinesis.CreateStream({ StreamName: 'a', ShardCount: 10_000 });
    await kinesis.CreateStream({ StreamName: 'b', ShardCount: 9_999 });
    await expect(kinesis.CreateStream({ StreamName: 'c', ShardCount: 2 })).rejects.toMatchObject({
      code: 'LimitExceededException',
      message:
        'This request would exceed the shard limit for the account 000000000000 in us-east-1. Current shard count for the account: 19999. ' +
        'Limit: 20000. Number of additional shards that would have resulted from this request: 2. Refer to the AWS Service Limits page ' +
        '(http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.',
    });
    await kinesis.CreateStream({ StreamName: 'c', ShardCount: 1 });
  });

  it('makes at most five at a time', async () => {
    const { kinesis, settle } = startKinesis();
    for (const name of ['a', 'b', 'c', 'd', 'e']) await kinesis.CreateStream({ StreamName: name, ShardCount: 1 });
    const sixth = () => kinesis.CreateStream({ StreamName: 'f', ShardCount: 1 });
    await expect(sixth()).rejects.toMatchObject({ code: 'LimitExceededException' });
    settle();
    await sixth();
  });
});

describe('consumers', () => {
  refuses('DescribeStreamConsumer', [
    [
      { ConsumerARN: CONSUMER.replace('000000000000', '111122223333') },
      'ResourceNotFoundException',
      /^Consumer arn:aws:kinesis:us-east-1:111122223333:.* not found\.$/,
    ],
    [
      { StreamARN: ARN, ConsumerName: 'other' },
      'ResourceNotFoundException',
      'Consumer other, account 000000000000 not found.',
    ],
    [{ StreamARN: ARN }, 'InvalidArgumentException', /^Either ConsumerARN or both/],
  ]);
  refuses('DeregisterStreamConsumer', [
    [
      { StreamARN: ARN, ConsumerName: 'other' },
      'ResourceNotFoundException',
      'Consumer other, account 000000000000 not found.',
    ],
    [{ ConsumerName: 'reader' }, 'InvalidArgumentException', /^Either ConsumerARN or both/],
  ]);
  refuses('RegisterStreamConsumer', [
    [
      { StreamARN: ARN, ConsumerName: 'reader' },
      'ResourceInUseException',
      'Consumer reader under stream orders already exists for account 000000000000.',
    ],
  ]);
  refuses('DeleteStream', [[ON_STREAM, 'ResourceInUseException', /has registered consumers/]]);
});
