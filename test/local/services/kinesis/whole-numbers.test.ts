import { expect, it } from 'vitest';
import { startKinesis } from './kinesis-in-process.js';

it('cuts fractions off, as AWS does: nothing after the point reaches a stream', async () => {
  const { kinesis, settle } = startKinesis();
  const summary = async () => (await kinesis.DescribeStreamSummary({ StreamName: 'orders' })).StreamDescriptionSummary;
  await kinesis.CreateStream({ StreamName: 'orders', ShardCount: 2.9 });
  settle();
  expect(await summary()).toMatchObject({ StreamStatus: 'ACTIVE', OpenShardCount: 2 });
  await kinesis.IncreaseStreamRetentionPeriod({ StreamName: 'orders', RetentionPeriodHours: 48.9 });
  settle();
  expect(await summary()).toMatchObject({ RetentionPeriodHours: 48 });
  const scaled = await kinesis.UpdateShardCount({
    StreamName: 'orders',
    TargetShardCount: 3.5,
    ScalingType: 'UNIFORM_SCALING',
  });
  expect(scaled.TargetShardCount).toBe(3);
  settle();
  expect(await summary()).toMatchObject({ OpenShardCount: 3 });
  expect((await kinesis.ListShards({ StreamName: 'orders', MaxResults: 1.5 })).Shards).toHaveLength(1);
});

it.each([
  [0.9, 'ValidationException', /Value '0' at 'shardCount'/],
  [1e300, 'LimitExceededException', /Requested: 2147483647\.$/],
  [-1e300, 'ValidationException', /Value '-2147483648' at 'shardCount'/],
  [Number.NaN, 'SerializationException', /can not be converted to an Integer/],
  [Number.POSITIVE_INFINITY, 'SerializationException', /can not be converted to an Integer/],
])('%d shards are refused', async (ShardCount, code, message) => {
  const { kinesis } = startKinesis();
  await expect(kinesis.CreateStream({ StreamName: 'orders', ShardCount })).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});
