import type { SubscribeToShardEvent, SubscribeToShardEventStream } from '@aws-sdk/client-kinesis';
import { describe, expect, it } from 'vitest';
import { parseSequenceNumber } from '../../../../src/lib/stream/sequence-number.js';
import { type KinesisOptions, startKinesis } from './kinesis-in-process.js';

const ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const SHARD = 'shardId-000000000000';

type Events = AsyncIterator<SubscribeToShardEventStream>;

async function withConsumer(options: KinesisOptions = {}) {
  const started = startKinesis(options);
  const { kinesis, create, settle } = started;
  await create('orders');
  const { Consumer } = await kinesis.RegisterStreamConsumer({ StreamARN: ARN, ConsumerName: 'reader' });
  settle();
  const ConsumerARN = Consumer?.ConsumerARN ?? '';
  const abort = new AbortController();
  /** Subscribes as over the wire, with a connection that can be cut. */
  const subscribe = async (
    StartingPosition: {
      Type: 'TRIM_HORIZON' | 'LATEST' | 'AT_SEQUENCE_NUMBER' | 'AFTER_SEQUENCE_NUMBER';
      SequenceNumber?: string;
    },
    extra: { DryRun?: boolean } = {},
  ): Promise<Events> => {
    const answer = await started.service.handlers.SubscribeToShard?.(
      { ConsumerARN, ShardId: SHARD, StartingPosition, ...extra },
      {
        requestId: '',
        region: 'us-east-1',
        accountId: '000000000000',
        signal: abort.signal,
        origin: 'wire',
        headers: {},
      },
    );
    if (!answer?.EventStream) throw new Error('no event stream');
    return answer.EventStream[Symbol.asyncIterator]();
  };
  const put = (text: string, bytes = 0) =>
    kinesis.PutRecord({ StreamName: 'orders', Data: Buffer.from(text.padEnd(bytes, '.')), PartitionKey: 'k' });
  return { ...started, ConsumerARN, subscribe, put, abort };
}

async function next(events: Events): Promise<SubscribeToShardEvent | undefined> {
  return (await events.next()).value?.SubscribeToShardEvent;
}

const texts = (event: SubscribeToShardEvent | undefined): string[] =>
  (event?.Records ?? []).map((record) => Buffer.from(record.Data ?? []).toString());

