// The endpoint's own pages: health, faults, shutdown.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { rawRequest } from './wire/raw-request.js';

/** What a web page cannot send without asking. */
const OWN = { 'x-pipectl': '1' };
const onShutdown = vi.fn();
let endpoint: Endpoint;
let kinesis: KinesisClient;
beforeAll(async () => {
  endpoint = await startEndpoint({ onShutdown });
  kinesis = new KinesisClient({
    region: 'us-east-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});
afterAll(async () => {
  kinesis.destroy();
  await endpoint.close();
});

test("health has LocalStack's shape, so what waits for LocalStack waits for this", async () => {
  const answer = await rawRequest(endpoint.url, { method: 'GET', path: '/_localstack/health' });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toMatchObject({
    services: { kinesis: 'running', logs: 'running' },
    edition: 'pipectl',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
});

describe('faults over HTTP', () => {
  const arm = (faults: unknown) =>
    rawRequest(endpoint.url, {
      path: '/_pipectl/faults',
      headers: OWN,
      body: typeof faults === 'string' ? faults : JSON.stringify(faults),
    });
  const list = () => kinesis.send(new ListStreamsCommand({}));

  test('an armed fault strikes as often as it says', async () => {
    const fault = {
      at: 'kinesis.ListStreams',
      kind: 'error',
      code: 'LimitExceededException',
      message: 'slow down',
      times: 2,
    };
    expect(JSON.parse((await arm([fault])).text)).toEqual({ armed: 1 });
    await expect(list()).rejects.toMatchObject({ name: 'LimitExceededException', message: 'slow down' });
    await expect(list()).rejects.toMatchObject({ name: 'LimitExceededException' });
    await expect(list()).resolves.toMatchObject({ StreamNames: [] });
  });

  test('DELETE disarms all', async () => {
    await arm([{ at: 'kinesis.ListStreams', kind: 'error' }]);
    await rawRequest(endpoint.url, { method: 'DELETE', path: '/_pipectl/faults', headers: OWN });
    await expect(list()).resolves.toBeDefined();
  });

  test.each([
    ['not json', 'JSON'],
    [[{ at: 'PutRecords', kind: 'error' }], 'SERVICE.OPERATION'],
    [[{ at: 'kinesis.PutRecordz', kind: 'error' }], 'kinesis has no operation PutRecordz'],
    [[{ at: 'logs.PutLogEvents', kind: 'error' }], '"logs" is not a service; there are kinesis,'],
    [[{ at: 'kinesis.PutRecords', kind: 'crash' }], 'an operation takes error, delay, drop, duplicate'],
    [[{ at: 'kinesis.PutRecords', kind: 'explode' }], '"kind" must be one of error, delay'],
    [[{ at: 'kinesis.PutRecords', kind: 'delay' }], 'needs "delayMs"'],
    [[{ at: 'kinesis.PutRecords', kind: 'error', probability: 2 }], 'between 0 and 1'],
    [
      [
        { at: 'kinesis.PutRecords', kind: 'error' },
        { at: 'kinesis.PutRecords', kind: 'error', tiems: 2 },
      ],
      'Fault 2: "tiems"',
    ],
    [[{ at: 'kinesis.PutRecords', kind: 'error', times: '3' }], '"times" must be a number'],
  ])('a wrong fault arms nothing and says what is wrong: %j', async (faults, says) => {
    const answer = await arm(faults);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).message).toContain(says);
    expect(endpoint.faults.take('kinesis.PutRecords')).toBeUndefined();
  });
});

test('shutdown is what the owner of the endpoint says it is', async () => {
  expect(await rawRequest(endpoint.url, { path: '/_pipectl/shutdown', headers: OWN })).toMatchObject({ status: 202 });
  await vi.waitFor(() => expect(onShutdown).toHaveBeenCalledOnce());
  const embedded = await startEndpoint();
  expect(await rawRequest(embedded.url, { path: '/_pipectl/shutdown', headers: OWN })).toMatchObject({ status: 409 });
  await embedded.close();
});

test('a taken port is the listening error, and nothing is left behind', async () => {
  const before = process.env.TMPDIR;
  const own = await mkdtemp(join(tmpdir(), 'pipectl-test-'));
  process.env.TMPDIR = own;
  try {
    await expect(startEndpoint({ port: endpoint.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(await readdir(own)).toEqual([]);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(own, { recursive: true });
  }
});
