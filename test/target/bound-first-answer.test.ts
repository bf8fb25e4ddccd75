import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { OperationError } from '../../src/lib/shared/errors.js';
import { NoAnswer } from '../../src/lib/target/bound-first-answer.js';
import { createClients } from '../../src/lib/target/clients.js';
import { explainSdkError } from '../../src/lib/target/explain-sdk-error.js';
import { openKinesisWire } from '../../src/lib/target/kinesis-wire.js';
import type { Target } from '../../src/lib/target/target.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }
});

async function targetAt(server: Server, kind: Target['kind'] = 'endpoint'): Promise<Target> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { kind, endpointUrl: `http://127.0.0.1:${port}`, region: 'us-east-1', profile: undefined, why: 'the test' };
}

const silent: RequestListener = () => {};

describe('an endpoint that takes the connection and says nothing', () => {
  it('is left after a while, once, with a sentence', async () => {
    let calls = 0;
    const target = await targetAt(createServer(() => (calls += 1)));
    const clients = createClients(target, { firstAnswerMs: 800 });
    const error = await (await clients.kinesis()).send(new ListStreamsCommand({})).catch((thrown: unknown) => thrown);
    clients.close();
    expect(error).toBeInstanceOf(NoAnswer);
    expect(calls).toBe(1);
    expect(explainSdkError(error, target)).toMatchObject({
      message: `${target.endpointUrl} gave no answer to ListStreams within 800 ms.`,
      hint: 'Something took the connection: check the URL (from the test), and what runs there.',
    });
    expect(explainSdkError(error, { ...target, kind: 'local' })?.hint).toContain('pipectl local logs');
  });

  it('lets go of the connection', async () => {
    let closed: (() => void) | undefined;
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const target = await targetAt(createServer((request) => request.socket.once('close', () => closed?.())));
    const clients = createClients(target, { firstAnswerMs: 800 });
    await (await clients.kinesis()).send(new ListStreamsCommand({})).catch(() => {});
    await gone;
    clients.close();
  });

  it('ends by Ctrl-C before that', async () => {
    const clients = createClients(await targetAt(createServer(silent)));
    const stop = new AbortController();
    const call = (await clients.kinesis()).send(new ListStreamsCommand({}), { abortSignal: stop.signal });
    stop.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    clients.close();
  });

  it('is explained where it hangs in the calls that come by the thousand', async () => {
    const target = await targetAt(createServer(silent));
    const clients = createClients(target);
    const wire = openKinesisWire(target, await clients.kinesisAccess(), { connections: 1, timeoutMs: 100 });
    const error = await wire.call('GetRecords', '{}').catch((thrown: unknown) => thrown);
    wire.close();
    clients.close();
    expect(explainSdkError(error, target)).toBeInstanceOf(OperationError);
  });
});

describe('what takes its time by right', () => {
  it('an invocation, and an upload in proportion to its size', async () => {
    const answerLate: RequestListener = (request, response) => {
      request.resume();
      setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'), 400);
    };
    const clients = createClients(await targetAt(createServer(answerLate)), { firstAnswerMs: 50, maxAttempts: 1 });
    const lambda = await clients.lambda();
    const ZipFile = new Uint8Array(8 * 1024 * 1024);
    await expect(lambda.send(new InvokeCommand({ FunctionName: 'slow' }))).resolves.toBeDefined();
    await expect(lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'slow', ZipFile }))).resolves.toBeDefined();
    await expect(
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'slow', ZipFile: new Uint8Array(8) })),
    ).rejects.toBeInstanceOf(NoAnswer);
    clients.close();
  });

  it('a stream of events that has begun is not cut', async () => {
    const endpoint = await startEndpoint({ port: 0 });
    const target: Target = {
      kind: 'local',
      endpointUrl: endpoint.url,
      region: 'us-east-1',
      profile: undefined,
      why: 'the test',
    };
    const clients = createClients(target, { firstAnswerMs: 2500 });
    const kinesis = await clients.kinesis();
    const aws = await import('@aws-sdk/client-kinesis');
    await kinesis.send(new aws.CreateStreamCommand({ StreamName: 's', ShardCount: 1 }));
    await aws.waitUntilStreamExists({ client: kinesis, maxWaitTime: 10, minDelay: 1 }, { StreamName: 's' });
    const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
    const { Consumer } = await kinesis.send(new aws.RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'c' }));
    const consumer = { ConsumerARN: Consumer?.ConsumerARN ?? '' };
    while (
      (await kinesis.send(new aws.DescribeStreamConsumerCommand(consumer))).ConsumerDescription?.ConsumerStatus !==
      'ACTIVE'
    );
    const { EventStream } = await kinesis.send(
      new aws.SubscribeToShardCommand({
        ...consumer,
        ShardId: 'shardId-000000000000',
        StartingPosition: { Type: 'TRIM_HORIZON' },
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 3000)); // longer than a first answer may take
    await kinesis.send(
      new aws.PutRecordCommand({ StreamName: 's', PartitionKey: 'k', Data: new TextEncoder().encode('late') }),
    );
    let seen = 0;
    for await (const event of EventStream ?? []) {
      seen += event.SubscribeToShardEvent?.Records?.length ?? 0;
      if (seen > 0) break;
    }
    expect(seen).toBe(1);
    clients.close();
    await endpoint.close();
  });
});
