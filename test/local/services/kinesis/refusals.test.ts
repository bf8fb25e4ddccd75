// What AWS refuses, operation by operation: the code and the words. Constraints that the service's model publishes are tried one by one
// by test/interop; here are those that only its documentation, or AWS itself, tells.
import { describe, expect, it } from 'vitest';
import { HASH_KEY_COUNT } from '../../../../src/lib/stream/hash-key.js';
import { type KinesisInProcess, startKinesis } from './kinesis-in-process.js';

type Kinesis = KinesisInProcess['kinesis'];
type Operation = keyof Kinesis;
type Row = readonly [input: Record<string, unknown>, code: string, message: string | RegExp];

const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const ABROAD = 'arn:aws:kinesis:us-east-1:111122223333:stream/orders';
const ELSEWHERE = 'arn:aws:kinesis:eu-west-1:000000000000:stream/orders';
const CONSUMER = `${ARN}/consumer/reader:1767323045`;
const ON_STREAM = { StreamName: 'orders' };
const FIRST = 'shardId-000000000000';
const DATA = Buffer.from('x');

/** `orders` with two shards and a consumer, `demand` on demand, and `young`, which stays CREATING. */
async function world(): Promise<KinesisInProcess> {
  const started = startKinesis();
  const { kinesis, create, settle } = started;
  await create('orders', 2);
  await kinesis.CreateStream({ StreamName: 'demand', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  settle();
  await kinesis.RegisterStreamConsumer({ StreamARN: ARN, ConsumerName: 'reader' });
  settle();
  await kinesis.CreateStream({ StreamName: 'young', ShardCount: 1 });
  return started;
}

/** Calls an operation with an input of any shape, as a client that checks nothing would. */
const call = (kinesis: Kinesis, operation: Operation, input: Record<string, unknown>): Promise<unknown> =>
  (kinesis[operation] as (input: Record<string, unknown>) => Promise<unknown>)(input);

const refuses = (operation: Operation, rows: readonly Row[]): void => {
  it.each(rows)(`${operation} %j: %s`, async (input, code, message) => {
    const { kinesis } = await world();
    await expect(call(kinesis, operation, input)).rejects.toMatchObject({
      code,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
};

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
    [{ StreamName: 'new' }, 'InvalidArgumentException', /^ShardCount must be provided/],
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

describe('SplitShard, at the borders', () => {
  const END = HASH_KEY_COUNT / 2n - 1n;
  const split = (NewStartingHashKey: bigint) => ({
    ...ON_STREAM,
    ShardToSplit: FIRST,
    NewStartingHashKey: String(NewStartingHashKey),
  });
  const outside = (key: bigint): Row => [
    split(key),
    'InvalidArgumentException',
    `NewStartingHashKey ${key} used in SplitShard() on shard ${FIRST} in stream orders under account 000000000000 ` +
      `is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey ${END}.`,
  ];
  refuses('SplitShard', [
    outside(0n),
    outside(1n),
    outside(END),
    outside(END + 1n),
    [
      { ...split(9n), ShardToSplit: 'shardId-5' },
      'ResourceNotFoundException',
      'Could not find shard shardId-000000000005 in stream orders under account 000000000000.',
    ],
    [
      { ...split(9n), ShardToSplit: 'nonsense' },
      'ResourceNotFoundException',
      'Could not find shard nonsense in stream orders under account 000000000000.',
    ],
  ]);
  it.each([2n, END - 1n])('takes %i', async (key) => {
    const { kinesis } = await world();
    await call(kinesis, 'SplitShard', split(key));
  });
});

describe('MergeShards', () => {
  const merge = (ShardToMerge: string, AdjacentShardToMerge: string) => ({
    ...ON_STREAM,
    ShardToMerge,
    AdjacentShardToMerge,
  });
  refuses('MergeShards', [
    [
      merge(FIRST, 'shardId-000000000007'),
      'ResourceNotFoundException',
      /^Could not find shard shardId-000000000007 in/,
    ],
    [
      merge('shardId-000000000007', FIRST),
      'ResourceNotFoundException',
      /^Could not find shard shardId-000000000007 in/,
    ],
    [
      merge(FIRST, FIRST),
      'InvalidArgumentException',
      `Shards ${FIRST} and ${FIRST} in stream orders under account 000000000000 are not an adjacent pair of shards eligible for merging`,
    ],
  ]);

  it('refuses shards that are closed', async () => {
    const { kinesis, settle } = await world();
    await call(kinesis, 'MergeShards', merge(FIRST, 'shardId-000000000001'));
    settle();
    await expect(call(kinesis, 'MergeShards', merge(FIRST, 'shardId-000000000001'))).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: `Shard ${FIRST} in stream orders under account 000000000000 has already been merged or split, and thus is not eligible for merging or splitting.`,
    });
  });
});

describe('UpdateShardCount', () => {
  const update = (TargetShardCount: number, StreamName = 'orders') => ({
    StreamName,
    TargetShardCount,
    ScalingType: 'UNIFORM_SCALING',
  });
  refuses('UpdateShardCount', [
    [update(0), 'ValidationException', /'targetShardCount'.*greater than or equal to 1$/],
    [
      update(5),
      'LimitExceededException',
      'UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 2 Target shard count: 5',
    ],
    [
      update(150_000),
      'LimitExceededException',
      'UpdateShardCount cannot scale up to more than 10000 shards. Current open shard count: 2 Target shard count: 150000',
    ],
    [
      { ...update(2), ScalingType: 'EVEN' },
      'ValidationException',
      /'scalingType'.*enum value set: \[UNIFORM_SCALING\]$/,
    ],
    [
      update(8, 'demand'),
      'ValidationException',
      'Request is invalid. Stream demand under account 000000000000 is in On-Demand mode.',
    ],
  ]);
});

describe('ListShards', () => {
  refuses('ListShards', [
    [{}, 'InvalidArgumentException', 'Either NextToken or StreamName should be provided.'],
    [
      { ...ON_STREAM, NextToken: 'x' },
      'InvalidArgumentException',
      'NextToken and StreamName cannot be provided together.',
    ],
    [
      { StreamARN: ARN, NextToken: 'x' },
      'InvalidArgumentException',
      'NextToken and StreamARN cannot be provided together.',
    ],
    [{ NextToken: 'x', ExclusiveStartShardId: FIRST }, 'InvalidArgumentException', /cannot be provided together/],
    [
      { NextToken: 'x', StreamCreationTimestamp: new Date() },
      'InvalidArgumentException',
      /cannot be provided together/,
    ],
    [{ NextToken: 'x' }, 'InvalidArgumentException', 'NextToken x is invalid.'],
    [
      { ...ON_STREAM, ShardFilter: { Type: 'AFTER_SHARD_ID' } },
      'InvalidArgumentException',
      'ShardId must be provided with the AFTER_SHARD_ID filter type.',
    ],
    [
      { ...ON_STREAM, ShardFilter: { Type: 'AT_LATEST', ShardId: FIRST } },
      'InvalidArgumentException',
      'ShardId must not be provided with the AT_LATEST filter type.',
    ],
    [
      { ...ON_STREAM, ShardFilter: { Type: 'FROM_TIMESTAMP' } },
      'InvalidArgumentException',
      'Timestamp must be provided with the FROM_TIMESTAMP filter type.',
    ],
    [
      { ...ON_STREAM, ShardFilter: { Type: 'AT_TRIM_HORIZON', Timestamp: new Date(0) } },
      'InvalidArgumentException',
      'Timestamp must not be provided with the AT_TRIM_HORIZON filter type.',
    ],
    [
      { ...ON_STREAM, ShardFilter: { Type: 'AT_TIMESTAMP', Timestamp: new Date('2030-01-01') } },
      'InvalidArgumentException',
      /cannot be in the future/,
    ],
    [
      { ...ON_STREAM, StreamCreationTimestamp: new Date(0) },
      'ResourceNotFoundException',
      'Stream orders under account 000000000000 not found.',
    ],
  ]);

  it.each([
    [
      'ListShards',
      async (kinesis: Kinesis) => (await kinesis.ListShards({ ...ON_STREAM, MaxResults: 1 })).NextToken,
      {},
    ],
    ['ListStreams', async (kinesis: Kinesis) => (await kinesis.ListStreams({ Limit: 1 })).NextToken, {}],
    [
      'ListStreamConsumers',
      async (kinesis: Kinesis) => {
        await kinesis.RegisterStreamConsumer({ StreamARN: ARN, ConsumerName: 'second' });
        return (await kinesis.ListStreamConsumers({ StreamARN: ARN, MaxResults: 1 })).NextToken;
      },
      { StreamARN: ARN },
    ],
  ] as const)('the token of %s is good for 300 seconds, and for nothing else', async (operation, tokenOf, rest) => {
    const { kinesis, clock } = await world();
    const NextToken = await tokenOf(kinesis);
    clock.advance(300_000);
    await call(kinesis, operation, { ...rest, NextToken });
    for (const other of ['ListShards', 'ListStreams'] as const) {
      if (other === operation) continue;
      await expect(call(kinesis, other, { NextToken })).rejects.toMatchObject({ code: 'InvalidArgumentException' });
    }
    clock.advance(1);
    await expect(call(kinesis, operation, { ...rest, NextToken })).rejects.toMatchObject({
      code: 'ExpiredNextTokenException',
    });
  });
});

describe('GetShardIterator', () => {
  const get = (ShardId: string, rest: Record<string, unknown> = { ShardIteratorType: 'LATEST' }) => ({
    ...ON_STREAM,
    ShardId,
    ...rest,
  });
  const at = (StartingSequenceNumber: string) =>
    get('shardId-0', { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber });
  const used = (number: string) =>
    `StartingSequenceNumber ${number} used in GetShardIterator on shard ${FIRST} in stream orders under account 000000000000 is invalid`;
  // As kinesalite's authors saw them on AWS.
  refuses('GetShardIterator', [
    [
      get('5'),
      'ResourceNotFoundException',
      'Shard shardId-000000000005 in stream orders under account 000000000000 does not exist',
    ],
    [
      get('x-2147483647'),
      'ResourceNotFoundException',
      'Shard shardId-002147483647 in stream orders under account 000000000000 does not exist',
    ],
    [
      get('2147483648'),
      'ResourceNotFoundException',
      'Could not find shard 2147483648 in stream orders under account 000000000000.',
    ],
    [
      get('2.14E4'),
      'ResourceNotFoundException',
      'Could not find shard 2.14E4 in stream orders under account 000000000000.',
    ],
    [
      at('5'),
      'InvalidArgumentException',
      `Invalid StartingSequenceNumber. It encodes shardId-000000000005, while it was used in a call to a shard with ${FIRST}`,
    ],
    [
      at('0'),
      'InvalidArgumentException',
      `${used('21267647932558653966460912964485513216')} because it did not come from this stream.`,
    ],
    [
      at(String(0x13bb2cc3d8n << 88n)),
      'InvalidArgumentException',
      `${used('26227199374822427428162556223570313216')}.`,
    ],
    [at(String(1n << 186n)), 'InvalidArgumentException', `${used(String(1n << 186n))}.`],
  ]);
});

describe('GetRecords', () => {
  refuses('GetRecords', [
    [{ ShardIterator: 'AAAA' }, 'InvalidArgumentException', 'Invalid ShardIterator.'],
    [{ ShardIterator: 'AAAA', Limit: 10_001 }, 'ValidationException', /'limit'.*less than or equal to 10000$/],
    [{ ShardIterator: 'AAAA', Limit: 0 }, 'ValidationException', /'limit'.*greater than or equal to 1$/],
  ]);
});

describe('PutRecord', () => {
  const put = (rest: Record<string, unknown>) => ({ ...ON_STREAM, Data: DATA, PartitionKey: 'k', ...rest });
  const past = String(HASH_KEY_COUNT);
  refuses('PutRecord', [
    [
      put({ ExplicitHashKey: past }),
      'InvalidArgumentException',
      `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${past}`,
    ],
    [
      put({ SequenceNumberForOrdering: String(1n << 186n) }),
      'InvalidArgumentException',
      `ExclusiveMinimumSequenceNumber ${1n << 186n} used in PutRecord on stream orders under account 000000000000 is invalid.`,
    ],
    [
      put({ PartitionKey: undefined }),
      'ValidationException',
      "1 validation error detected: Value null at 'partitionKey' failed to satisfy constraint: Member must not be null",
    ],
  ]);

  it('takes the last hash key, and an ordering number of its own', async () => {
    const { kinesis } = await world();
    const last = await kinesis.PutRecord({
      ...ON_STREAM,
      Data: DATA,
      PartitionKey: 'k',
      ExplicitHashKey: String(HASH_KEY_COUNT - 1n),
    });
    expect(last.ShardId).toBe('shardId-000000000001');
    await kinesis.PutRecord({
      ...ON_STREAM,
      Data: DATA,
      PartitionKey: 'k',
      SequenceNumberForOrdering: last.SequenceNumber,
    });
  });
});

describe('PutRecords', () => {
  it('tells ten of many faults', async () => {
    const { kinesis } = await world();
    const Records = Array.from({ length: 12 }, () => ({ Data: DATA, PartitionKey: '' }));
    await expect(kinesis.PutRecords({ ...ON_STREAM, Records })).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringMatching(/^10 validation errors detected: .*'records\.10\.member\.partitionKey'[^;]*$/),
    });
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

describe('tags', () => {
  const invalid =
    'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @ :.';
  const percent = (verb: string) =>
    `Failed to ${verb} stream orders under account 000000000000 because some tags contained illegal characters. ` +
    "The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@',':'.";
  for (const text of ['abc;def', 'abc\tdef', 'abc\ndef', 'abc,def']) {
    refuses('AddTagsToStream', [
      [{ ...ON_STREAM, Tags: { [text]: '1' } }, 'InvalidArgumentException', invalid],
      [{ ...ON_STREAM, Tags: { a: text } }, 'InvalidArgumentException', invalid],
    ]);
    refuses('RemoveTagsFromStream', [[{ ...ON_STREAM, TagKeys: [text] }, 'InvalidArgumentException', invalid]]);
  }
  refuses('AddTagsToStream', [
    [{ ...ON_STREAM, Tags: { 'abc%def': '1' } }, 'InvalidArgumentException', percent('add tags to')],
    [{ StreamName: 'nowhere', Tags: { ';': '1' } }, 'ResourceNotFoundException', /nowhere/],
    [{ ...ON_STREAM, Tags: {} }, 'ValidationException', /'\{\}' at 'tags'.*greater than or equal to 1$/],
  ]);
  refuses('RemoveTagsFromStream', [
    [{ ...ON_STREAM, TagKeys: ['abc%def'] }, 'InvalidArgumentException', percent('remove tags from')],
    [{ ...ON_STREAM, TagKeys: ['aws:x'] }, 'InvalidArgumentException', /reserved prefix/],
    [
      { ...ON_STREAM, TagKeys: ['a', 'k'.repeat(129), 'b'] },
      'ValidationException',
      `1 validation error detected: Value '[a, ${'k'.repeat(129)}, b]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: ` +
        '[Member must have length less than or equal to 128, Member must have length greater than or equal to 1]',
    ],
  ]);
  refuses('TagResource', [
    [
      { ResourceARN: `${ARN}s`, Tags: { a: 'b' } },
      'ResourceNotFoundException',
      'Stream orderss under account 000000000000 not found.',
    ],
    [
      { ResourceARN: CONSUMER.replace('reader', 'other'), Tags: { a: 'b' } },
      'ResourceNotFoundException',
      /^Consumer arn:.* not found\.$/,
    ],
  ]);
});

describe('encryption', () => {
  const start = (rest: Record<string, unknown>) => ({
    ...ON_STREAM,
    EncryptionType: 'KMS',
    KeyId: 'alias/aws/kinesis',
    ...rest,
  });
  for (const operation of ['StartStreamEncryption', 'StopStreamEncryption'] as const) {
    refuses(operation, [
      [start({ EncryptionType: 'NONE' }), 'InvalidArgumentException', 'The only valid value of EncryptionType is KMS.'],
      [start({ EncryptionType: 'AES' }), 'ValidationException', /'encryptionType'.*\[NONE, KMS\]$/],
      [start({ KeyId: '' }), 'ValidationException', /'keyId'/],
      [start({ KeyId: 'aws/kinesis' }), 'KMSNotFoundException', "Invalid keyId 'aws/kinesis'"],
    ]);
  }

  it.each([
    'arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012',
    'arn:aws:kms:us-east-1:123456789012:alias/MyAliasName',
    '12345678-1234-1234-1234-123456789012',
    'mrk-1234567890abcdef1234567890abcdef',
    'alias/MyAliasName',
    'alias/aws/kinesis',
  ])('takes the key %s', async (KeyId) => {
    const { kinesis, settle } = await world();
    await kinesis.StartStreamEncryption({ ...ON_STREAM, EncryptionType: 'KMS', KeyId });
    settle();
    const { StreamDescriptionSummary } = await kinesis.DescribeStreamSummary(ON_STREAM);
    expect(StreamDescriptionSummary).toMatchObject({ EncryptionType: 'KMS', KeyId });
  });

  it('starts, and stops, at most 25 times a day; without limits as often as one likes', async () => {
    for (const [limits, most] of [
      ['on', 25],
      ['off', 30],
    ] as const) {
      const { kinesis, create, settle } = startKinesis({ limits });
      await create('orders');
      const key = { ...ON_STREAM, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } as const;
      for (let round = 0; round < most; round++) {
        await kinesis.StartStreamEncryption(key);
        settle();
        await kinesis.StopStreamEncryption(key);
        settle();
      }
      if (limits === 'off') continue;
      const refusal = {
        code: 'LimitExceededException',
        message: expect.stringMatching(/at most 25 times per rolling 24-hour/),
      };
      await expect(kinesis.StartStreamEncryption(key)).rejects.toMatchObject(refusal);
      await expect(kinesis.StopStreamEncryption(key)).rejects.toMatchObject(refusal);
    }
  });
});

describe('enhanced monitoring', () => {
  refuses('EnableEnhancedMonitoring', [
    [
      { ...ON_STREAM, ShardLevelMetrics: ['IncomingBytes', 'Nonsense'] },
      'ValidationException',
      /^1 validation error detected: Value '\[IncomingBytes, Nonsense\]' at 'shardLevelMetrics' failed to satisfy constraint: Member must satisfy constraint: \[Member must satisfy enum value set: \[IncomingBytes,.*ALL\]\]$/,
    ],
    [{ ...ON_STREAM, ShardLevelMetrics: [] }, 'ValidationException', /greater than or equal to 1$/],
  ]);
});

describe('on-demand only', () => {
  refuses('UpdateStreamRecordDistributionStrategy', [
    [{ StreamARN: ARN, RecordDistributionStrategy: 'AUTO' }, 'InvalidArgumentException', /is in PROVISIONED mode\.$/],
  ]);
  refuses('UpdateStreamWarmThroughput', [
    [{ StreamARN: ARN, WarmThroughputMiBps: 5 }, 'ValidationException', /only supported for streams in ON_DEMAND mode/],
    [
      { StreamName: 'demand', WarmThroughputMiBps: 5 },
      'ValidationException',
      /requires MinimumThroughputBillingCommitment/,
    ],
    [{ StreamName: 'demand', WarmThroughputMiBps: -1 }, 'ValidationException', /'warmThroughputMiBps'/],
  ]);
});
