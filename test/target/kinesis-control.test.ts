import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { NoAnswer } from '../../src/lib/target/bound-first-answer.js';
import { type ClientOptions, type Clients, createClients } from '../../src/lib/target/clients.js';
import { explainSdkError } from '../../src/lib/target/explain-sdk-error.js';
import { timeOf } from '../../src/lib/target/kinesis-control.js';
import type { Target } from '../../src/lib/target/target.js';

let server: Server | undefined;
let clients: Clients | undefined;
afterEach(() => {
  clients?.close();
  server?.closeAllConnections();
  server?.close();
});

interface Call {
  target: string;
  authorization: string;
  input: unknown;
}

/** A server that gives these answers one after the other, the last one again and again, and what it was asked. */
async function answering(answers: { status?: number; body: string }[], options: ClientOptions = {}) {
  const calls: Call[] = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { 'x-amz-target': target = '', authorization = '' } = request.headers;
      const text = Buffer.concat(chunks).toString();
      calls.push({ target: String(target), authorization, input: text === '' ? undefined : JSON.parse(text) });
      const answer = answers[Math.min(calls.length, answers.length) - 1];
      response.writeHead(answer?.status ?? 200).end(answer?.body);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const target: Target = {
    kind: 'endpoint',
    endpointUrl: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    profile: undefined,
    why: 'the test',
  };
  clients = createClients(target, options);
  return { calls, target, control: clients.kinesisControl() };
}

const refusal = (type: string, status = 400) => ({ status, body: JSON.stringify({ __type: type, message: 'told' }) });

it('names the operation, signs for the region, and takes an answer without what is null in it', async () => {
  const body = JSON.stringify({
    StreamNames: ['a'],
    HasMoreStreams: false,
    NextToken: null,
    StreamSummaries: [{ StreamARN: null }],
  });
  const { calls, control } = await answering([{ body }]);
  expect(await control.call('ListStreams', { Limit: 5 })).toEqual({
    StreamNames: ['a'],
    HasMoreStreams: false,
    StreamSummaries: [{}],
  });
  expect(calls).toMatchObject([{ target: 'Kinesis_20131202.ListStreams', input: { Limit: 5 } }]);
  expect(calls[0]?.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/eu-west-1\/kinesis\/aws4_request, /,
  );
});

it('takes an empty answer for one without members', async () => {
  const { control } = await answering([{ body: '' }]);
  expect(await control.call('CreateStream', { StreamName: 's', ShardCount: 1 })).toEqual({});
});

it('tries a throttled call again, and one that failed, and not one that was refused', async () => {
  const throttled = await answering([
    refusal('LimitExceededException'),
    refusal('InternalFailure', 500),
    { body: '{}' },
  ]);
  await throttled.control.call('ListStreams', {});
  expect(throttled.calls).toHaveLength(3);
  const refused = await answering([refusal('com.amazonaws.kinesis#ResourceNotFoundException')]);
  const error = await refused.control.call('ListShards', { StreamName: 's' }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'ResourceNotFoundException', message: 'told', status: 400 });
  expect(refused.calls).toHaveLength(1);
});

it('gives a service that keeps failing up, and tries once where it was told to', async () => {
  const failing = await answering([refusal('InternalFailure', 500)]);
  await expect(failing.control.call('ListStreams', {})).rejects.toMatchObject({ name: 'InternalFailure' });
  expect(failing.calls).toHaveLength(3);
  const once = await answering([refusal('LimitExceededException')], { maxAttempts: 1 });
  await expect(once.control.call('ListStreams', {})).rejects.toMatchObject({ name: 'LimitExceededException' });
  expect(once.calls).toHaveLength(1);
});

it('tells a page of another program, and an error that is not of AWS, from a service of AWS', async () => {
  for (const answer of [
    { body: '<html>hello</html>' },
    { status: 404, body: '{"error":"no such page"}' },
    { status: 404, body: '' },
  ]) {
    const { control, target } = await answering([answer]);
    const error = await control.call('ListStreams', {}).catch((thrown: unknown) => thrown);
    expect(explainSdkError(error, target)?.message).toMatch(
      /^What answers at .* does not speak AWS \(HTTP (200|404): /,
    );
  }
});

it('leaves an endpoint that says nothing, once, and lets go of it', async () => {
  let calls = 0;
  const { target } = await answering([]);
  server?.removeAllListeners('request').on('request', () => (calls += 1));
  clients = createClients(target, { firstAnswerMs: 200 });
  const error = await clients
    .kinesisControl()
    .call('ListStreams', {})
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NoAnswer);
  expect(explainSdkError(error, target)?.message).toBe(
    `${target.endpointUrl} gave no answer to ListStreams within 200 ms.`,
  );
  expect(calls).toBe(1);
});

it('ends by Ctrl-C, also while it waits to try again', async () => {
  const { control, calls } = await answering([refusal('LimitExceededException')]);
  const stop = new AbortController();
  const call = control.call('ListStreams', {}, stop.signal);
  while (calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  stop.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
});

it('reads a time', () => {
  expect(timeOf(1_700_000_000.5)).toEqual(new Date('2023-11-14T22:13:20.500Z'));
  expect(timeOf(undefined)).toBeUndefined();
});
