// The framing of an answer is the endpoint's, whatever a function or an object says. Every case is followed by a second request on the same
// connection: it is answered as if nothing had been before.
import { readdirSync, readlinkSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:http2';
import { CreateFunctionCommand, CreateFunctionUrlConfigCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../src/lib/local/start-endpoint.js';
import { zip } from '../services/lambda/start-lambda.js';
import { presignedFor, type RawAnswer, signedFor } from './raw-request.js';

let endpoint: Endpoint;
let path: string;
let s3: S3Client;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const log: string[] = [];

beforeAll(async () => {
  endpoint = await startEndpoint({ log: (line) => log.push(line) });
  const settings = {
    region: 'us-east-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const lambda = new LambdaClient(settings);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'mirror',
      Runtime: 'nodejs20.x',
      Role: 'arn:aws:iam::000000000000:role/r',
      Handler: 'index.handler',
      Code: {
        ZipFile: await zip({
          'index.js':
            'exports.handler = async ({ body, queryStringParameters }) => JSON.parse(body ?? queryStringParameters.answer);',
        }),
      },
    }),
  );
  const { FunctionUrl = '' } = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: 'mirror', AuthType: 'NONE' }),
  );
  path = new URL(FunctionUrl).pathname;
  s3 = new S3Client({ ...settings, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'files' }));
  await s3.send(new PutObjectCommand({ Bucket: 'files', Key: 'key', Body: 'x'.repeat(200_000) }));
});
afterAll(async () => {
  agent.destroy();
  s3.destroy();
  await endpoint.close();
});

interface Sent extends RawAnswer {
  reused: boolean;
}

function send(
  to: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {} } = options;
    const sent = request({ agent, port: endpoint.port, host: '127.0.0.1', method, path: to, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, reused: sent.reusedSocket }),
      );
    });
    sent.on('error', reject);
    // As bytes: Node would write the headers in UTF-8 together with text.
    sent.end(options.body === undefined ? undefined : Buffer.from(options.body));
  });
}

/** What a function's answer comes out as; the connection is still in step afterwards. */
async function answered(value: unknown): Promise<Sent> {
  const answer = await send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  });
  const next = await send('/_localstack/health');
  expect(next).toMatchObject({ status: 200, reused: true });
  expect(JSON.parse(next.text)).toMatchObject({ edition: 'pipectl' });
  return answer;
}

