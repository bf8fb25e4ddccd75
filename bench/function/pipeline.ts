import { readFileSync } from 'node:fs';
import { ZipFile } from 'yazl';
import type { ApiClient } from './api-client.js';

const ROLE = 'arn:aws:iam::000000000000:role/bench';
const STREAM_ARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/chain';
const EVENTS = 10;

const EMIT = `exports.handler = async ({ first, count }) => {
  for (let i = 0; i < count; i++) process.stdout.write(JSON.stringify({ event_class: 'bench', event_type: 'sent', id: first + i }) + '\\n');
};`;

const COLLECT = `const { gunzipSync } = require('node:zlib');
const { appendFileSync } = require('node:fs');
exports.handler = async ({ Records }) => {
  let ids = '';
  for (const { kinesis } of Records) {
    const { messageType, logEvents } = JSON.parse(gunzipSync(Buffer.from(kinesis.data, 'base64')));
    if (messageType === 'DATA_MESSAGE') for (const { message } of logEvents) ids += JSON.parse(message).id + '\\n';
  }
  if (ids) appendFileSync(process.env.ARRIVED, ids);
};`;

export async function createFunction(
  client: ApiClient,
  name: string,
  code: string,
  variables: Record<string, string> = {},
): Promise<void> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(code), 'index.js');
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(part as Buffer);
  await client.lambda('POST', '/2015-03-31/functions', {
    FunctionName: name,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: ROLE,
    Timeout: 30,
    Code: { ZipFile: Buffer.concat(parts).toString('base64') },
    Environment: { Variables: variables },
  });
}

/** Function -> log group -> subscription filter -> stream -> mapping -> function, which writes what arrived to `arrived`. */
export async function createChain(client: ApiClient, arrived: string): Promise<void> {
  await client.json('Kinesis_20131202.CreateStream', { StreamName: 'chain', ShardCount: 4 });
  await untilTrue(async () => {
    const answer = await client.json('Kinesis_20131202.DescribeStreamSummary', { StreamName: 'chain' });
    return answer.includes('ACTIVE');
  });
  await createFunction(client, 'emit', EMIT);
  await createFunction(client, 'collect', COLLECT, { ARRIVED: arrived });
  await client.invoke('emit', '{"first":0,"count":0}'); // makes the log group
  await client.json('Logs_20140328.PutSubscriptionFilter', {
    logGroupName: '/aws/lambda/emit',
    filterName: 'chain',
    filterPattern: '{ ($.event_class = "bench") && ($.event_type = *) }',
    destinationArn: STREAM_ARN,
    roleArn: ROLE,
  });
  await client.lambda('POST', '/2015-03-31/event-source-mappings/', {
    FunctionName: 'collect',
    EventSourceArn: STREAM_ARN,
    StartingPosition: 'TRIM_HORIZON',
    BatchSize: 200,
  });
  await client.invoke('emit', `{"first":-1,"count":1}`); // once through, so that everything is warm
  await untilTrue(async () => readArrived(arrived).length > 0);
}

export interface ChainResult {
  /** Invocations a second, from the first one sent to the last event arrived. */
  perSecond: number;
  lost: number;
  doubled: number;
}

/** Runs `invocations` of ten events each, `parallel` at a time, and waits until all that will arrive has arrived. */
export async function runChain(
  client: ApiClient,
  arrived: string,
  invocations: number,
  parallel: number,
): Promise<ChainResult> {
  const before = readArrived(arrived).length;
  const startedAt = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (next < invocations) {
        const first = next++ * EVENTS;
        await client.invoke('emit', JSON.stringify({ first, count: EVENTS }));
      }
    }),
  );
  const expected = invocations * EVENTS;
  let lastCount = -1;
  let lastMoveAt = performance.now();
  while (performance.now() - lastMoveAt < 5_000) {
    const count = readArrived(arrived).length - before;
    if (count !== lastCount) lastMoveAt = performance.now();
    lastCount = count;
    if (count >= expected) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const perSecond = invocations / ((lastMoveAt - startedAt) / 1000);
  await new Promise((resolve) => setTimeout(resolve, 300)); // time for a duplicate to show itself
  const ids = readArrived(arrived).slice(before);
  const distinct = new Set(ids);
  return { perSecond, lost: expected - distinct.size, doubled: ids.length - distinct.size };
}

function readArrived(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}

async function untilTrue(ask: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (await ask()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the chain did not come up');
}
