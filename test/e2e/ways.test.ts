import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutRecordCommand, UpdateShardCountCommand } from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckReport } from '../../src/lib/e2e/check-report.js';
import { type RunMore, type StandingEndpoint, standEndpoint } from './standing-endpoint.js';

let standing: StandingEndpoint;
const run = (text: string, more?: RunMore): Promise<CheckReport> => standing.run(text, more);

beforeAll(async () => {
  standing = await standEndpoint();
  await standing.makeStream('orders', 2);
  // Twice for each invocation: it is still one event.
  await standing.makeFunction(
    'echo',
    'export const handler = async ({ id }) => { console.log("got", id); console.log("did", id); };',
  );
});
afterAll(() => standing.close());

const kinds = (report: CheckReport): string[] => report.verdict.reasons.map(({ kind }) => kind);

describe('ways in and ways to watch', () => {
  it('puts records of several keys into several shards, in order for each key', async () => {
    const report = await run(`
send: { put: orders, payload: { id: "{marker}", n: "{n}" }, count: 40, rate: 400/s, keys: 8 }
hops: [{ taken: { stream: orders } }]
expect: { within: 10s, duplicated: 0, reordered: 0 }`);
    expect(report.verdict.reasons).toEqual([]);
    expect(report.canaries).toBe(8);
    expect(report.hops[0]).toMatchObject({ arrived: 40, watched: 'stream orders', clock: 'service' });
  });

  it('calls records of one key in four shards in order, however the shards are read', async () => {
    await standing.makeStream('wide', 4);
    const report = await run(`
send: { put: wide, partitionKey: "{n}", payload: { id: "{marker}" }, count: 200, rate: 400/s }
hops: [{ taken: { stream: wide } }]
expect: { within: 10s, duplicated: 0, reordered: 0 }`);
    expect(report.verdict.reasons).toEqual([]);
    expect(report.hops[0]).toMatchObject({ arrived: 200, reordered: 0 });
  });

  it('opens the way for the keys that events have, and warns of nothing when many are sent at once', async () => {
    const warnings: string[] = [];
    const hear = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', hear);
    const report = await run(`
send: { put: orders, payload: "{marker}", count: 30, rate: 5000/s, keys: 5000 }
hops: [{ taken: { stream: orders } }]
expect: { within: 10s, warmUp: 10s }`);
    process.off('warning', hear);
    expect(report.verdict.reasons).toEqual([]);
    expect(report.canaries).toBeLessThan(100);
    expect(warnings.filter((text) => text.includes('listeners'))).toEqual([]);
  });

  it('follows two branches of a stream, and names the one that loses', async () => {
    await standing.makeStream('fork', 1);
    const lambda = await standing.clients.lambda();
    const { CreateEventSourceMappingCommand } = await import('@aws-sdk/client-lambda');
    for (const [name, keeps] of [
      ['keeper', 'true'],
      ['halver', 'n % 2 === 0'],
    ] as const) {
      const read = 'JSON.parse(Buffer.from(kinesis.data, "base64"))';
      const body = `for (const { kinesis } of Records) { const { id, n } = ${read}; if (${keeps}) console.log(id); }`;
      const arn = await standing.makeFunction(name, `export const handler = async ({ Records }) => { ${body} };`);
      const EventSourceArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/fork';
      const mapping = { FunctionName: arn, EventSourceArn, StartingPosition: 'LATEST' as const };
      await lambda.send(new CreateEventSourceMappingCommand(mapping));
    }
    const report = await run(`
send: { put: fork, payload: { id: "{marker}", n: "{n}" }, count: 20, rate: 200/s }
decoys: [{ payload: { id: "{marker}", n: 1 }, last: kept, count: 3 }]
hops:
  - taken: { stream: fork }
  - kept: { function: keeper }
  - halved: { function: halver, after: taken }
expect: { within: 3s, warmUp: 10s, lost: { halved: 5 } }`);
    expect(report.hops.map(({ name, after, sent, lost }) => [name, after, sent, lost])).toEqual([
      ['taken', undefined, 20, 0],
      ['kept', 'taken', 20, 0],
      ['halved', 'taken', 20, 10],
    ]);
    expect(report.verdict.reasons.map(({ kind, hop }) => [kind, hop])).toEqual([['lost', 'halved']]);
    expect(report.lostEvents.map(({ n, lostAt }) => [n % 2, lostAt])).toEqual(Array(10).fill([1, 'halved']));
  });

  it('goes on through a reshard', async () => {
    const kinesis = await standing.clients.kinesis();
    let resharding: Promise<unknown> = Promise.resolve();
    const report = await run(
      `
send: { put: orders, payload: "{marker}", count: 60, rate: 60/s, keys: 6 }
hops: [{ taken: { stream: orders } }]
expect: { within: 10s, duplicated: 0 }`,
      {
        onPhase: (name) => {
          if (name !== 'send') return;
          // More than the SDK tries again by itself: the children are asked for once more.
          standing.addFault({ at: 'kinesis.ListShards', kind: 'error', code: 'LimitExceededException', times: 8 });
          resharding = kinesis.send(
            new UpdateShardCountCommand({
              StreamName: 'orders',
              TargetShardCount: 4,
              ScalingType: 'UNIFORM_SCALING',
            }),
          );
        },
      },
    );
    await resharding;
    expect(report.verdict.reasons).toEqual([]);
    expect(report.hops[0]?.arrived).toBe(60);
  });

  it('sees an invocation in its log once, whatever it writes', async () => {
    const report = await run(`
deploy: [{ invoke: echo, payload: { id: prime } }]
send: { invoke: echo, payload: { id: "{marker}" }, count: 10, rate: 200/s }
hops: [{ handled: { function: echo } }]
expect: { within: 10s, duplicated: 0 }`);
    expect(report.verdict.reasons).toEqual([]);
    expect(report.hops[0]).toMatchObject({ arrived: 10, duplicated: 0, watched: 'function echo' });
  });

  it('posts, with headers that may be references, to a recorder that takes JSON', async () => {
    const report = await run(
      `
recorders: { sink: { path: /in, format: json, token: env:TOKEN } }
send: { post: recorder:sink, headers: { authorization: env:AUTHORIZATION }, payload: [{ id: "{marker}" }], count: 10, rate: 500/s }
hops: [{ in: { http: sink } }]
expect: { within: 5s, duplicated: 0 }`,
      { environment: { TOKEN: 's3cret', AUTHORIZATION: 'Bearer s3cret' } },
    );
    expect(report.verdict.reasons).toEqual([]);
    expect(report.hops[0]?.arrived).toBe(10);
  });
});

