// What the server does around an operation: transports, TLS, faults, context, and clients that go away.
import { getEventListeners, once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { createConnection, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { KinesisClient, ListStreamsCommand, PutRecordsCommand, SubscribeToShardCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AllServices } from '../../../src/lib/local/calls.js';
import { createFaults } from '../../../src/lib/local/faults.js';
import { AwsError } from '../../../src/lib/local/wire/aws-error.js';
import type { OperationContext } from '../../../src/lib/local/wire/handlers.js';
import { type Server, type ServerOptions, startServer } from '../../../src/lib/local/wire/server.js';
import { kinesisJson, presignedFor, rawRequest, signedFor } from './raw-request.js';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const faults = createFaults();
const closing = new AbortController();
const logged: string[] = [];

async function start(services: AllServices, options: Partial<ServerOptions> = {}): Promise<Server> {
  faults.clear();
  logged.length = 0;
  const server = await startServer(services, {
    port: 0,
    tls: false,
    accountId: '000000000000',
    faults,
    signal: closing.signal,
    log: (line) => logged.push(line),
    ...options,
  });
  cleanups.push(() => server.close());
  return server;
}

function clientOf<C extends { destroy(): void }>(
  make: new (config: object) => C,
  server: Server,
  config: object = {},
): C {
  const client = new make({
    region: 'eu-central-1',
    endpoint: server.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    ...config,
  });
  cleanups.push(() => client.destroy());
  return client;
}

const put = new PutRecordsCommand({ StreamName: 's', Records: [{ Data: Buffer.from('marker-7'), PartitionKey: 'k' }] });
const putOutput = { FailedRecordCount: 0, Records: [{ SequenceNumber: '1', ShardId: 's' }] };

describe('the context of an operation', () => {
  test('region from the signature, in the header or presigned; account and request id', async () => {
    const seen: OperationContext[] = [];
    const server = await start({
      kinesis: { ListStreams: (_, context) => void seen.push(context) as never },
      s3: { GetObject: (_, context) => void seen.push(context) as never },
    });
    await rawRequest(server.url, {
      headers: { ...kinesisJson('ListStreams'), ...signedFor('kinesis', 'ap-south-1') },
      body: '{}',
    });
    await rawRequest(server.url, {
      method: 'GET',
      path: `/bucket/key?${presignedFor('s3', 'us-west-2')}`,
    });
    await rawRequest(server.url, { method: 'GET', path: '/bucket/key', headers: { 'x-pipectl': '1' } });
    expect(seen.map(({ region }) => region)).toEqual(['ap-south-1', 'us-west-2', 'us-east-1']);
    expect(seen.map(({ accountId, origin }) => [accountId, origin])).toEqual(
      new Array(3).fill(['000000000000', 'wire']),
    );
    expect(new Set(seen.map(({ requestId }) => requestId)).size).toBe(3);
  });

  test('an operation that fails by itself is a 500 that names it, and the log tells why', async () => {
    const server = await start({
      kinesis: {
        ListStreams: () => {
          throw new TypeError('a bug');
        },
      },
    });
    const failed = clientOf(KinesisClient, server).send(new ListStreamsCommand({}));
    await expect(failed).rejects.toMatchObject({
      name: 'InternalFailure',
      message: expect.stringContaining('kinesis.ListStreams'),
      $metadata: { httpStatusCode: 500 },
    });
    expect(logged.join('\n')).toContain('TypeError: a bug');
  });

  test('an operation that nobody implements is a 501 that names it', async () => {
    const client = clientOf(KinesisClient, await start({}));
    await expect(client.send(new ListStreamsCommand({}))).rejects.toMatchObject({
      name: 'NotImplementedException',
      message: expect.stringContaining('kinesis ListStreams'),
      $metadata: { httpStatusCode: 501 },
    });
  });
});

describe('faults strike operations', () => {
  test('error, with the status of the modelled error', async () => {
    const PutRecords = vi.fn(() => putOutput);
    const client = clientOf(KinesisClient, await start({ kinesis: { PutRecords } }));
    faults.add({
      at: 'kinesis.PutRecords',
      kind: 'error',
      code: 'ProvisionedThroughputExceededException',
      match: 'marker-7',
    });
    await expect(client.send(put)).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
      $metadata: { httpStatusCode: 400 },
    });
    expect(PutRecords).not.toHaveBeenCalled();
    await expect(client.send(put)).resolves.toMatchObject(putOutput);
  });

  test('match looks into the records, not at other calls', async () => {
    const client = clientOf(KinesisClient, await start({ kinesis: { PutRecords: () => putOutput } }));
    faults.add({ at: 'kinesis.PutRecords', kind: 'error', match: 'marker-8' });
    await expect(client.send(put)).resolves.toMatchObject(putOutput);
  });

  test('drop answers success and does nothing; duplicate does it twice', async () => {
    const PutRecords = vi.fn(() => putOutput);
    const client = clientOf(KinesisClient, await start({ kinesis: { PutRecords } }));
    faults.add({ at: 'kinesis.PutRecords', kind: 'drop' });
    await client.send(put);
    expect(PutRecords).not.toHaveBeenCalled();
    faults.add({ at: 'kinesis.PutRecords', kind: 'duplicate' });
    await client.send(put);
    expect(PutRecords).toHaveBeenCalledTimes(2);
  });

  test('duplicate gives a streaming body twice', async () => {
    const bodies: string[] = [];
    const server = await start({
      s3: {
        PutObject: async ({ Body }) => {
          bodies.push(Buffer.concat(await (Body?.toArray() ?? [])).toString());
          return {};
        },
      },
    });
    faults.add({ at: 's3.PutObject', kind: 'duplicate' });
    await clientOf(S3Client, server).send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'twice' }));
    expect(bodies).toEqual(['twice', 'twice']);
  });

  test('delay waits on the clock', async () => {
    const sleep = vi.fn(async () => {});
    const clock = { now: () => 0, after: () => () => {}, sleep };
    const client = clientOf(KinesisClient, await start({ kinesis: { PutRecords: () => putOutput } }, { clock }));
    faults.add({ at: 'kinesis.PutRecords', kind: 'delay', delayMs: 1234 });
    await client.send(put);
    expect(sleep).toHaveBeenCalledWith(1234, expect.any(AbortSignal));
  });
});

