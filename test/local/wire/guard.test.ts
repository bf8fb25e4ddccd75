// Who is let in, tested with the requests that a browser would send.
import { connect, constants } from 'node:http2';
import { createConnection } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../src/lib/local/start-endpoint.js';
import { kinesisJson, presignedFor, rawRequest, signedFor } from './raw-request.js';

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
    'http://127.0.0.1:4566', // a whole URL, which AWS reads as well, and no browser sends
    'https://localhost/path',
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
    '127.0.0.1:4566@evil.example',
    'http://evil.example:4566',
    'http://127.0.0.1:4566@evil.example/',
    'http://evil.example/?http://127.0.0.1',
  ])('Host: "%s"', async (host) => {
    const answer = await list({ host });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toMatchObject({
      __type: 'AccessDeniedException',
      message: expect.stringContaining('host'),
    });
  });

  test.each([
    ['127.0.0.1', 'evil.example'],
    ['evil.example', '127.0.0.1'],
    ['127.0.0.1', '127.0.0.1'],
  ])('two Host headers: %s, %s', async (...hosts) => {
    const socket = createConnection(endpoint.port, '127.0.0.1');
    const lines = hosts.map((host) => `Host: ${host}\r\n`).join('');
    socket.end(`GET /_localstack/health HTTP/1.1\r\n${lines}Connection: close\r\n\r\n`);
    let text = '';
    for await (const part of socket) text += part;
    expect(text).toMatch(/^HTTP\/1\.1 403 /);
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

const FORM = 'Action=CreateStack&Version=2010-05-15&StackName=planted&TemplateBody=x';
const INVOKE = '/2015-03-31/functions/f/invocations';

describe('without a signature nothing is changed and nothing is told', () => {
  test.each<[string, string, string, Record<string, string>, string]>([
    ['a link to an operation of CloudFormation', 'GET', `/?${FORM}`, {}, ''],
    ['one with a made-up presigned query', 'GET', `/?${FORM}&${presignedFor('cloudformation')}`, {}, ''],
    ['a form', 'POST', '/', { 'content-type': 'application/x-www-form-urlencoded' }, FORM],
    [
      'a form with a made-up presigned query',
      'POST',
      `/?${presignedFor('cloudformation')}`,
      { 'content-type': 'text/plain' },
      FORM,
    ],
    ['a form to a function', 'POST', INVOKE, { 'content-type': 'text/plain' }, '{}'],
    [
      'a deletion of objects by form',
      'POST',
      `/bucket?delete&${presignedFor('s3')}`,
      { 'content-type': 'text/plain' },
      '',
    ],
    ['a list of buckets', 'GET', '/', {}, ''],
    ['a presigned list of buckets', 'GET', `/?${presignedFor('s3')}`, {}, ''],
    ['a list of objects', 'GET', `/bucket?list-type=2&${presignedFor('s3')}`, {}, ''],
    ['an object', 'GET', '/bucket/key', {}, ''],
    ['an object, half presigned', 'GET', '/bucket/key?X-Amz-Signature=0&X-Amz-Credential=a', {}, ''],
    ['an upload', 'PUT', '/bucket/key', {}, 'x'],
    ['a removal', 'DELETE', '/bucket', {}, ''],
    ['an upload that is CreateStack', 'PUT', `/?${FORM}&${presignedFor('cloudformation')}`, {}, ''],
    ['one with the former signature', 'DELETE', `/?${FORM}&AWSAccessKeyId=a&Signature=b&Expires=1`, {}, ''],
    ['a method of the future', 'QUERY', `/?${FORM}&${presignedFor('cloudformation')}`, {}, FORM],
    ['a function, presigned', 'DELETE', `/2015-03-31/functions/f?${presignedFor('lambda')}`, {}, ''],
    ['JSON without a target', 'POST', INVOKE, { 'content-type': 'application/json' }, '{}'],
    ['a beacon', 'POST', '/', { 'content-type': 'text/plain;charset=UTF-8' }, FORM],
    ['a report of a browser', 'POST', '/', { 'content-type': 'application/csp-report' }, FORM],
    ['a user and a password in a link', 'GET', `/?${FORM}`, { authorization: 'Basic QVdTNC1ITUFDLVNIQTI1Njp4' }, ''],
    [
      'a signature without its credential',
      'GET',
      '/',
      { authorization: `AWS4-HMAC-SHA256 Signature=${'0'.repeat(64)}` },
      '',
    ],
    ['a signature that is none', 'GET', '/', { authorization: signedFor('s3').authorization?.slice(0, -1) ?? '' }, ''],
    ['faults', 'POST', '/_pipectl/faults', { 'content-type': 'text/plain' }, '[]'],
    ['no faults any more', 'DELETE', '/_pipectl/faults', {}, ''],
    ['shutdown', 'POST', '/_pipectl/shutdown', {}, ''],
    ['a preflight without an origin', 'OPTIONS', '/bucket/key', { 'access-control-request-method': 'PUT' }, ''],
    ['a WebSocket', 'GET', `/?${FORM}`, { connection: 'Upgrade', upgrade: 'websocket' }, ''],
    [
      'HTTP/2 by upgrade',
      'GET',
      `/?${FORM}`,
      { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': '' },
      '',
    ],
  ])('%s', async (_, method, path, headers, body) => {
    const answer = await rawRequest(endpoint.url, { method, path, headers, body });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('not signed');
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.headers['access-control-allow-headers']).toBeUndefined();
  });

  test('HEAD tells as little', async () => {
    expect(await rawRequest(endpoint.url, { method: 'HEAD', path: '/bucket/key' })).toMatchObject({ status: 403 });
  });

  test('over HTTP/2', async () => {
    const session = connect(endpoint.url);
    const stream = session.request({ [constants.HTTP2_HEADER_PATH]: `/?${FORM}` });
    expect(await new Promise((resolve) => stream.on('response', (headers) => resolve(headers[':status'])))).toBe(403);
    session.destroy();
  });

  test('in absolute form', async () => {
    const path = `http://127.0.0.1/?${FORM}`;
    expect(await rawRequest(endpoint.url, { method: 'GET', path })).toMatchObject({ status: 403 });
  });
});

test('an absolute form of a foreign host is refused, signed or not', async () => {
  const answer = await rawRequest(endpoint.url, {
    path: 'http://evil.example/',
    headers: kinesisJson('ListStreams'),
    body: '{}',
  });
  expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('evil.example') });
});

