// Who is let in, tested with the requests that a browser would send.
import { connect, constants } from 'node:http2';
import { createConnection } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../src/lib/local/start-endpoint.js';
import { kinesisJson, rawRequest, signedFor } from './raw-request.js';

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await startEndpoint({ allowedHosts: ['host.docker.internal'] });
});
afterAll(() => endpoint.close());

const list = (headers: Record<string, string>) =>
  rawRequest(endpoint.url, { headers: { ...kinesisJson('ListStreams'), ...headers }, body: '{}' });

describe('a request under a name of this machine is welcome', () => {
  test.each([
    '127.0.0.1:4566',
    'localhost',
    'LOCALHOST:80',
    '[::1]:4566',
    'kinesis.us-east-1.localhost.localstack.cloud:4566',
    'localhost.localstack.cloud',
    'bucket.s3.localhost:4566',
    'abc.lambda-url.us-east-1.localhost',
    'host.docker.internal:4566',
  ])('Host: %s', async (host) => {
    expect(await list({ host })).toMatchObject({ status: 200 });
  });
});

describe('a request under a foreign name is refused: a page may have pointed it here', () => {
  test.each([
    'evil.example',
    'evil.example:4566',
    'localhost.evil.example',
    'evil-localhost',
    'localstack.cloud',
    '127.0.0.1.nip.io',
    '169.254.169.254',
    '0.0.0.0:4566',
    '[::2]',
  ])('Host: "%s"', async (host) => {
    const answer = await list({ host });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toMatchObject({
      __type: 'AccessDeniedException',
      message: expect.stringContaining('host'),
    });
  });

  test('also over HTTP/2, by its authority', async () => {
    const session = connect(endpoint.url);
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST',
      [constants.HTTP2_HEADER_PATH]: '/',
      [constants.HTTP2_HEADER_AUTHORITY]: 'evil.example',
      ...kinesisJson('ListStreams'),
    });
    const status = new Promise((resolve) => stream.on('response', (headers) => resolve(headers[':status'])));
    stream.end('{}');
    expect(await status).toBe(403);
    session.destroy();
  });
});

describe('a request from a web page is refused, whatever its host', () => {
  test.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:3000' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('%o', async (headers) => {
    const answer = await list(headers);
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('web page');
  });

  test('before its body is read, and before any service sees it', async () => {
    const answer = await rawRequest(endpoint.url, {
      headers: { ...kinesisJson('CreateStream'), origin: 'https://evil.example' },
      body: JSON.stringify({ StreamName: 'planted', ShardCount: 1 }),
    });
    expect(answer.status).toBe(403);
    expect((await list({})).text).not.toContain('planted');
  });

  test('a CORS preflight gets no permission', async () => {
    const answer = await rawRequest(endpoint.url, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  test.each(['/_localstack/health', '/_pipectl/status', '/_pipectl/shutdown', '/_pipectl/faults', '/bucket/key'])(
    'for every path: %s',
    async (path) => {
      const headers = { ...signedFor('s3'), origin: 'https://evil.example' };
      expect(await rawRequest(endpoint.url, { path, headers })).toMatchObject({ status: 403 });
    },
  );
});

test('a page that a person opens by its address is no cross-site request', async () => {
  const answer = await rawRequest(endpoint.url, {
    method: 'GET',
    path: '/_localstack/health',
    headers: { 'sec-fetch-site': 'none' },
  });
  expect(answer.status).toBe(200);
});

test('nothing listens beyond loopback', async () => {
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  for (const { address } of outside) {
    const refused = await new Promise((resolve) => {
      const socket = createConnection({ host: address, port: endpoint.port });
      socket.on('connect', () => resolve('connected'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    expect(refused, address).toBe('ECONNREFUSED');
  }
  expect(endpoint.url).toContain('127.0.0.1');
});
