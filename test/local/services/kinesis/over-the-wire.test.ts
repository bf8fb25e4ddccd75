import { Agent, request } from 'node:http';
import { connect, constants } from 'node:http2';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  type KinesisClientConfig,
  ListShardsCommand,
  type ListShardsOutput,
  ProvisionedThroughputExceededException,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  SubscribeToShardCommand,
  UpdateShardCountCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../../src/lib/local/start-endpoint.js';
import { DrivenClock } from '../../../../src/lib/shared/clock.js';

let endpoint: Endpoint;
const clock = new DrivenClock();
const clients: KinesisClient[] = [];

beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0, clock });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});
afterAll(() => endpoint.close());

function clientOf(config: Partial<KinesisClientConfig> = {}): KinesisClient {
  const client = new KinesisClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    ...config,
  });
  clients.push(client);
  return client;
}

async function stream(client: KinesisClient, StreamName: string, ShardCount = 1): Promise<string> {
  await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
  await waitUntilStreamExists({ client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 }, { StreamName });
  const summary = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
  return summary.StreamDescriptionSummary?.StreamARN ?? '';
}

async function readAll(client: KinesisClient, StreamName: string): Promise<string[]> {
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const page: ListShardsOutput = await client.send(
      new ListShardsCommand({ ...(NextToken ? { NextToken } : { StreamName }), MaxResults: 2 }),
    );
    for (const { ShardId } of page.Shards ?? []) {
      const { ShardIterator } = await client.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
      seen.push(...(Records ?? []).map((record) => Buffer.from(record.Data ?? []).toString()));
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return seen;
}

describe.each([
  ['cleartext HTTP/2, the default of the client', {}],
  ['HTTP/1.1', { requestHandler: new NodeHttpHandler() }],
] as const)('the SDK client over %s', (name, config) => {
  const prefix = name.startsWith('HTTP') ? 'h1' : 'h2';

  it('creates, waits, puts, lists by pages and gets every byte back', async () => {
    const client = clientOf(config);
    await stream(client, `${prefix}-orders`, 3);
    const data = Array.from({ length: 200 }, (_, i) => `${i} – größe ${'x'.repeat(i)}`);
    const put = await client.send(
      new PutRecordsCommand({
        StreamName: `${prefix}-orders`,
        Records: data.map((text, i) => ({ Data: Buffer.from(text), PartitionKey: `key ${i}` })),
      }),
    );
    expect(put.FailedRecordCount).toBe(0);
    expect((await readAll(client, `${prefix}-orders`)).sort()).toEqual(data.sort());
  });

  it('knows the errors as its own classes', async () => {
    const client = clientOf(config);
    await stream(client, `${prefix}-errors`);
    await expect(
      client.send(new CreateStreamCommand({ StreamName: `${prefix}-errors`, ShardCount: 1 })),
    ).rejects.toBeInstanceOf(ResourceInUseException);
    const missing = await client.send(new ListShardsCommand({ StreamName: 'none' })).catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(ResourceNotFoundException);
    expect(missing).toMatchObject({
      message: 'Stream none under account 000000000000 not found.',
      $metadata: { httpStatusCode: 400, requestId: expect.any(String) },
    });
  });

  it('is pushed records, the end of the shard and its children', async () => {
    const client = clientOf(config);
    const StreamName = `${prefix}-push`;
    const StreamARN = await stream(client, StreamName);
    const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'reader' }));
    clock.advance(100);
    const { EventStream } = await client.send(
      new SubscribeToShardCommand({
        ConsumerARN: Consumer?.ConsumerARN,
        ShardId: 'shardId-000000000000',
        StartingPosition: { Type: 'LATEST' },
      }),
    );
    const seen: string[] = [];
    let children: (string | undefined)[] = [];
    for await (const { SubscribeToShardEvent: event } of EventStream ?? []) {
      seen.push(...(event?.Records ?? []).map((record) => Buffer.from(record.Data ?? []).toString()));
      if (event?.ChildShards) children = event.ChildShards.map((child) => child.ShardId);
      else if (seen.length < 3) {
        await client.send(
          new PutRecordCommand({ StreamName, Data: Buffer.from(`event ${seen.length}`), PartitionKey: 'k' }),
        );
      } else {
        await client.send(
          new UpdateShardCountCommand({ StreamName, TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }),
        );
        clock.advance(100);
      }
    }
    expect(seen).toEqual(['event 0', 'event 1', 'event 2']);
    expect(children).toEqual(['shardId-000000000001', 'shardId-000000000002']);
  });

  it('has its subscription taken over as an exception of the stream', async () => {
    const client = clientOf(config);
    const StreamARN = await stream(client, `${prefix}-taken`);
    const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'reader' }));
    clock.advance(100);
    const subscribe = () =>
      client.send(
        new SubscribeToShardCommand({
          ConsumerARN: Consumer?.ConsumerARN,
          ShardId: 'shardId-000000000000',
          StartingPosition: { Type: 'TRIM_HORIZON' },
        }),
      );
    const first = await subscribe();
    const reading = (async () => {
      for await (const _ of first.EventStream ?? []);
    })().catch((error: unknown) => error);
    clock.advance(5000);
    const second = await subscribe();
    expect(await reading).toBeInstanceOf(ResourceInUseException);
    for await (const event of second.EventStream ?? []) {
      expect(event.SubscribeToShardEvent?.Records).toEqual([]);
      break;
    }
  });
});