describe('what no page or link can send is carried out', () => {
  const SCOPE = 'test/20261130/us-east-1/kinesis/aws4_request';
  test.each<Record<string, string>>([
    { 'x-amz-target': 'Kinesis_20131202.ListStreams' },
    { 'x-amz-target': 'Kinesis_20131202.ListStreams', 'sec-fetch-mode': 'cors' }, // Node's own fetch
    {
      'x-amz-target': 'Kinesis_20131202.ListStreams',
      authorization: `AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=host,Signature=${'aF'.repeat(32)}`,
    },
  ])('%o', async (headers) => {
    expect(await rawRequest(endpoint.url, { headers, body: '{}' })).toMatchObject({ status: 200 });
  });

  const FORM_OF_STS = { 'content-type': 'application/x-www-form-urlencoded' };
  test.each<[string, Record<string, string>]>([
    ['SigV4', signedFor('sts')],
    [
      'SigV4 in another order',
      {
        authorization: `AWS4-HMAC-SHA256 SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)},  Credential=a/b/20261130/us-east-1/sts/aws4_request`,
      },
    ],
    [
      'SigV4a',
      {
        authorization: `AWS4-ECDSA-P256-SHA256 Credential=test/20261130/sts/aws4_request, SignedHeaders=host, Signature=${'30'.repeat(70)}`,
      },
    ],
    ["S3's former signature", { authorization: `AWS test:${'x'.repeat(27)}=` }],
    ['an unsigned call of an SDK', { 'amz-sdk-invocation-id': 'b4ff3d5d-0000-4000-8000-000000000000' }],
    ['a header for curl', { 'x-pipectl': '1' }],
  ])('%s', async (_, headers) => {
    const answer = await rawRequest(endpoint.url, {
      headers: { ...FORM_OF_STS, ...headers },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    });
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('<Account>000000000000</Account>') });
  });

  test("a region of SigV4a's is its set's first", async () => {
    const headers = {
      ...kinesisJson('DescribeLimits'),
      authorization: `AWS4-ECDSA-P256-SHA256 Credential=test/20261130/kinesis/aws4_request, SignedHeaders=host, Signature=${'30'.repeat(70)}`,
    };
    const create = {
      ...headers,
      'x-amz-target': 'Kinesis_20131202.CreateStream',
      'x-amz-region-set': 'eu-west-1,us-*',
    };
    await rawRequest(endpoint.url, { headers: create, body: '{"StreamName":"far","ShardCount":1}' });
    const far = { ...kinesisJson('ListStreams'), ...signedFor('kinesis', 'eu-west-1') };
    expect((await rawRequest(endpoint.url, { headers: far, body: '{}' })).text).toContain('"far"');
  });
});