describe('transports', () => {
  const services: AllServices = {
    kinesis: {
      PutRecords: () => putOutput,
      SubscribeToShard: () => ({
        EventStream: (async function* () {
          yield { SubscribeToShardEvent: { Records: [], ContinuationSequenceNumber: '7', MillisBehindLatest: 0 } };
          throw new AwsError('ResourceInUseException', 'taken over');
        })() as never,
      }),
    },
  };

  test('HTTP/1.1 and cleartext HTTP/2 on one port, many requests on one connection', async () => {
    const server = await start(services);
    const http1 = await rawRequest(server.url, { headers: kinesisJson('PutRecords'), body: '{"Records":[]}' });
    expect(http1.status).toBe(200);
    const http2 = clientOf(KinesisClient, server);
    await Promise.all(Array.from({ length: 50 }, () => http2.send(put)));
  });

  test('an event stream ends with its modelled error', async () => {
    const client = clientOf(KinesisClient, await start(services));
    const answer = await client.send(
      new SubscribeToShardCommand({ ConsumerARN: 'c', ShardId: 's', StartingPosition: { Type: 'LATEST' } }),
    );
    const events: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const event of answer.EventStream ?? [])
        events.push(event.SubscribeToShardEvent?.ContinuationSequenceNumber);
    };
    await expect(read()).rejects.toMatchObject({ name: 'ResourceInUseException', message: 'taken over' });
    expect(events).toEqual(['7']);
  });

  test('TLS with a certificate that can be trusted, HTTP/2 and HTTP/1.1 by ALPN', async () => {
    const server = await start(services, { tls: true });
    expect(server.url).toMatch(/^https:/);
    const ca = server.certificate ?? '';
    const session = connect(server.url, { ca });
    cleanups.push(() => session.destroy());
    await once(session, 'connect');
    expect(session.alpnProtocol).toBe('h2');
    const stream = session.request({ ':method': 'POST', ':path': '/', ...kinesisJson('PutRecords') });
    stream.end('{"Records":[]}');
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect(headers[':status']).toBe(200);

    const secure = httpsRequest(`https://localhost:${server.port}/`, {
      ca,
      method: 'POST',
      headers: kinesisJson('PutRecords'),
    });
    secure.end('{"Records":[]}');
    const [response] = await once(secure, 'response');
    expect(response.statusCode).toBe(200);
    expect(response.httpVersion).toBe('1.1');
    response.resume();
  });

  /** The type of frame that an HTTP/2 server begins with. */
  const SETTINGS = 4;

  test.each([
    [
      'HTTP/2',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0',
      (read: string) => read.charCodeAt(3) === SETTINGS,
    ],
    ['HTTP/1.1', 'POST / HTTP/1.1\r\nhost: localhost\r\n\r\n', (read: string) => /^HTTP\/1\.1 4\d\d /.test(read)],
    ['nothing much', 'P', (read: string) => read === ''],
  ])('a client that begins byte by byte, in %s', async (_, text, isAnswer) => {
    const server = await start(services);
    const socket = createConnection({ port: server.port, host: '127.0.0.1', noDelay: true });
    cleanups.push(() => void socket.destroy());
    let read = '';
    socket.on('data', (part) => {
      read += part.toString('latin1');
    });
    for (const byte of text) {
      socket.write(Buffer.from(byte, 'latin1'));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    if (text === 'P') socket.end();
    await (text === 'P' ? once(socket, 'close') : vi.waitFor(() => expect(read).not.toBe('')));
    expect(isAnswer(read), read).toBe(true);
  });

  test('TLS without ALPN: a client that knows HTTP/2 is spoken to in it, one that says nothing is let go', async () => {
    const server = await start(services, { tls: true, headersTimeoutMs: 300 });
    const ca = server.certificate ?? '';
    const secured = async (): Promise<TLSSocket> => {
      const socket = connectTls({ port: server.port, host: '127.0.0.1', ca });
      cleanups.push(() => void socket.destroy());
      await once(socket, 'secureConnect');
      expect(socket.alpnProtocol).toBe(false);
      return socket;
    };
    const known = await secured();
    const session = connect(server.url, { createConnection: () => known });
    cleanups.push(() => session.destroy());
    for (const body of ['{"Records":[]}', '{']) {
      const stream = session.request({ ':method': 'POST', ':path': '/', ...kinesisJson('PutRecords') });
      stream.end(body);
      const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
      expect(headers[':status']).toBe(body === '{' ? 400 : 200);
    }
    await once((await secured()).resume(), 'close');
  });

  test.each([
    ['nothing', ''],
    ['half a handshake', '\x16\x03\x01\x02\x00\x01\x00'],
    ['no TLS at all', 'GET / HTTP/1.1\r\n\r\n'],
  ])('TLS: a connection that says %s is let go', async (_, text) => {
    const server = await start(services, { tls: true, headersTimeoutMs: 300 });
    const socket = createConnection({ port: server.port, host: '127.0.0.1' });
    cleanups.push(() => void socket.destroy());
    socket.on('error', () => {});
    socket.write(Buffer.from(text, 'latin1'));
    await once(socket.resume(), 'close');
  });

  test('a range of an object is a 206, HEAD has no body, chunked uploads lose their framing', async () => {
    const stored: string[] = [];
    const server = await start({
      s3: {
        PutObject: async ({ Body }) => {
          stored.push(Buffer.concat(await (Body?.toArray() ?? [])).toString());
          return {};
        },
        GetObject: () => ({ Body: Buffer.from('ell'), ContentRange: 'bytes 1-3/5', ContentLength: 3 }),
        HeadObject: () => ({ ContentLength: 5 }),
      },
    });
    const client = clientOf(S3Client, server); // checksums on: the SDK sends aws-chunked with a trailer
    await client.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'hello' }));
    expect(stored).toEqual(['hello']);
    const part = await client.send(new GetObjectCommand({ Bucket: 'b', Key: 'k', Range: 'bytes=1-3' }));
    expect([part.$metadata.httpStatusCode, await part.Body?.transformToString()]).toEqual([206, 'ell']);
    const head = await rawRequest(server.url, { method: 'HEAD', path: '/b/k', headers: signedFor('s3') });
    expect([head.status, head.headers['content-length'], head.text]).toEqual([200, '5', '']);
  });

  test.each([
    ['/bucket/a/b%20c', '127.0.0.1', 'bucket', 'a/b c'],
    ['/a/b%20c', 'bucket.localhost', 'bucket', 'a/b c'],
    ['/k', 'my.bucket.s3.us-east-1.localhost.localstack.cloud', 'my.bucket', 'k'],
    ['/bucket/k', 's3.us-east-1.localhost.localstack.cloud', 'bucket', 'k'],
    ['/bucket//k//', 'localhost', 'bucket', '/k//'],
  ])('bucket and key of %s at %s', async (path, host, Bucket, Key) => {
    const GetObject = vi.fn(() => ({ Body: Buffer.from('') }));
    const server = await start({ s3: { GetObject } });
    await rawRequest(server.url, { method: 'GET', path, headers: { host, ...signedFor('s3') } });
    expect(GetObject).toHaveBeenCalledWith(expect.objectContaining({ Bucket, Key }), expect.anything());
  });
});

