import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutSubscriptionFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateStreamCommand,
  PutRecordCommand,
  UpdateShardCountCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { AddPermissionCommand, CreateEventSourceMappingCommand, CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckReport } from '../../src/lib/e2e/check-report.js';
import { runCheck } from '../../src/lib/e2e/run-check.js';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { chooseCheck } from '../../src/lib/project/load-project-file.js';
import { parseProjectFile } from '../../src/lib/project/parse-project-file.js';
import { systemClock } from '../../src/lib/shared/clock.js';
import { type Clients, createClients } from '../../src/lib/target/clients.js';
import { zipOf } from './zip-of.js';

let endpoint: Endpoint;
let clients: Clients;

beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0 });
  clients = createClients({
    kind: 'local',
    endpointUrl: endpoint.url,
    region: 'us-east-1',
    profile: undefined,
    why: 'test',
  });
  const kinesis = await clients.kinesis();
  await kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 2 }));
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: 20, minDelay: 1 }, { StreamName: 'orders' });
  const lambda = await clients.lambda();
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'echo',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/any',
      Code: {
        ZipFile: await zipOf({
          // Twice for each invocation: it is still one event.
          'index.mjs': 'export const handler = async ({ id }) => { console.log("got", id); console.log("did", id); };',
        }),
      },
    }),
  );
});
afterAll(async () => {
  clients.close();
  await endpoint.close();
});

async function run(
  text: string,
  more: { onPhase?: (name: string) => void; environment?: NodeJS.ProcessEnv } = {},
): Promise<CheckReport> {
  const file = parseProjectFile(`${text}\n`, '/work/orders/pipectl.yaml');
  const [report] = await runCheck({
    file,
    check: chooseCheck(file),
    clients,
    clock: systemClock,
    environment: more.environment ?? {},
    deploy: true,
    keep: false,
    disposable: true,
    recorderWishes: { addresses: new Map(), failModes: new Map() },
    signal: new AbortController().signal,
    server: 'test',
    repeat: 1,
    onEvent: (event) => {
      if (event.kind === 'phase') more.onPhase?.(event.name);
    },
    onReport: () => {},
  });
  if (!report) throw new Error('no report');
  return report;
}

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

  it('goes on through a reshard', async () => {
    const kinesis = await clients.kinesis();
    let resharding: Promise<unknown> = Promise.resolve();
    const report = await run(
      `
send: { put: orders, payload: "{marker}", count: 60, rate: 60/s, keys: 6 }
hops: [{ taken: { stream: orders } }]
expect: { within: 10s, duplicated: 0 }`,
      {
        onPhase: (name) => {
          if (name === 'send')
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

describe('looks for the cause', () => {
  const make = async (name: string, code: string): Promise<string> => {
    const lambda = await clients.lambda();
    const made = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/any',
        Code: { ZipFile: await zipOf({ 'index.mjs': code }) },
      }),
    );
    return made.FunctionArn ?? '';
  };
  const findings = async (text: string) =>
    (await run(text)).verdict.findings.map(({ weight, text: said, evidence = [] }) => [
      weight,
      said,
      evidence.join('\n'),
    ]);
  const SOURCE = 'export const handler = async (event) => { process.stdout.write(JSON.stringify(event) + "\\n"); };';
  const check = (name: string, hop: string) => `
deploy: [{ invoke: ${name}, payload: { id: prime } }]
recorders: { sink: {} }
send: { invoke: ${name}, payload: { id: "{marker}" }, count: 2, rate: 100/s }
hops: [{ logged: { log: /aws/lambda/${name} } }, { next: ${hop} }]
expect: { within: 200ms, warmUp: 1s }`;

  it('behind a log group whose filter leads straight to a function', async () => {
    await make('source', SOURCE);
    const sink = await make('sink', 'export const handler = async () => { throw new Error("no room"); };');
    await run(check('source', '{ http: sink }')); // its log group is there now
    const logs = await clients.logs();
    const subscribe = (filterPattern: string) =>
      logs.send(
        new PutSubscriptionFilterCommand({
          logGroupName: '/aws/lambda/source',
          filterName: 'to-sink',
          filterPattern,
          destinationArn: sink,
        }),
      );
    const lambda = await clients.lambda();
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: 'sink',
        StatementId: 'logs',
        Action: 'lambda:InvokeFunction',
        Principal: 'logs.amazonaws.com',
      }),
    );
    await subscribe('{ $.nope = * }');
    expect((await findings(check('source', '{ http: sink }')))[0]).toEqual([
      'cause',
      'The subscription filter to-sink does not match the line that was lost: $.nope = * does not hold: $.nope is not there.',
      expect.stringContaining('pattern  { $.nope = * }'),
    ]);
    await subscribe('{ $.id = * }');
    expect((await findings(check('source', '{ function: sink }')))[0]).toEqual([
      'cause',
      expect.stringMatching(/^sink failed (once|\d+ times) during this run\.$/),
      expect.stringContaining('no room'),
    ]);
    expect((await findings(check('source', '{ function: echo }')))[0]).toEqual([
      'hint',
      expect.stringContaining('No subscription filter of /aws/lambda/source leads to the function: to-sink leads to '),
      '',
    ]);
  });

  it('behind a log group that no filter reads, in the function that wrote to it', async () => {
    await make('poster', SOURCE.replace('};', 'console.error("ERROR", "the table is gone"); };'));
    expect(await findings(check('poster', '{ http: sink }'))).toEqual([
      ['hint', 'poster logged errors during this run.', expect.stringContaining('the table is gone')],
      ['hint', expect.stringMatching(/^Nothing has come to the recorder at /), ''],
    ]);
  });

  it('behind the stream that events are put into', async () => {
    const straight = 'send: { put: orders, payload: "{marker}", count: 2 }\nhops: [{ handled: { function: echo } }]';
    const impatient = `${straight}\nexpect: { within: 200ms, warmUp: 300ms }`;
    expect(await findings(impatient)).toEqual([['cause', 'No event source mapping reads the stream orders.', '']]);
    const lambda = await clients.lambda();
    await lambda.send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders',
        FunctionName: 'echo',
        StartingPosition: 'LATEST',
        Enabled: false,
      }),
    );
    expect((await findings(impatient))[0]?.slice(0, 2)).toEqual([
      'cause',
      expect.stringMatching(/^The event source mapping to echo is Disabled: /),
    ]);
  });
});

it('counts no markers of other runs, and says how many it came across', async () => {
  const kinesis = await clients.kinesis();
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
