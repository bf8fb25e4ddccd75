import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { CreateLogGroupCommand, CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StandingEndpoint, standEndpoint } from './standing-endpoint.js';

let standing: StandingEndpoint;
beforeAll(async () => {
  standing = await standEndpoint();
  await standing.makeStream('first', 1);
  await standing.makeStream('second', 1);
});
afterAll(() => standing.close());

/** A pipeline of the test's own: every POST is handed to `take`, and answered at once. */
async function withPipeline<T>(take: (body: string) => Promise<void>, use: (url: string) => Promise<T>): Promise<T> {
  const under: Promise<void>[] = [];
  const server: Server = createServer(async (request, response) => {
    under.push(take(await text(request)));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
    await Promise.all(under);
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const put = async (stream: string, data: string): Promise<void> => {
  const kinesis = await standing.clients.kinesis();
  await kinesis.send(new PutRecordCommand({ StreamName: stream, PartitionKey: 'x', Data: Buffer.from(data) }));
};

it('log events that come late with the times of their own are seen', async () => {
  const logs = await standing.clients.logs();
  const logGroupName = 'agent';
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 'a' }));
  const write = async (message: string): Promise<void> => {
    const timestamp = Date.now();
    // Far behind the others' times when it is put, as what an agent gathers is.
    if (/e3z/.test(message)) await sleep(1500);
    await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName: 'a', logEvents: [{ timestamp, message }] }));
  };
  const report = await withPipeline(write, (url) =>
    standing.run(`
send: { post: "${url}", payload: { id: "{marker}" }, count: 30, rate: 20/s }
hops: [{ logged: { log: ${logGroupName} } }]
expect: { within: 10s, duplicated: 0 }`),
  );
  expect(report.verdict.reasons).toEqual([]);
  expect(report.hops[0]).toMatchObject({ arrived: 30, lost: 0, duplicated: 0 });
});

it('a decoy that comes after the last event is waited for', async () => {
  const take = async (body: string): Promise<void> => {
    if (/d0z/.test(body)) await sleep(1000);
    await put('first', body);
  };
  const report = await withPipeline(take, (url) =>
    standing.run(`
send: { post: "${url}", payload: { id: "{marker}" }, count: 3, rate: 200/s }
decoys: [{ payload: { decoy: "{marker}" }, last: taken, count: 1 }]
hops: [{ taken: { stream: first } }]
expect: { within: 10s, settle: 0s }`),
  );
  expect(report.verdict.reasons).toEqual([]);
  expect(report.decoys[0]).toMatchObject({ sent: 1, seenAtLast: 1 });
});

it('copies that trickle in are counted to the last, and so are those that a hop before has handed on', async () => {
  const trickle = async (body: string): Promise<void> => {
    await put('first', body);
    await put('second', body);
    if (!/e2z/.test(body)) return;
    await put('first', body); // at once, and at the second hop long after
    for (let copy = 0; copy < 3; copy += 1) {
      await sleep(700);
      await put('second', body);
    }
  };
  const report = await withPipeline(trickle, (url) =>
    standing.run(`
send: { post: "${url}", payload: { id: "{marker}" }, count: 3, rate: 200/s }
hops: [{ one: { stream: first } }, { two: { stream: second } }]
expect: { within: 10s, settle: 1s }`),
  );
  expect(report.hops.map(({ name, duplicatedHere }) => [name, duplicatedHere])).toEqual([
    ['one', 1],
    ['two', 2],
  ]);
});

it.each([
  ['in base64 in a field', (body: string) => JSON.stringify({ data: Buffer.from(body).toString('base64') })],
  ['zipped, in a field', (body: string) => JSON.stringify({ data: gzipSync(body).toString('base64') })],
  ['in capitals', (body: string) => body.toUpperCase()],
])('markers are found %s', async (_, change) => {
  const report = await withPipeline(
    (body) => put('first', change(body)),
    (url) =>
      standing.run(`
send: { post: "${url}", payload: { id: "{marker}" }, count: 3, rate: 200/s }
hops: [{ taken: { stream: first } }]
expect: { within: 10s, duplicated: 0 }`),
  );
  expect(report.verdict.reasons).toEqual([]);
  expect(report.hops[0]?.arrived).toBe(3);
});

it.each([
  ['ahead of', 60_000],
  ['behind', -60_000],
])('nothing is missed when the clock of this machine is %s the target’s', async (_, aheadMs) => {
  await standing.makeFunction(`echo${aheadMs}`, 'export const handler = async ({ id }) => { console.log(id); };');
  const report = await standing.run(
    `
deploy: [{ invoke: echo${aheadMs}, payload: { id: prime } }]
send: { invoke: echo${aheadMs}, payload: { id: "{marker}" }, count: 5, rate: 50/s }
hops: [{ handled: { function: echo${aheadMs} } }]
expect: { within: 5s, duplicated: 0 }`,
    { aheadMs },
  );
  expect(report.verdict.reasons).toEqual([]);
  // The service's stamps are of no use then.
  expect(report.hops[0]).toMatchObject({ arrived: 5, late: 0, clock: 'seen' });
  const put = await standing.run(
    `
send: { put: first, payload: "{marker}", count: 5, rate: 50/s }
hops: [{ taken: { stream: first } }]
expect: { within: 5s, duplicated: 0 }`,
    { aheadMs },
  );
  expect(put.verdict.reasons).toEqual([]);
});