describe('a streamed body', () => {
  const collect = vi.fn<(body: AsyncIterable<unknown>) => Promise<void>>(async (body) => {
    for await (const part of body) void part;
  });
  const services: AllServices = {
    s3: {
      PutObject: async ({ Body }) => {
        if (Body) await collect(Body);
        return {};
      },
    },
  };
  const put = (size: number, headers = '') =>
    `PUT /bucket/key HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${size}\r\n${headers}authorization: ${
      signedFor('s3').authorization
    }\r\n\r\n`;
  const talk = async (server: Server, bytes: string): Promise<string> => {
    const socket = createConnection({ host: '127.0.0.1', port: server.port });
    let text = '';
    socket.on('data', (part) => {
      text += part.toString();
    });
    socket.on('error', () => {});
    socket.write(bytes);
    await once(socket, 'close');
    return text;
  };

  test('that stops coming is answered and closed', async () => {
    const server = await start(services, { bodyTimeoutMs: 200 });
    const answer = await talk(server, `${put(100)}half of it`);
    expect(answer).toContain('HTTP/1.1 400');
    expect(answer).toContain('<Code>RequestTimeout</Code>');
    expect(logged).toEqual([]);
  });

  test('that drips is answered and closed, though it never stops', async () => {
    const server = await start(services, { bodyTimeoutMs: 400 });
    const socket = createConnection({ host: '127.0.0.1', port: server.port });
    let answer = '';
    socket.on('data', (part) => {
      answer += part.toString();
    });
    socket.on('error', () => {});
    socket.write(put(1_000_000));
    const drip = setInterval(() => socket.write('x'), 20);
    await once(socket, 'close');
    clearInterval(drip);
    expect(answer).toContain('HTTP/1.1 400');
    expect(answer).toContain('<Code>RequestTimeout</Code>');
  });

  test('that its reader leaves half read is still answered', async () => {
    const server = await start({
      s3: {
        PutObject: async ({ Body }) => {
          for await (const part of Body ?? []) {
            void part;
            throw new AwsError('EntityTooLarge', 'enough');
          }
          return {};
        },
      },
    });
    const body = Buffer.alloc(5_000_000);
    const answer = await rawRequest(server.url, { method: 'PUT', path: '/bucket/key', headers: signedFor('s3'), body });
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('<Code>EntityTooLarge</Code>') });
  });

  test('with broken chunks, or from a client that goes away, is no failure of ours', async () => {
    const server = await start(services);
    const headers = { ...signedFor('s3'), 'content-encoding': 'aws-chunked' };
    const answer = await rawRequest(server.url, { method: 'PUT', path: '/bucket/key', headers, body: 'zz\r\nabc' });
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('<Code>IncompleteBody</Code>') });
    collect.mockClear();
    const socket = createConnection({ host: '127.0.0.1', port: server.port });
    socket.write(`${put(100)}half of it`);
    await vi.waitFor(() => expect(collect).toHaveBeenCalled());
    socket.destroy();
    await expect(collect.mock.results[0]?.value).rejects.toMatchObject({ code: 'IncompleteBody' });
    expect(logged).toEqual([]);
  });
});

