import { describe, expect, it } from 'vitest';
import { startKinesis } from './kinesis-in-process.js';

const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';

async function orders(mode: 'PROVISIONED' | 'ON_DEMAND' = 'PROVISIONED') {
  const started = startKinesis();
  const { kinesis, create, settle } = started;
  if (mode === 'PROVISIONED') await create('orders');
  else {
    await kinesis.CreateStream({ StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    settle();
  }
  const summary = async () => (await kinesis.DescribeStreamSummary({ StreamARN: ARN })).StreamDescriptionSummary;
  return { ...started, summary };
}

describe('tags', () => {
  it('are the same through both interfaces', async () => {
    const { kinesis } = await orders();
    await kinesis.AddTagsToStream({ StreamName: 'orders', Tags: { b: '2', a: '1', c: '' } });
    await kinesis.TagResource({ ResourceARN: ARN, Tags: { a: 'one' } });
    const all = [
      { Key: 'a', Value: 'one' },
      { Key: 'b', Value: '2' },
      { Key: 'c', Value: '' },
    ];
    expect((await kinesis.ListTagsForResource({ ResourceARN: ARN })).Tags).toEqual(all);
    expect(await kinesis.ListTagsForStream({ StreamName: 'orders', Limit: 2 })).toEqual({
      Tags: all.slice(0, 2),
      HasMoreTags: true,
    });
    expect(await kinesis.ListTagsForStream({ StreamName: 'orders', ExclusiveStartTagKey: 'b' })).toEqual({
      Tags: all.slice(2),
      HasMoreTags: false,
    });
    await kinesis.RemoveTagsFromStream({ StreamName: 'orders', TagKeys: ['b', 'nothing'] });
    await kinesis.UntagResource({ ResourceARN: ARN, TagKeys: ['c'] });
    expect((await kinesis.ListTagsForStream({ StreamName: 'orders' })).Tags).toEqual(all.slice(0, 1));
  });

  it('are at most 50, all or none', async () => {
    const { kinesis } = await orders();
    const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
    await kinesis.AddTagsToStream({ StreamName: 'orders', Tags: tags(50) });
    await kinesis.AddTagsToStream({ StreamName: 'orders', Tags: tags(50) });
    await expect(
      kinesis.AddTagsToStream({ StreamName: 'orders', Tags: { k1: 'new', other: 'v' } }),
    ).rejects.toMatchObject({
      code: 'InvalidArgumentException',
      message: expect.stringMatching(/cannot have more than 50 tags/),
    });
    const { Tags } = await kinesis.ListTagsForStream({ StreamName: 'orders' });
    expect(Tags?.find((tag) => tag.Key === 'k1')?.Value).toBe('v');
  });

  it.each([
    ['bad!', 'v', 'InvalidArgumentException', /invalid characters/],
    ['k', 'bad%', 'InvalidArgumentException', /illegal characters/],
    ['aws:k', 'v', 'InvalidArgumentException', /reserved prefix/],
    [
      'k'.repeat(129),
      'v',
      'ValidationException',
      /'tags'.*Map keys must satisfy constraint.*less than or equal to 128/,
    ],
    [
      'k',
      'v'.repeat(257),
      'ValidationException',
      /'tags'.*Map value must satisfy constraint.*less than or equal to 256/,
    ],
  ])('are not %j: %j', async (key, value, code, message) => {
    const { kinesis } = await orders();
    await expect(kinesis.TagResource({ ResourceARN: ARN, Tags: { [key]: value } })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect((await kinesis.ListTagsForResource({ ResourceARN: ARN })).Tags).toEqual([]);
  });

  it('may be of any alphabet', async () => {
    const { kinesis } = await orders();
    await kinesis.TagResource({ ResourceARN: ARN, Tags: { 'größe 1': '鍵:_./=+-@' } });
  });
});

describe('resource policies', () => {
  it('are kept, for a stream and for a consumer', async () => {
    const { kinesis, settle } = await orders();
    const { Consumer } = await kinesis.RegisterStreamConsumer({ StreamARN: ARN, ConsumerName: 'reader' });
    settle();
    for (const ResourceARN of [ARN, Consumer?.ConsumerARN]) {
      expect(await kinesis.GetResourcePolicy({ ResourceARN })).toEqual({ Policy: '{}' });
      await expect(kinesis.DeleteResourcePolicy({ ResourceARN })).rejects.toMatchObject({
        code: 'ResourceNotFoundException',
      });
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
      await kinesis.PutResourcePolicy({ ResourceARN, Policy });
      expect(await kinesis.GetResourcePolicy({ ResourceARN })).toEqual({ Policy });
      await kinesis.DeleteResourcePolicy({ ResourceARN });
      expect(await kinesis.GetResourcePolicy({ ResourceARN })).toEqual({ Policy: '{}' });
      await expect(kinesis.PutResourcePolicy({ ResourceARN, Policy: 'no' })).rejects.toMatchObject({
        code: 'InvalidArgumentException',
      });
    }
    await expect(kinesis.GetResourcePolicy({ ResourceARN: `${ARN}s` })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });
});

describe('encryption', () => {
  it('marks what is written while it is on', async () => {
    const { kinesis, settle, summary } = await orders();
    const put = () => kinesis.PutRecord({ StreamName: 'orders', Data: Buffer.from('x'), PartitionKey: 'k' });
    expect((await put()).EncryptionType).toBeUndefined();
    await kinesis.StartStreamEncryption({ StreamName: 'orders', EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' });
    expect(await summary()).toMatchObject({ StreamStatus: 'UPDATING', EncryptionType: 'NONE' });
    settle();
    expect(await summary()).toMatchObject({
      StreamStatus: 'ACTIVE',
      EncryptionType: 'KMS',
      KeyId: 'alias/aws/kinesis',
    });
    expect((await put()).EncryptionType).toBe('KMS');
    await kinesis.StopStreamEncryption({ StreamName: 'orders', EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' });
    settle();
    expect(await summary()).toMatchObject({ EncryptionType: 'NONE' });
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const { Records } = await kinesis.GetRecords({ ShardIterator });
    expect(Records?.map((record) => record.EncryptionType)).toEqual([undefined, 'KMS']);
  });
});

describe('enhanced monitoring', () => {
  it('tells what was and what will be, and changes while the stream is UPDATING', async () => {
    const { kinesis, settle, summary } = await orders();
    const change = async (
      verb: 'Enable' | 'Disable',
      ...ShardLevelMetrics: ('ALL' | 'IncomingBytes' | 'OutgoingBytes')[]
    ) => {
      const answer = await kinesis[`${verb}EnhancedMonitoring`]({ StreamName: 'orders', ShardLevelMetrics });
      expect(await summary()).toMatchObject({
        StreamStatus: 'UPDATING',
        EnhancedMonitoring: [{ ShardLevelMetrics: answer.CurrentShardLevelMetrics }],
      });
      settle();
      expect(await summary()).toMatchObject({
        StreamStatus: 'ACTIVE',
        EnhancedMonitoring: [{ ShardLevelMetrics: answer.DesiredShardLevelMetrics }],
      });
      return answer;
    };
    expect(await change('Enable', 'OutgoingBytes', 'IncomingBytes')).toMatchObject({
      StreamName: 'orders',
      StreamARN: ARN,
      CurrentShardLevelMetrics: [],
      DesiredShardLevelMetrics: ['IncomingBytes', 'OutgoingBytes'],
    });
    expect((await change('Enable', 'ALL')).DesiredShardLevelMetrics).toHaveLength(7);
    const disabled = await change('Disable', 'IncomingBytes');
    expect(disabled.DesiredShardLevelMetrics).toHaveLength(6);
    expect(disabled.CurrentShardLevelMetrics).toHaveLength(7);
    expect((await change('Disable', 'ALL')).DesiredShardLevelMetrics).toEqual([]);
  });
});

describe('the mode of a stream', () => {
  it('changes twice a day, shards and all else staying', async () => {
    const { kinesis, settle, summary, clock } = await orders();
    const change = async (StreamMode: 'ON_DEMAND' | 'PROVISIONED') => {
      await kinesis.UpdateStreamMode({ StreamARN: ARN, StreamModeDetails: { StreamMode } });
      settle();
    };
    await change('ON_DEMAND');
    expect(await summary()).toMatchObject({ StreamModeDetails: { StreamMode: 'ON_DEMAND' }, OpenShardCount: 1 });
    await change('PROVISIONED');
    await expect(change('ON_DEMAND')).rejects.toMatchObject({ code: 'LimitExceededException' });
    clock.advance(86_400_000);
    await change('ON_DEMAND');
  });

  it('AUTO spreads records evenly and asks for no key', async () => {
    const { kinesis } = await orders('ON_DEMAND');
    await kinesis.UpdateStreamRecordDistributionStrategy({ StreamARN: ARN, RecordDistributionStrategy: 'AUTO' });
    const keyless = Array.from({ length: 400 }, () => ({ Data: Buffer.from('x') }));
    const sameKey = keyless.map((entry) => ({ ...entry, PartitionKey: 'k', ExplicitHashKey: String(2n ** 128n) }));
    for (const Records of [keyless, sameKey]) {
      const answer = await kinesis.PutRecords({ StreamName: 'orders', Records });
      const counts = new Map<string, number>();
      for (const { ShardId } of answer.Records ?? []) counts.set(ShardId ?? '', (counts.get(ShardId ?? '') ?? 0) + 1);
      expect([...counts.values()]).toEqual([100, 100, 100, 100]);
    }
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    });
    const keys = (await kinesis.GetRecords({ ShardIterator })).Records?.map((record) => record.PartitionKey);
    expect(keys?.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => undefined));
    expect(keys?.[100]).toBe('k');
  });

  it('AUTO is not for provisioned streams, and ends with the on-demand mode', async () => {
    const provisioned = await orders();
    await expect(
      provisioned.kinesis.UpdateStreamRecordDistributionStrategy({
        StreamARN: ARN,
        RecordDistributionStrategy: 'AUTO',
      }),
    ).rejects.toMatchObject({ code: 'InvalidArgumentException' });
    const { kinesis, settle } = await orders('ON_DEMAND');
    await kinesis.UpdateStreamRecordDistributionStrategy({ StreamARN: ARN, RecordDistributionStrategy: 'AUTO' });
    await kinesis.UpdateStreamMode({ StreamARN: ARN, StreamModeDetails: { StreamMode: 'PROVISIONED' } });
    settle();
    await expect(kinesis.PutRecord({ StreamName: 'orders', Data: Buffer.from('x') })).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });

  it('warm throughput needs the commitment, and brings the shards', async () => {
    const { kinesis, settle, summary, clock } = await orders('ON_DEMAND');
    const warm = (WarmThroughputMiBps: number) =>
      kinesis.UpdateStreamWarmThroughput({ StreamARN: ARN, WarmThroughputMiBps });
    await expect(warm(10)).rejects.toMatchObject({ code: 'ValidationException' });
    const enabled = await kinesis.UpdateAccountSettings({ MinimumThroughputBillingCommitment: { Status: 'ENABLED' } });
    expect(enabled.MinimumThroughputBillingCommitment).toMatchObject({ Status: 'ENABLED' });
    await expect(warm(10_241)).rejects.toMatchObject({ code: 'LimitExceededException' });
    expect(await warm(10)).toMatchObject({ WarmThroughput: { TargetMiBps: 10, CurrentMiBps: 4 } });
    settle();
    expect(await summary()).toMatchObject({
      OpenShardCount: 10,
      WarmThroughput: { TargetMiBps: 10, CurrentMiBps: 10 },
    });
    await warm(2);
    settle();
    expect(await summary()).toMatchObject({ OpenShardCount: 4 });
    const disabled = await kinesis.UpdateAccountSettings({
      MinimumThroughputBillingCommitment: { Status: 'DISABLED' },
    });
    expect(disabled.MinimumThroughputBillingCommitment).toMatchObject({ Status: 'ENABLED_UNTIL_EARLIEST_ALLOWED_END' });
    await warm(5);
    settle();
    clock.advance(86_400_000);
    expect((await kinesis.DescribeAccountSettings({})).MinimumThroughputBillingCommitment).toMatchObject({
      Status: 'DISABLED',
    });
    await expect(warm(6)).rejects.toMatchObject({ code: 'ValidationException' });
  });
});

describe('while a stream is UPDATING', () => {
  it('it takes and gives records, but no further change', async () => {
    const { kinesis, settle } = await orders();
    await kinesis.UpdateShardCount({ StreamName: 'orders', TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' });
    await kinesis.PutRecord({ StreamName: 'orders', Data: Buffer.from('x'), PartitionKey: 'k' });
    const refusal = {
      code: 'ResourceInUseException',
      message: 'Stream orders under account 000000000000 not ACTIVE, instead in state UPDATING',
    };
    await expect(
      kinesis.UpdateShardCount({ StreamName: 'orders', TargetShardCount: 1, ScalingType: 'UNIFORM_SCALING' }),
    ).rejects.toMatchObject(refusal);
    await expect(kinesis.UpdateMaxRecordSize({ StreamARN: ARN, MaxRecordSizeInKiB: 2048 })).rejects.toMatchObject(
      refusal,
    );
    await expect(
      kinesis.StartStreamEncryption({ StreamName: 'orders', EncryptionType: 'KMS', KeyId: 'alias/k' }),
    ).rejects.toMatchObject(refusal);
    settle();
    await kinesis.UpdateMaxRecordSize({ StreamARN: ARN, MaxRecordSizeInKiB: 2048 });
  });

  it('it can be deleted, and the change comes to nothing', async () => {
    const { kinesis, settle } = await orders();
    await kinesis.UpdateShardCount({ StreamName: 'orders', TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' });
    await kinesis.DeleteStream({ StreamName: 'orders' });
    settle();
    expect((await kinesis.ListStreams({})).StreamNames).toEqual([]);
  });
});

describe('DryRun', () => {
  it('tells that a request would succeed, and does nothing', async () => {
    const { kinesis } = await orders();
    const wouldSucceed = { code: 'DryRunOperationException' };
    const Data = Buffer.from('x');
    await expect(
      kinesis.PutRecord({ StreamName: 'orders', Data, PartitionKey: 'k', DryRun: true }),
    ).rejects.toMatchObject(wouldSucceed);
    await expect(
      kinesis.PutRecords({ StreamName: 'orders', Records: [{ Data, PartitionKey: 'k' }], DryRun: true }),
    ).rejects.toMatchObject(wouldSucceed);
    await expect(
      kinesis.PutRecord({ StreamName: 'none', Data, PartitionKey: 'k', DryRun: true }),
    ).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    const iterator = {
      StreamName: 'orders',
      ShardId: 'shardId-000000000000',
      ShardIteratorType: 'TRIM_HORIZON',
    } as const;
    await expect(kinesis.GetShardIterator({ ...iterator, DryRun: true })).rejects.toMatchObject(wouldSucceed);
    const { ShardIterator } = await kinesis.GetShardIterator(iterator);
    await expect(kinesis.GetRecords({ ShardIterator, DryRun: true })).rejects.toMatchObject(wouldSucceed);
    expect((await kinesis.GetRecords({ ShardIterator })).Records).toEqual([]);
  });
});
