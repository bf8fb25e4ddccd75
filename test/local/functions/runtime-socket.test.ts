// What runtimes write to the host, cut where the system likes, and what no runtime of ours would write.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RuntimeApi, RuntimeReport } from '../../../src/lib/local/functions/runtime-api.js';
import { serveRuntimeSocket } from '../../../src/lib/local/functions/runtime-socket.js';
import { SYNC_PAYLOAD_BYTES } from '../../../src/lib/shared/payload-limit.js';
import { until } from '../services/lambda/start-lambda.js';

const API = '/2018-06-01/runtime';
const NEXT = `GET ${API}/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n`;

let server: Server;
let runtime: Socket;
let api: RuntimeApi;
let answers = '';
let seen: (RuntimeReport | 'next' | { initError: string; errorType: string })[] = [];

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  runtime = connect(typeof address === 'object' && address ? address.port : 0, '127.0.0.1');
  runtime.setNoDelay(true);
  const [socket] = (await once(server, 'connection')) as [Socket];
  seen = [];
  answers = '';
  runtime.setEncoding('latin1').on('data', (text: string) => {
    answers += text;
  });
  api = serveRuntimeSocket(socket, {
    onNext: () => seen.push('next'),
    onReport: (report) => seen.push(report),
    onInitError: (payload, errorType) => seen.push({ initError: payload.toString(), errorType }),
  });
});
afterEach(() => {
  runtime.destroy();
  api.close();
  server.close();
});

const report = (path: string, body: string, headers: string[] = []): string =>
  [`POST ${API}/${path} HTTP/1.1`, 'Host: x', `Content-Length: ${Buffer.byteLength(body)}`, ...headers, '', body].join(
    '\r\n',
  );

const invocation = {
  requestId: 'id-1',
  payload: Buffer.from('{"ü":1}'),
  invokedArn: 'arn:x',
  traceId: 'Root=1;Sampled=0',
};

test.each([1, 7, 100_000])('a report and the request for more, in pieces of %d bytes', async (size) => {
  const bytes = Buffer.from(
    report('invocation/id-1/response', '"é"', ['Content-Type: application/json', 'Pipectl-Logged-Bytes: 42']) + NEXT,
  );
  for (let at = 0; at < bytes.length; at += size) {
    runtime.write(bytes.subarray(at, at + size));
    if (size < 100) await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => seen.length === 2 || undefined);
  expect(seen).toEqual([
    {
      kind: 'response',
      requestId: 'id-1',
      payload: Buffer.from('"é"'),
      contentType: 'application/json',
      loggedBytes: 42,
      peakKb: undefined,
    },
    'next',
  ]);
});

test('the answer to a report leaves with the next invocation, which says its length in bytes', async () => {
  runtime.write(report('invocation/id-0/error', '{}', ['Lambda-Runtime-Function-Error-Type: Oops']) + NEXT);
  await until(() => seen.length === 2 || undefined);
  expect(seen[0]).toMatchObject({ kind: 'error', errorType: 'Oops' });
  expect(answers).toBe('');
  api.hand({ ...invocation, traceId: 'a\r\nInjected: b' }, 1234.6);
  await until(() => answers.includes('\r\n\r\n{') || undefined);
  const [accepted, head = '', body = ''] = answers.split('\r\n\r\n');
  expect(accepted).toMatch(/^HTTP\/1\.1 202 /);
  expect(head.split('\r\n')).toEqual([
    'HTTP/1.1 200 OK',
    'Content-Type: application/json',
    'Content-Length: 8',
    'Lambda-Runtime-Aws-Request-Id: id-1',
    'Lambda-Runtime-Deadline-Ms: 1235',
    'Lambda-Runtime-Invoked-Function-Arn: arn:x',
    'Lambda-Runtime-Trace-Id: a  Injected: b',
  ]);
  expect(Buffer.from(body, 'latin1').toString('utf8')).toBe('{"ü":1}');
});

test('an error of init is answered at once; nothing is handed to who did not ask', async () => {
  api.hand(invocation, 1);
  runtime.write(report('init/error', '{"a":1}', ['Lambda-Runtime-Function-Error-Type: Init.Oops']));
  await until(() => answers !== '' || undefined);
  expect(answers).toMatch(/^HTTP\/1\.1 202 [^{]*$/);
  expect(seen).toEqual([{ initError: '{"a":1}', errorType: 'Init.Oops' }]);
});

test('an answer above the limit is counted, not kept', async () => {
  runtime.write(report('invocation/id-1/response', 'x'.repeat(SYNC_PAYLOAD_BYTES + 1)) + NEXT);
  await until(() => seen.length === 2 || undefined);
  expect(seen).toEqual([
    expect.objectContaining({ kind: 'too-large', requestId: 'id-1', payloadBytes: SYNC_PAYLOAD_BYTES + 1 }),
    'next',
  ]);
});

test('a path that the Runtime API does not have is not found', async () => {
  runtime.write(report('elsewhere', '{}'));
  await until(() => answers !== '' || undefined);
  expect(answers).toMatch(/^HTTP\/1\.1 404 /);
  expect(seen).toEqual([]);
});

test.each([
  ['a head without end', 'x'.repeat(70_000)],
  ['a length that is none', `POST ${API}/init/error HTTP/1.1\r\nContent-Length: -1\r\n\r\n`],
])('%s ends the connection', async (_what, bytes) => {
  const closed = once(runtime, 'close');
  runtime.on('error', () => {});
  runtime.write(bytes);
  await closed;
  expect(seen).toEqual([]);
});