describe('clients that go away, a thousand times', () => {
  const TIMES = 1_000;
  const inBatches = async (one: () => Promise<void>): Promise<void> => {
    for (let done = 0; done < TIMES; done += 50) await Promise.all(Array.from({ length: 50 }, one));
  };
  const openSocket = async (server: Server): Promise<Socket> => {
    const socket = createConnection({ host: '127.0.0.1', port: server.port });
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };
  const head = Object.entries(kinesisJson('PutRecords'))
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');

  test('in the middle of a body', async () => {
    const PutRecords = vi.fn(() => putOutput);
    const server = await start({ kinesis: { PutRecords } });
    await inBatches(async () => {
      const socket = await openSocket(server);
      socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n${head}\r\n{"Records":`);
      await new Promise((resolve) => setImmediate(resolve));
      socket.destroy();
      await once(socket, 'close');
    });
    expect(PutRecords).not.toHaveBeenCalled();
    expect(logged).toEqual([]);
    await clientOf(KinesisClient, server).send(put);
  });

  test('while an operation works: it hears of it, and that is no failure', async () => {
    const PutRecords = vi.fn<(input: unknown, context: OperationContext) => Promise<never>>(
      (_, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
        ),
    );
    const server = await start({ kinesis: { PutRecords } });
    await inBatches(async () => {
      const socket = await openSocket(server);
      socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 14\r\n${head}\r\n{"Records":[]}`);
      await new Promise((resolve) => setImmediate(resolve));
      socket.destroy();
      await once(socket, 'close');
    });
    await vi.waitFor(() => expect(getEventListeners(closing.signal, 'abort')).toHaveLength(0), 5_000);
    const ends = await Promise.allSettled(PutRecords.mock.results.map(({ value }) => value as Promise<never>));
    expect(new Set(ends.map((end) => end.status === 'rejected' && end.reason.message))).toEqual(
      new Set(['the client went away']),
    );
    expect(logged).toEqual([]);
  });

  test('in the middle of an answer, over HTTP/1.1 and HTTP/2: what feeds it stops, and nothing keeps listening', async () => {
    let open = 0;
    let started = 0;
    const SubscribeToShard = (_: unknown, { signal }: OperationContext): never =>
      ({
        EventStream: (async function* () {
          open += 1;
          started += 1;
          try {
            yield { SubscribeToShardEvent: { Records: [], ContinuationSequenceNumber: '1', MillisBehindLatest: 0 } };
            await new Promise((_resolve, reject) => {
              if (signal.aborted) reject(signal.reason);
              signal.addEventListener('abort', () => reject(signal.reason), { once: true });
            });
          } finally {
            open -= 1;
          }
        })(),
      }) as never;
    const server = await start({ kinesis: { SubscribeToShard, PutRecords: () => putOutput } });
    const body = JSON.stringify({ ConsumerARN: 'c', ShardId: 's', StartingPosition: { Type: 'LATEST' } });
    const headers = kinesisJson('SubscribeToShard');
    let turn = 0;
    await inBatches(async () => {
      if (turn++ % 2 === 0) {
        const sent = httpRequest(server.url, { method: 'POST', headers, agent: false });
        sent.on('error', () => {});
        sent.end(body);
        const [response] = await once(sent, 'response');
        response.on('error', () => {});
        await once(response, 'data');
        sent.destroy();
      } else {
        const session = connect(server.url);
        session.on('error', () => {});
        const stream = session.request({ ':method': 'POST', ':path': '/', ...headers });
        stream.on('error', () => {});
        stream.end(body);
        await once(stream, 'data');
        stream.close();
        session.destroy();
      }
    });
    await vi.waitFor(() => expect(open).toBe(0), 5_000);
    expect(started).toBe(TIMES);
    expect(getEventListeners(closing.signal, 'abort')).toHaveLength(0);
    expect(logged).toEqual([]);
    await clientOf(KinesisClient, server).send(put);
  });
});