describe('consumers', () => {
  it('are CREATING, ACTIVE, DELETING, gone; listed and described by ARN or by name', async () => {
    const { kinesis, create, settle } = startKinesis();
    await create('orders');
    const { Consumer } = await kinesis.RegisterStreamConsumer({
      StreamARN: ARN,
      ConsumerName: 'reader',
      Tags: { a: 'b' },
    });
    expect(Consumer).toEqual({
      ConsumerName: 'reader',
      ConsumerARN: expect.stringMatching(
        /^arn:aws:kinesis:us-east-1:000000000000:stream\/orders\/consumer\/reader:\d{10}$/,
      ),
      ConsumerStatus: 'CREATING',
      ConsumerCreationTimestamp: expect.any(Date),
    });
    settle();
    const described = await kinesis.DescribeStreamConsumer({ StreamARN: ARN, ConsumerName: 'reader' });
    expect(described.ConsumerDescription).toMatchObject({ ConsumerStatus: 'ACTIVE', StreamARN: ARN });
    expect(await kinesis.DescribeStreamConsumer({ ConsumerARN: Consumer?.ConsumerARN })).toEqual(described);
    expect((await kinesis.ListTagsForResource({ ResourceARN: Consumer?.ConsumerARN })).Tags).toEqual([
      { Key: 'a', Value: 'b' },
    ]);
    expect((await kinesis.DescribeStreamSummary({ StreamARN: ARN })).StreamDescriptionSummary?.ConsumerCount).toBe(1);
    await kinesis.DeregisterStreamConsumer({ ConsumerARN: Consumer?.ConsumerARN });
    expect((await kinesis.ListStreamConsumers({ StreamARN: ARN })).Consumers).toMatchObject([
      { ConsumerStatus: 'DELETING' },
    ]);
    settle();
    await expect(kinesis.DescribeStreamConsumer({ ConsumerARN: Consumer?.ConsumerARN })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
      message: `Consumer ${Consumer?.ConsumerARN}, account 000000000000 not found.`,
    });
  });

  it('are at most 20, five of them CREATING, each name once', async () => {
    const { kinesis, create, settle } = startKinesis();
    await create('orders');
    const register = (ConsumerName: string) => kinesis.RegisterStreamConsumer({ StreamARN: ARN, ConsumerName });
    for (let i = 0; i < 5; i++) await register(`c${i}`);
    await expect(register('c5')).rejects.toMatchObject({ code: 'LimitExceededException' });
    settle();
    await expect(register('c0')).rejects.toMatchObject({
      code: 'ResourceInUseException',
      message: 'Consumer c0 under stream orders already exists for account 000000000000.',
    });
    for (let i = 5; i < 20; i++) {
      await register(`c${i}`);
      settle();
    }
    await expect(register('c20')).rejects.toMatchObject({
      code: 'LimitExceededException',
      message: expect.stringMatching(/more than 20/),
    });
    const first = await kinesis.ListStreamConsumers({ StreamARN: ARN, MaxResults: 15 });
    const rest = await kinesis.ListStreamConsumers({ StreamARN: ARN, NextToken: first.NextToken });
    expect([...(first.Consumers ?? []), ...(rest.Consumers ?? [])]).toHaveLength(20);
    expect(rest.NextToken).toBeUndefined();
  });

  it('are at most 50 where an on-demand stream has the commitment', async () => {
    const { kinesis, settle } = startKinesis();
    await kinesis.CreateStream({ StreamName: 'orders', StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
    await kinesis.UpdateAccountSettings({ MinimumThroughputBillingCommitment: { Status: 'ENABLED' } });
    settle();
    for (let i = 0; i < 50; i++) {
      await kinesis.RegisterStreamConsumer({ StreamARN: ARN, ConsumerName: `c${i}` });
      settle();
    }
    await expect(kinesis.RegisterStreamConsumer({ StreamARN: ARN, ConsumerName: 'c50' })).rejects.toMatchObject({
      code: 'LimitExceededException',
      message: expect.stringMatching(/more than 50/),
    });
  });

  it('keep their stream from being deleted, unless told to go with it', async () => {
    const { kinesis, settle } = await withConsumer();
    await expect(kinesis.DeleteStream({ StreamName: 'orders' })).rejects.toMatchObject({
      code: 'ResourceInUseException',
    });
    await kinesis.DeleteStream({ StreamName: 'orders', EnforceConsumerDeletion: true });
    settle();
    await expect(kinesis.ListStreamConsumers({ StreamARN: ARN })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('must be named without contradiction', async () => {
    const { kinesis, ConsumerARN } = await withConsumer();
    for (const reference of [
      {},
      { StreamARN: ARN },
      { ConsumerName: 'reader' },
      { ConsumerARN, ConsumerName: 'other' },
    ]) {
      await expect(kinesis.DescribeStreamConsumer(reference)).rejects.toMatchObject({
        code: 'InvalidArgumentException',
      });
    }
  });
});

describe('SubscribeToShard', () => {
  it('tells at once how far it has come, then pushes what arrives', async () => {
    const { subscribe, put } = await withConsumer();
    await put('old');
    const events = await subscribe({ Type: 'LATEST' });
    expect(await next(events)).toMatchObject({
      Records: [],
      MillisBehindLatest: 0,
      ContinuationSequenceNumber: expect.stringMatching(/^\d{56}$/),
    });
    const pushed = next(events);
    const { SequenceNumber } = await put('new');
    const event = await pushed;
    expect(texts(event)).toEqual(['new']);
    expect(event?.Records?.[0]).toMatchObject({
      SequenceNumber,
      PartitionKey: 'k',
      ApproximateArrivalTimestamp: expect.any(Date),
    });
  });

  it('is woken by PutRecords once for all entries', async () => {
    const { subscribe, kinesis } = await withConsumer();
    const events = await subscribe({ Type: 'LATEST' });
    await next(events);
    const pushed = next(events);
    await new Promise((resolve) => setImmediate(resolve));
    const Records = ['a', 'b', 'c'].map((text) => ({ Data: Buffer.from(text), PartitionKey: 'k' }));
    await kinesis.PutRecords({ StreamName: 'orders', Records });
    expect(texts(await pushed)).toEqual(['a', 'b', 'c']);
  });

  it('says it is still there every five seconds, and ends after five minutes', async () => {
    const { subscribe, clock } = await withConsumer();
    const startedMs = clock.now();
    const events = await subscribe({ Type: 'LATEST' });
    let beats = 0;
    for (;;) {
      const beat = events.next();
      // Lets the subscription fall asleep before time moves.
      await new Promise((resolve) => setImmediate(resolve));
      const before = clock.now();
      clock.advance(beats === 0 ? 0 : 5000);
      const { done } = await beat;
      if (done) break;
      beats += 1;
      expect(clock.now() - before).toBeLessThanOrEqual(5000);
    }
    expect(beats).toBe(60);
    expect(clock.now() - startedMs).toBe(300_000);
  });

  it('goes on from a continuation number by AT and by AFTER alike, without loss or repetition', async () => {
    for (const Type of ['AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const) {
      const { subscribe, put, clock } = await withConsumer();
      await put('a');
      await put('b');
      const events = await subscribe({ Type: 'TRIM_HORIZON' });
      const event = await next(events);
      expect(texts(event)).toEqual(['a', 'b']);
      await events.return?.();
      const SequenceNumber = event?.ContinuationSequenceNumber ?? '';
      expect(parseSequenceNumber(SequenceNumber)).toMatchObject({ ordinal: 2, behind: true });
      await put('c');
      clock.advance(5000);
      expect(texts(await next(await subscribe({ Type, SequenceNumber })))).toEqual(['c']);
    }
  });

  it('is one a consumer and shard: refused within five seconds, taken over later', async () => {
    const { subscribe, clock, ConsumerARN } = await withConsumer();
    const first = await subscribe({ Type: 'LATEST' });
    await next(first);
    const taken = {
      code: 'ResourceInUseException',
      message: `Another active subscription exists for this consumer: 000000000000:orders:${SHARD}:reader`,
    };
    await expect(subscribe({ Type: 'LATEST' })).rejects.toMatchObject(taken);
    const waiting = expect(first.next()).rejects.toMatchObject(taken);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(4999);
    await expect(subscribe({ Type: 'LATEST' })).rejects.toMatchObject(taken);
    clock.advance(1);
    const second = await subscribe({ Type: 'LATEST' });
    // The beat at five seconds may come before the end.
    await waiting.catch(() => expect(first.next()).rejects.toMatchObject(taken));
    expect(await next(second)).toMatchObject({ Records: [] });
    expect(ConsumerARN).toContain('/consumer/reader:');
  });

  it('ends with the children at the end of a closed shard, and no number to continue from', async () => {
    const { subscribe, put, kinesis, settle } = await withConsumer();
    await put('last');
    const events = await subscribe({ Type: 'LATEST' });
    await next(events);
    const end = events.next();
    await kinesis.UpdateShardCount({ StreamName: 'orders', TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' });
    await new Promise((resolve) => setImmediate(resolve));
    settle();
    const event = (await end).value?.SubscribeToShardEvent;
    expect(event).toMatchObject({ Records: [], MillisBehindLatest: 0 });
    expect(event?.ContinuationSequenceNumber).toBeUndefined();
    expect(event?.ChildShards?.map((child: { ShardId?: string }) => child.ShardId)).toEqual([
      'shardId-000000000001',
      'shardId-000000000002',
    ]);
    expect((await events.next()).done).toBe(true);
  });

  it('ends when the client goes, when the consumer is deregistered, and when the stream is deleted', async () => {
    const cut = await withConsumer();
    const cutEvents = await cut.subscribe({ Type: 'LATEST' });
    await next(cutEvents);
    const ended = cutEvents.next();
    cut.abort.abort();
    expect((await ended).done).toBe(true);

    const gone = await withConsumer();
    const goneEvents = await gone.subscribe({ Type: 'LATEST' });
    await next(goneEvents);
    const refused = expect(goneEvents.next()).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await gone.kinesis.DeregisterStreamConsumer({ ConsumerARN: gone.ConsumerARN });
    await refused;

    const deleted = await withConsumer();
    const deletedEvents = await deleted.subscribe({ Type: 'LATEST' });
    await next(deletedEvents);
    const over = expect(deletedEvents.next()).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await deleted.kinesis.DeleteStream({ StreamName: 'orders', EnforceConsumerDeletion: true });
    await over;
  });

  it('has 2 MiB a second for itself, whatever GetRecords takes', async () => {
    const { subscribe, put, kinesis, clock } = await withConsumer();
    for (let i = 0; i < 6; i++) {
      await put(String(i), 1_000_000);
      clock.advance(1000);
    }
    const { ShardIterator } = await kinesis.GetShardIterator({
      StreamName: 'orders',
      ShardId: SHARD,
      ShardIteratorType: 'TRIM_HORIZON',
    });
    await kinesis.GetRecords({ ShardIterator });
    const events = await subscribe({ Type: 'TRIM_HORIZON' });
    const got: [second: number, text: string][] = [];
    const startedMs = clock.now();
    let reading = true;
    const read = (async () => {
      while (got.length < 6) {
        for (const text of texts(await next(events)))
          got.push([Math.floor((clock.now() - startedMs) / 100) / 10, text.slice(0, 1)]);
      }
      reading = false;
    })();
    for (let step = 0; reading && step < 100; step++) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(100);
    }
    await read;
    expect(got.map(([, text]) => text)).toEqual(['0', '1', '2', '3', '4', '5']);
    const lastSecond = got.at(-1)?.[0] ?? 0;
    expect(lastSecond).toBeGreaterThanOrEqual(1.2);
    expect(lastSecond).toBeLessThanOrEqual(2.2);
  });

  it('is not for a consumer that is not ACTIVE, nor a shard that is not there', async () => {
    const { kinesis, create, settle } = startKinesis();
    await create('orders');
    const { Consumer } = await kinesis.RegisterStreamConsumer({ StreamARN: ARN, ConsumerName: 'reader' });
    const subscribe = (ShardId: string) =>
      kinesis.SubscribeToShard({ ConsumerARN: Consumer?.ConsumerARN, ShardId, StartingPosition: { Type: 'LATEST' } });
    await expect(subscribe(SHARD)).rejects.toMatchObject({
      code: 'ResourceInUseException',
      message: expect.stringMatching(
        /^Consumer reader with creation timestamp \d{10} under stream: orders , account 000000000000 is not in ACTIVE status\.$/,
      ),
    });
    settle();
    await expect(subscribe('shardId-000000000005')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('takes nothing over when it only asks', async () => {
    const { subscribe } = await withConsumer();
    await expect(subscribe({ Type: 'LATEST' }, { DryRun: true })).rejects.toMatchObject({
      code: 'DryRunOperationException',
    });
    await next(await subscribe({ Type: 'LATEST' }));
  });
});