describe('a presigned URL reads, and writes where its method is one that a browser asks leave for', () => {
  const former = 'AWSAccessKeyId=test&Expires=1796000000&Signature=x%3D';
  test.each([presignedFor('s3'), former])('%s', async (query) => {
    await rawRequest(endpoint.url, { method: 'PUT', path: '/signed', headers: signedFor('s3') });
    const path = `/signed/key?${query}`;
    expect(await rawRequest(endpoint.url, { method: 'PUT', path, body: 'x' })).toMatchObject({ status: 200 });
    expect(await rawRequest(endpoint.url, { method: 'GET', path })).toMatchObject({ status: 200, text: 'x' });
    const from = (dest: string, mode: string) =>
      rawRequest(endpoint.url, {
        method: 'GET',
        path,
        headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode, 'sec-fetch-dest': dest },
      });
    expect(await from('document', 'navigate')).toMatchObject({ status: 200 }); // a download link; its page does not see it
    expect(await from('iframe', 'navigate')).toMatchObject({ status: 403 });
    expect(await from('image', 'no-cors')).toMatchObject({ status: 403 });
  });

  test('tells who somebody is', async () => {
    const path = `/?Action=GetCallerIdentity&Version=2011-06-15&${presignedFor('sts')}`;
    expect(await rawRequest(endpoint.url, { method: 'GET', path })).toMatchObject({ status: 200 });
    const navigated = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(await rawRequest(endpoint.url, { method: 'GET', path, headers: navigated })).toMatchObject({ status: 403 });
  });
});

test('a person may open what is public by its address, and no operation', async () => {
  const typed = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  const get = (path: string, headers: Record<string, string>) =>
    rawRequest(endpoint.url, { method: 'GET', path, headers });
  expect(await get('/_localstack/health', typed)).toMatchObject({ status: 200 });
  expect(await get('/_pipectl/status', typed)).toMatchObject({ status: 200 });
  // An extension could sign; what a browser says of itself counts more.
  expect(await get('/', { ...typed, ...signedFor('s3') })).toMatchObject({ status: 403 });
});

test('a browser that does not say what it asks for gets what changes nothing', async () => {
  const headers = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0' }; // to a plain-http host
  const get = (path: string) => rawRequest(endpoint.url, { method: 'GET', path, headers });
  expect(await get('/_localstack/health')).toMatchObject({ status: 200 });
  for (const path of ['/', '/_pipectl/function-url/x/', '/_pipectl/code/x']) {
    // What no service has loaded yet is no route yet either.
    expect(await get(path), path).toMatchObject({ status: 403, text: expect.stringContaining('User-Agent: Mozilla') });
  }
  expect(
    await rawRequest(endpoint.url, { method: 'GET', path: '/', headers: { ...headers, ...signedFor('s3') } }),
  ).toMatchObject({ status: 200 });
});

test.each(['/_localstack/health', '/bucket/key', '/%zz', '/_pipectl/code/%zz'])(
  'no answer can become a page of this origin: %s',
  async (path) => {
    for (const headers of [{}, signedFor('s3'), { origin: 'https://evil.example' }]) {
      expect((await rawRequest(endpoint.url, { method: 'GET', path, headers })).headers).toMatchObject({
        'content-security-policy': 'sandbox',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      });
    }
  },
);

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