test.each(['HTTP/1.1', 'HTTP/2'])(
  'an answer that begins after its client left over %s is not read at all',
  async (version) => {
    let reached: () => void = () => {};
    let proceed: () => void = () => {};
    const isReached = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const mayProceed = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const ended = vi.fn();
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: async () => {
          ended();
          return { done: true as const, value: undefined };
        },
      }),
    };
    const server = await start({
      s3: {
        GetObject: async () => {
          reached();
          await mayProceed;
          return { Body: source as never };
        },
      },
    });
    const headers = signedFor('s3');
    if (version === 'HTTP/2') {
      const session = connect(server.url);
      session.on('error', () => {});
      const stream = session.request({ ':path': '/bucket/key', ...headers });
      stream.on('error', () => {});
      await isReached;
      session.destroy();
    } else {
      const sent = httpRequest(`${server.url}/bucket/key`, { headers, agent: false });
      sent.on('error', () => {});
      sent.end();
      await isReached;
      sent.destroy();
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    proceed();
    await vi.waitFor(() => expect(ended).toHaveBeenCalledOnce());
    expect(logged).toEqual([]);
  },
);

test('closing ends what is still open', async () => {
  const endpoint = new AbortController();
  const aborted = vi.fn();
  const server = await start(
    {
      kinesis: {
        ListStreams: (_, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              aborted(signal.reason.message);
              reject(signal.reason);
            });
          }),
      },
    },
    { signal: endpoint.signal },
  );
  const pending = rawRequest(server.url, { headers: kinesisJson('ListStreams'), body: '{}' }).catch(
    (error: Error) => error,
  );
  await vi.waitFor(() => expect(getEventListeners(endpoint.signal, 'abort')).toHaveLength(1));
  endpoint.abort();
  await server.close();
  expect(await pending).toBeDefined();
  expect(aborted).toHaveBeenCalledWith('the endpoint is closing');
});
