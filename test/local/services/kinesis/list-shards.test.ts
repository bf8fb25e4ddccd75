import { describe, expect, it } from 'vitest';
import { startKinesis } from './kinesis-in-process.js';
import { ARN, call, FIRST, type Kinesis, ON_STREAM, refuses, world } from './refusals.js';

describe('the filters of ListShards', () => {
  async function resharded() {
    const started = startKinesis();
    const { kinesis, create, clock, settle } = started;
    await create('orders', 2);
    const createdMs = clock.now();
    clock.advance(3_600_000);
    const splitMs = clock.now();
    await kinesis.UpdateShardCount({ StreamName: 'orders', TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' });
    settle();
    clock.advance(3_600_000);
    const list = async (ShardFilter: NonNullable<Parameters<typeof kinesis.ListShards>[0]['ShardFilter']>) =>
      ((await kinesis.ListShards({ StreamName: 'orders', ShardFilter })).Shards ?? []).map((shard) =>
        Number(shard.ShardId?.slice(-3)),
      );
    return { ...started, list, createdMs, splitMs };
  }

  it('pick by what was open when', async () => {
    const { list, createdMs, splitMs, clock } = await resharded();
    expect(await list({ Type: 'AT_LATEST' })).toEqual([2, 3, 4, 5]);
    expect(await list({ Type: 'AT_TRIM_HORIZON' })).toEqual([0, 1]);
    expect(await list({ Type: 'FROM_TRIM_HORIZON' })).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await list({ Type: 'AT_TIMESTAMP', Timestamp: new Date(createdMs + 1000) })).toEqual([0, 1]);
    expect(await list({ Type: 'AT_TIMESTAMP', Timestamp: new Date(splitMs + 1000) })).toEqual([2, 3, 4, 5]);
    expect(await list({ Type: 'FROM_TIMESTAMP', Timestamp: new Date(splitMs + 1000) })).toEqual([2, 3, 4, 5]);
    expect(await list({ Type: 'FROM_TIMESTAMP', Timestamp: new Date(0) })).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await list({ Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000003' })).toEqual([4, 5]);
    clock.advance(22.5 * 3_600_000);
    expect(await list({ Type: 'AT_TRIM_HORIZON' })).toEqual([0, 1]);
    clock.advance(3_600_000);
    expect(await list({ Type: 'FROM_TRIM_HORIZON' })).toEqual([2, 3, 4, 5]);
  });

  it('are kept by the token', async () => {
    const { kinesis } = await resharded();
    const first = await kinesis.ListShards({ StreamName: 'orders', ShardFilter: { Type: 'AT_LATEST' }, MaxResults: 3 });
    const rest = await kinesis.ListShards({ NextToken: first.NextToken });
    expect(rest.Shards?.map((shard) => shard.ShardId)).toEqual(['shardId-000000000005']);
  });

  it('ask for what they need', async () => {
    const { list } = await resharded();
    await expect(list({ Type: 'AFTER_SHARD_ID' })).rejects.toMatchObject({ code: 'InvalidArgumentException' });
    await expect(list({ Type: 'AT_TIMESTAMP' })).rejects.toMatchObject({ code: 'InvalidArgumentException' });
    await expect(list({ Type: 'NEWEST' as 'AT_LATEST' })).rejects.toMatchObject({ code: 'ValidationException' });
  });
});

describe('what ListShards refuses', () => {
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