describe('a client that goes away', () => {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.PutRecords' };
  const body = JSON.stringify({
    StreamName: 'aborted',
    Records: [{ Data: Buffer.alloc(60_000).toString('base64'), PartitionKey: 'k' }],
  });

  /** Opens a request and leaves in the middle of its body, or as soon as its answer begins. */
  type Leave = (when: 'body' | 'answer') => Promise<void>;

  const overHttp1 = (): { leave: Leave; close(): void } => {
    const agent = new Agent({ maxSockets: 20 });
    const leave: Leave = (when) =>
      new Promise((resolve) => {
        const req = request(`${endpoint.url}/`, { method: 'POST', agent, headers });
        req.on('error', () => {});
        req.on('close', () => resolve());
        req.on('response', (res) => {
          res.on('error', () => {});
          req.destroy();
        });
        if (when === 'answer') req.end(body);
        else {
          req.write(body.slice(0, 40_000));
          setImmediate(() => req.destroy());
        }
      });
    return { leave, close: () => agent.destroy() };
  };

  const overHttp2 = (): { leave: Leave; close(): void } => {
    const session = connect(endpoint.url);
    const leave: Leave = (when) =>
      new Promise((resolve) => {
        const req = session.request({ ':method': 'POST', ':path': '/', ...headers });
        req.on('error', () => {});
        req.on('close', () => resolve());
        req.on('response', () => req.close(constants.NGHTTP2_CANCEL));
        if (when === 'answer') req.end(body);
        else {
          req.write(body.slice(0, 40_000));
          setImmediate(() => req.close(constants.NGHTTP2_CANCEL));
        }
      });
    return { leave, close: () => session.destroy() };
  };

  it.each([
    ['HTTP/1.1', overHttp1],
    ['HTTP/2', overHttp2],
  ] as const)('in the middle of a body or an answer, a thousand times, hurts nobody: over %s', async (name, open) => {
    const client = clientOf({ requestHandler: new NodeHttpHandler() });
    await client.send(new CreateStreamCommand({ StreamName: 'aborted', ShardCount: 1 })).catch(() => {});
    await waitUntilStreamExists({ client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 }, { StreamName: 'aborted' });
    const { leave, close } = open();
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(Array.from({ length: 50 }, (_, i) => leave(i % 2 === 0 ? 'body' : 'answer')));
    }
    close();
    clock.advance(60_000);
    const marker = Buffer.from(`after ${name}`);
    await client.send(new PutRecordCommand({ StreamName: 'aborted', Data: marker, PartitionKey: 'k' }));
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({
        StreamName: 'aborted',
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'AT_TIMESTAMP',
        Timestamp: new Date(clock.now() - 30_000),
      }),
    );
    const { Records } = await client.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records?.map((record) => Buffer.from(record.Data ?? []).toString())).toEqual([marker.toString()]);
  });

  it('while subscribed can come back five seconds after it subscribed', async () => {
    const client = clientOf();
    const StreamARN = await stream(client, 'left');
    const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'reader' }));
    clock.advance(100);
    const abort = new AbortController();
    const subscribe = (from: KinesisClient) =>
      from.send(
        new SubscribeToShardCommand({
          ConsumerARN: Consumer?.ConsumerARN,
          ShardId: 'shardId-000000000000',
          StartingPosition: { Type: 'LATEST' },
        }),
        { abortSignal: abort.signal },
      );
    const leaving = clientOf();
    const { EventStream } = await subscribe(leaving);
    for await (const _ of EventStream ?? []) break;
    leaving.destroy();
    clock.advance(5000);
    const { EventStream: next } = await subscribe(client);
    for await (const event of next ?? []) {
      expect(event.SubscribeToShardEvent).toBeDefined();
      break;
    }
  });
});