describe("a function's own framing is handed on under another name, as on AWS", () => {
  test.each([
    ['content-length', '5'],
    ['Content-Length', '500'],
    ['content-length', 'x'],
    ['Transfer-Encoding', 'chunked'],
    ['transfer-encoding', 'identity'],
    ['connection', 'close'],
    ['connection', 'Upgrade'],
    ['keep-alive', 'timeout=0'],
    ['Upgrade', 'h2c'],
    ['trailer', 'x-late'],
    ['te', 'trailers'],
    ['date', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ])('%s: %s', async (name, value) => {
    const { status, headers, text } = await answered({
      statusCode: 200,
      headers: { [name]: value },
      body: 'hello world',
    });
    expect({ status, text, length: headers['content-length'] }).toEqual({
      status: 200,
      text: 'hello world',
      length: '11',
    });
    expect(headers[`x-amzn-remapped-${name.toLowerCase()}`]).toBe(value);
    expect(headers.connection).toBe('keep-alive');
    expect(Date.parse(String(headers.date))).toBeGreaterThan(0);
    for (const own of ['transfer-encoding', 'upgrade', 'trailer', 'te']) expect(headers[own]).toBeUndefined();
  });

  test('over HTTP/2 too', async () => {
    const session = connect(endpoint.url);
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/json' });
    const headers = new Promise<Record<string, unknown>>((resolve) => stream.on('response', resolve));
    stream.end(
      JSON.stringify({ statusCode: 200, headers: { 'content-length': '5', connection: 'close' }, body: 'hello world' }),
    );
    let text = '';
    for await (const part of stream) text += part;
    expect(text).toBe('hello world');
    expect(await headers).toMatchObject({
      ':status': 200,
      'content-length': '11',
      'x-amzn-remapped-connection': 'close',
    });
    session.destroy();
  });
});

describe('an answer that HTTP cannot carry is 502, and no connection ends', () => {
  test.each<[string, unknown]>([
    ['a line break in a value', { statusCode: 200, headers: { a: 'b\r\nset-cookie: c' } }],
    ['NUL in a value', { statusCode: 200, headers: { a: '\0' } }],
    ['a letter beyond ISO-8859-1', { statusCode: 200, headers: { a: '→' } }],
    ['a line break in a name', { statusCode: 200, headers: { 'a\r\nb': 'c' } }],
    ['a space in a name', { statusCode: 200, headers: { 'a b': 'c' } }],
    ['an empty name', { statusCode: 200, headers: { '': 'c' } }],
    ['a pseudo header', { statusCode: 200, headers: { ':status': '200' } }],
    ['a list of values', { statusCode: 200, headers: { a: ['b', 'c'] } }],
    ['an object for a value', { statusCode: 200, headers: { a: { b: 'c' } } }],
    ['a list for headers', { statusCode: 200, headers: ['a'] }],
    ['text for headers', { statusCode: 200, headers: 'a: b' }],
    ['a line break in a cookie', { statusCode: 200, cookies: ['a=b\r\nc: d'] }],
    ['a cookie that is no text', { statusCode: 200, cookies: [{ a: 'b' }] }],
    ['text for cookies', { statusCode: 200, cookies: 'a=b' }],
    ...[101, 100, 103, 199, 600, 999, 0, -200, 200.5, '2e2x', true, null, ['x'], {}].map(
      (statusCode): [string, unknown] => [`status ${JSON.stringify(statusCode)}`, { statusCode, body: 'x' }],
    ),
  ])('%s', async (_, value) => {
    const { status, text } = await answered(value);
    expect({ status, text }).toEqual({ status: 502, text: '{"Message":"Internal Server Error"}' });
  });

  test.each<[string, unknown, object]>([
    [
      'numbers and booleans are text',
      { statusCode: '201', headers: { 'X-A': 1, b: true, c: null } },
      { 'x-a': '1', b: 'true' },
    ],
    ['ISO-8859-1 goes out as it is', { statusCode: 200, headers: { a: 'é\t~' } }, { a: 'é\t~' }],
    [
      'cookies of both kinds',
      { statusCode: 200, headers: { 'Set-Cookie': 'a=1' }, cookies: ['b=2', 'c=3'] },
      { 'set-cookie': ['a=1', 'b=2', 'c=3'] },
    ],
    [
      'a redirect',
      { statusCode: 302, headers: { location: 'https://example.com/a?b' } },
      { location: 'https://example.com/a?b' },
    ],
  ])('%s', async (_, value, headers) => {
    const answer = await answered(value);
    expect(answer.status).toBe(Number((value as { statusCode: unknown }).statusCode));
    expect(answer.headers).toMatchObject(headers);
  });

  test.each([204, 304])('a status %i has no body', async (statusCode) => {
    expect(await answered({ statusCode, body: 'hello' })).toMatchObject({ status: statusCode, text: '' });
  });

  test('nor has an answer to HEAD', async () => {
    const value = { statusCode: 200, headers: { 'content-length': '5' }, body: 'hello' };
    const head = await send(`${path}?${new URLSearchParams({ answer: JSON.stringify(value) })}`, { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, text: '', headers: { 'x-amzn-remapped-content-length': '5' } });
    expect(await send('/_localstack/health')).toMatchObject({ status: 200 });
  });
});

/** Objects' files that this process has open. */
const openFiles = (): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return /\/s3\//.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false; // the one that lists them
    }
  }).length;

describe("an object's answer", () => {
  test.each(['text/html\r\nx-injected: 1', 'a\nb', 'a\0b', 'attachment; filename="→"'])(
    'is refused where a header was asked for that HTTP cannot carry: %j',
    async (value) => {
      for (const name of ['type', 'disposition', 'cache-control', 'encoding', 'language']) {
        const header = name === 'cache-control' ? name : `content-${name}`;
        const query = `${presignedFor('s3')}&${new URLSearchParams({ [`response-${header}`]: value })}`;
        expect(await send(`/files/key?${query}`, { method: 'HEAD' })).toMatchObject({ status: 400 });
        const answer = await send(`/files/key?${query}`);
        expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('<Code>InvalidArgument</Code>')]);
        expect(await send('/files/key', { headers: signedFor('s3') })).toMatchObject({ status: 200, reused: true });
      }
    },
  );

  test.skipIf(process.platform !== 'linux')('leaves no file open, refused, duplicated or cut off', async () => {
    await send(`/files/key?${presignedFor('s3')}&response-content-type=a%0D%0Ab`);
    endpoint.faults.add({ at: 's3.GetObject', kind: 'duplicate' });
    expect(await send('/files/key', { headers: signedFor('s3') })).toMatchObject({ status: 200 });
    await expect.poll(openFiles).toBe(0);
  });

  test('gives metadata back byte for byte, beyond ASCII too', async () => {
    const headers = { ...signedFor('s3'), 'x-amz-meta-name': Buffer.from('größe →').toString('latin1') };
    await send('/files/named', { method: 'PUT', headers, body: 'x' });
    const answer = await send('/files/named', { headers: signedFor('s3') });
    expect(Buffer.from(String(answer.headers['x-amz-meta-name']), 'latin1').toString()).toBe('größe →');
    const { Metadata } = await s3.send(new GetObjectCommand({ Bucket: 'files', Key: 'named' }));
    expect(Metadata).toHaveProperty('name');
  });
});

test('no answer was cut off', () => {
  expect(log.filter((line) => /cut off|failed/.test(line))).toEqual([]);
});