describe('never green', () => {
  it('when nothing could be sent', async () => {
    const report = await run(
      `
recorders: { sink: { token: t0ken } }
send: { post: recorder:sink, payload: "{marker}", count: 3, rate: 100/s }
hops: [{ in: { http: sink } }]
expect: { within: 1s, warmUp: 100ms }`,
    );
    expect(kinds(report)).toEqual(['nothing-sent', 'not-warm']);
    expect(report.verdict.reasons[0]?.text).toContain('HTTP 403');
    expect(report.verdict.findings[0]?.text).toMatch(/^The recorder sink refused \d+ requests with 403/);
  });

  it('when a probe could not read', async () => {
    const report = await run(`
send: { put: orders, payload: "{marker}", count: 3, rate: 100/s }
hops: [{ taken: { stream: orders } }, { logged: { log: /aws/lambda/nobody } }]
expect: { within: 300ms, warmUp: 500ms, lost: { logged: 3 } }`);
    expect(kinds(report)).toEqual(['unread', 'not-warm']);
    expect(report.verdict.reasons[0]?.text).toContain('there is no log group /aws/lambda/nobody');
    expect(report.verdict.findings[0]?.text).toContain("a function's log group appears with its first invocation");
  });

  it('when it is interrupted, and what was on its way then is not called lost', async () => {
    const controller = new AbortController();
    const report = await standing.run(
      `
recorders: { sink: {} }
send: { put: orders, payload: "{marker}", count: 3, rate: 100/s }
hops: [{ taken: { stream: orders } }, { stored: { http: sink } }]
expect: { within: 30s, warmUp: 300ms }`,
      { signal: controller.signal, onPhase: (name) => void (name === 'arrive' && controller.abort()) },
    );
    expect(kinds(report)).toEqual(['interrupted', 'not-warm']);
    expect(report.send.sent).toBe(3);
    expect(report.hops.map(({ lost, unseen }) => [lost, unseen])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect([report.lostEvents, report.verdict.firstLossyHop]).toEqual([[], undefined]);
  });

  it('when some were refused on the way in', async () => {
    let requests = 0;
    const picky: Server = createServer((_, response) => {
      requests += 1;
      response.writeHead(requests % 3 === 0 ? 500 : 200).end();
    });
    await new Promise<void>((resolve) => picky.listen(0, '127.0.0.1', resolve));
    const { port } = picky.address() as AddressInfo;
    const report = await run(`
send: { post: "http://127.0.0.1:${port}/", payload: "{marker}", count: 9, rate: 200/s }
hops: [{ taken: { stream: orders } }]
expect: { within: 200ms, warmUp: 100ms }`);
    picky.close();
    expect(kinds(report)).toContain('not-sent');
    expect(report.send).toMatchObject({ wanted: 9, sent: 6, failed: 3 });
    expect(report.hops[0]).toMatchObject({ sent: 6, lost: 6 });
  });

  it.each([
    ['a stream', 'put: nowhere', 'hops: [{ a: { stream: nowhere } }]', 'There is no stream nowhere to watch.'],
    ['a function', 'put: orders', 'hops: [{ a: { function: nobody } }]', 'There is no function nobody to watch.'],
    [
      'an export',
      'put: export:nothing',
      'hops: [{ a: { stream: orders } }]',
      'No export named "nothing" in us-east-1.',
    ],
    [
      'a variable',
      'put: env:NOTHING',
      'hops: [{ a: { stream: orders } }]',
      'env:NOTHING: the environment has no NOTHING.',
    ],
  ])('and not begun when %s is not there', async (_, send, hops, message) => {
    await expect(run(`send: { ${send}, payload: "{marker}" }\n${hops}`)).rejects.toThrow(message);
  });
});

it('counts no markers of other runs, and says how many it came across', async () => {
  const kinesis = await standing.clients.kinesis();
  const foreign = new PutRecordCommand({
    StreamName: 'orders',
    PartitionKey: 'x',
    Data: Buffer.from('pe2e0000000000e1z'),
  });
  const report = await run(
    `
send: { put: orders, payload: "{marker}", count: 5, rate: 100/s }
hops: [{ taken: { stream: orders } }]
expect: { within: 10s, duplicated: 0 }`,
    { onPhase: (name) => void (name === 'send' && kinesis.send(foreign)) },
  );
  expect(report.verdict.reasons).toEqual([]);
  expect(report.foreignMarkers).toBeGreaterThanOrEqual(1);
});