describe('twenty subscriptions of one client', () => {
  it('each see every record once, and Node has nothing to warn of', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name, message }: Error): void => void warnings.push(`${name}: ${message}`);
    process.on('warning', onWarning);
    try {
      const client = clientOf();
      const StreamARN = await stream(client, 'wide', 20);
      const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'reader' }));
      clock.advance(100);
      const data = Array.from({ length: 400 }, (_, i) => `event ${i}`);
      const Records = data.map((text) => ({ Data: Buffer.from(text), PartitionKey: text }));
      const seen: string[] = [];
      let allSeen: () => void = () => {};
      const done = new Promise<void>((resolve) => (allSeen = resolve));
      const readShard = async (index: number): Promise<void> => {
        const ShardId = `shardId-${String(index).padStart(12, '0')}`;
        const position = { ShardId, StartingPosition: { Type: 'TRIM_HORIZON' as const } };
        const { EventStream = [] } = await client.send(
          new SubscribeToShardCommand({ ConsumerARN: Consumer?.ConsumerARN, ...position }),
        );
        for await (const { SubscribeToShardEvent: event } of EventStream) {
          for (const { Data } of event?.Records ?? []) seen.push(Buffer.from(Data ?? []).toString());
          if (seen.length >= data.length) allSeen();
        }
      };
      for (let index = 0; index < 20; index += 1) readShard(index).catch(() => {}); // until the client is destroyed
      await client.send(new PutRecordsCommand({ StreamName: 'wide', Records }));
      await done;
      expect(seen.sort()).toEqual(data.sort());
      expect(warnings.filter((warning) => /Listeners/.test(warning))).toEqual([]);
    } finally {
      process.off('warning', onWarning);
    }
  });
});

describe('the end of the endpoint', () => {
  it.each([
    ['HTTP/2', {}],
    ['HTTP/1.1', { requestHandler: new NodeHttpHandler() }],
  ] as const)('ends a subscription over %s and waits for nobody', async (_, config) => {
    const own = await startEndpoint({ port: 0 });
    const client = clientOf({ ...config, endpoint: own.url });
    const StreamARN = await stream(client, 'orders');
    const { Consumer } = await client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'reader' }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { EventStream } = await client.send(
      new SubscribeToShardCommand({
        ConsumerARN: Consumer?.ConsumerARN,
        ShardId: 'shardId-000000000000',
        StartingPosition: { Type: 'LATEST' },
      }),
    );
    let events = 0;
    const reading = (async () => {
      for await (const _event of EventStream ?? []) if (++events === 1) void own.close();
    })().catch(() => {});
    await reading;
    await own.close();
    expect(events).toBe(1);
  });
});

describe('limits', () => {
  it('reach the client as entries that failed, and as an exception', async () => {
    const stopped = new DrivenClock(Date.now());
    const own = await startEndpoint({ port: 0, clock: stopped });
    try {
      const client = clientOf({ endpoint: own.url, maxAttempts: 1 });
      await client.send(new CreateStreamCommand({ StreamName: 'limited', ShardCount: 1 }));
      stopped.advance(1000);
      const Records = Array.from({ length: 500 }, (_, i) => ({ Data: Buffer.from('x'), PartitionKey: String(i) }));
      const put = () => client.send(new PutRecordsCommand({ StreamName: 'limited', Records }));
      expect([(await put()).FailedRecordCount, (await put()).FailedRecordCount]).toEqual([0, 0]);
      stopped.advance(200);
      const answer = await put();
      expect(answer.FailedRecordCount).toBe(300);
      const failed = answer.Records?.filter((record) => record.ErrorCode !== undefined);
      expect(failed).toHaveLength(300);
      const message = 'Rate exceeded for shard shardId-000000000000 in stream limited under account 000000000000.';
      expect(failed?.[0]).toEqual({ ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: message });
      const one = client.send(
        new PutRecordCommand({ StreamName: 'limited', Data: Buffer.from('x'), PartitionKey: 'k' }),
      );
      await expect(one).rejects.toThrow(ProvisionedThroughputExceededException);
      await expect(one).rejects.toThrow(message);
    } finally {
      await own.close();
    }
  });
});
