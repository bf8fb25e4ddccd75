import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './free-port.js';
import { type StandingEndpoint, standEndpoint } from './standing-endpoint.js';

let standing: StandingEndpoint;
beforeAll(async () => {
  standing = await standEndpoint();
});
afterAll(() => standing.close());

/** A stream and a function behind it with this handler; it knows `ids`, `isEvent`, `post` and `sleep`. */
async function makeLoader(name: string, handler: string): Promise<number> {
  const port = await freePort();
  await standing.makeStream(name, 1);
  await standing.makeFunction(
    name,
    `const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const post = (body) => fetch('http://127.0.0.1:${port}/', { method: 'POST', body });
let tries = 0;
export const handler = async ({ Records }) => {
  const texts = Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());
  const isEvent = /pe2e.{10}e/.test(texts.join());
  ${handler}
};`,
  );
  const lambda = await standing.clients.lambda();
  await lambda.send(
    new CreateEventSourceMappingCommand({
      EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
      FunctionName: name,
      StartingPosition: 'TRIM_HORIZON',
      MaximumRetryAttempts: 1,
    }),
  );
  return port;
}

const recorderAt = (port: number) => new Map([['sink', { base: undefined, host: '127.0.0.1', port }]]);
const LATE_FAILURE = `await post(texts.join('\\n'));
  if (isEvent) { await sleep(600); if (tries++ === 0) throw new Error('too late'); }`;

describe('on the local endpoint the run is over when the endpoint has nothing left to do', () => {
  it('counts the copies of a loader that fails after it has posted', async () => {
    const port = await makeLoader('late-failure', LATE_FAILURE);
    const report = await standing.run(
      `
recorders: { sink: {} }
send: { put: late-failure, payload: { id: "{marker}" }, count: 5, rate: 500/s }
hops: [{ stored: { http: sink } }]
expect: { within: 20s, duplicated: 0 }`,
      { addresses: recorderAt(port) },
    );
    expect(report.verdict.reasons.map(({ kind, hop }) => [kind, hop])).toEqual([['duplicated', 'stored']]);
    expect(report.hops[0]?.duplicated).toBeGreaterThan(0);
    expect(report.settled).toMatchObject({ quiet: 'known', pending: [] });
    expect(report.settled?.watchedMs).toBeGreaterThan(600);
  });

  it('counts every decoy that gets through late', async () => {
    const port = await makeLoader(
      'late-decoys',
      `for (const text of texts) { if (/pe2e.{10}d/.test(text)) await sleep(700); await post(text); }`,
    );
    const report = await standing.run(
      `
recorders: { sink: {} }
send: { put: late-decoys, payload: { id: "{marker}" }, count: 3, rate: 500/s }
decoys: [{ payload: { decoy: "{marker}" }, last: taken, count: 3 }]
hops: [{ taken: { stream: late-decoys } }, { stored: { http: sink } }]
expect: { within: 20s }`,
      { addresses: recorderAt(port) },
    );
    expect(report.decoys[0]?.passed).toEqual([{ hop: 'stored', count: 3 }]);
    expect(report.verdict.reasons.map(({ kind }) => kind)).toEqual(['decoy-passed']);
  });

  it('waits no longer than `within`, and then names what is not done', async () => {
    const port = await makeLoader('endless', `await post(texts.join('\\n')); if (isEvent) await sleep(2900);`);
    const report = await standing.run(
      `
recorders: { sink: {} }
send: { put: endless, payload: { id: "{marker}" }, count: 2, rate: 500/s }
hops: [{ stored: { http: sink } }]
expect: { within: 1s, lost: 2 }`,
      { addresses: recorderAt(port) },
    );
    expect(report.settled?.quiet).toBe('busy');
    expect(report.settled?.pending).toContain('event source mapping from endless to endless');
    expect(report.verdict.findings.at(-1)?.text).toMatch(/^The endpoint still had work to do when time was up/);
  });
});

it('a later pass counts the events of an earlier one for that one', async () => {
  // It fails when the first pass is over, and the second one's warm-up events wait behind its retry.
  const port = await makeLoader('repeated', LATE_FAILURE.replace('600', '2000'));
  const [first, second] = await standing.runs(
    `
recorders: { sink: {} }
send: { put: repeated, payload: { id: "{marker}" }, count: 1 }
hops: [{ taken: { stream: repeated } }, { stored: { http: sink } }]
expect: { within: 1s, settle: 0s, warmUp: 20s, duplicated: 0 }`,
    { addresses: recorderAt(port), repeat: 2 },
  );
  expect(first?.verdict.reasons.map(({ kind, hop }) => [kind, hop])).toContainEqual(['duplicated', 'stored']);
  expect(first?.hops[1]).toMatchObject({ arrived: 1, lost: 0 });
  // The records of the first pass that the second found in the stream once more are no copies.
  expect(first?.hops[0]).toMatchObject({ arrived: 1, duplicated: 0 });
  expect(second).toMatchObject({ foreignMarkers: 0 });
});
