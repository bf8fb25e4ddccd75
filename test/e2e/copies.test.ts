import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './free-port.js';
import { type StandingEndpoint, standEndpoint } from './standing-endpoint.js';

let standing: StandingEndpoint;
beforeAll(async () => {
  standing = await standEndpoint();
});
afterAll(() => standing.close());

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are lines of programs
const PUT = `import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
const kinesis = new KinesisClient({});
const put = (StreamName, Data) => kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'x', Data: Buffer.from(Data) }));
const post = (body) => fetch(process.env.SINK, { method: 'POST', body });
`;
let made = 0;

/** Streams `in` and `out` of a name, and a function between them: `text` is what a record holds, `id` its event's. */
async function makeRelay(body: string, sink = ''): Promise<{ from: string; to: string; name: string }> {
  made += 1;
  const name = `relay-${made}`;
  await standing.makeStream(`${name}-in`, 1);
  await standing.makeStream(`${name}-out`, 1);
  const code = `${PUT}export const handler = async ({ Records }) => {
  for (const { kinesis: { data } } of Records) {
    const text = Buffer.from(data, 'base64').toString();
    const { id } = JSON.parse(text);
    ${body.replaceAll('OUT', `'${name}-out'`)}
  }
};`;
  await standing.makeFunction(name, code, { SINK: sink });
  const lambda = await standing.clients.lambda();
  await lambda.send(
    new CreateEventSourceMappingCommand({
      EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}-in`,
      FunctionName: name,
      StartingPosition: 'TRIM_HORIZON',
    }),
  );
  return { from: `${name}-in`, to: `${name}-out`, name };
}

const arose = (hops: readonly { duplicated: number; duplicatedHere: number }[]): number[][] =>
  hops.map(({ duplicated, duplicatedHere }) => [duplicated, duplicatedHere]);

describe('copies inside one record', () => {
  it.each([
    ['a list', 'await put(OUT, `[${text},${text}]`);'],
    [
      'a list in base64',
      `await put(OUT, JSON.stringify({ body: Buffer.from(\`[\${text},\${text}]\`).toString('base64') }));`,
    ],
  ])('are counted where they arose: %s', async (_, body) => {
    const { from, to } = await makeRelay(body);
    const report = await standing.run(`
send: { put: ${from}, payload: { id: "{marker}" }, count: 5, rate: 100/s }
hops: [{ taken: { stream: ${from} } }, { relayed: { stream: ${to} } }]
expect: { within: 10s, duplicated: 0 }`);
    expect(arose(report.hops)).toEqual([
      [0, 0],
      [5, 5],
    ]);
    expect(report.verdict.reasons.map(({ kind, hop }) => [kind, hop])).toEqual([['duplicated', 'relayed']]);
  });

  it('are no copies where the event itself holds its marker so often, nor where its id stands beside it', async () => {
    const { from, to } = await makeRelay(
      `await put(OUT, JSON.stringify({ correlationId: id, body: Buffer.from(text).toString('base64') }));`,
    );
    const report = await standing.run(`
send: { put: ${from}, payload: { id: "{marker}", parts: ["{marker}", "{marker}"] }, count: 5, rate: 100/s }
hops: [{ taken: { stream: ${from} } }, { relayed: { stream: ${to} } }]
expect: { within: 10s, duplicated: 0 }`);
    expect(report.verdict.reasons).toEqual([]);
    expect(report.hops[1]).toMatchObject({ arrived: 5 });
  });

  it.each([
    ['a row with a list', 'json', '`{"rows": [${text}, ${text}]}`'],
    ['a line that is a list', 'ndjson', '`[${text},${text}]\\n`'],
    ['two lines', 'ndjson', '`${text}\\n${text}`'],
  ])('are counted at a recorder: %s', async (_, format, sent) => {
    const port = await freePort();
    const { from } = await makeRelay(`await post(${sent});`, `http://127.0.0.1:${port}/`);
    const report = await standing.run(
      `
recorders: { sink: { format: ${format} } }
send: { put: ${from}, payload: { id: "{marker}" }, count: 5, rate: 100/s }
hops: [{ taken: { stream: ${from} } }, { stored: { http: sink } }]
expect: { within: 5s, duplicated: { stored: 0 } }`,
      { addresses: new Map([['sink', { base: undefined, host: '127.0.0.1', port }]]) },
    );
    expect(arose(report.hops)).toEqual([
      [0, 0],
      [5, 5],
    ]);
    expect(report.verdict.reasons.map(({ text }) => text)).toEqual(['stored doubled events: 5 copies too many.']);
  });
});

it('are made by a recorder that takes an event and refuses it, and not spent on warm-up events', async () => {
  const port = await freePort();
  const { from } = await makeRelay(
    'if (!(await post(text)).ok) throw new Error("refused");',
    `http://127.0.0.1:${port}/`,
  );
  const report = await standing.run(
    `
recorders: { sink: { fail: "late 503 x2" } }
send: { put: ${from}, payload: { id: "{marker}" }, count: 5, rate: 100/s }
hops: [{ taken: { stream: ${from} } }, { stored: { http: sink } }]
expect: { within: 10s }`,
    { addresses: new Map([['sink', { base: undefined, host: '127.0.0.1', port }]]) },
  );
  expect(report.verdict.reasons).toEqual([]);
  expect(report.hops[1]?.duplicated).toBeGreaterThanOrEqual(2);
});

describe('copies that a hop before made', () => {
  /** Twice into the stream, and each to the recorder by a function that logs an event once an invocation. */
  async function doubled(expectations: string) {
    const port = await freePort();
    const { from, to } = await makeRelay('await put(OUT, text); await put(OUT, text);');
    const loader = `loader-${port}`;
    await standing.makeFunction(
      loader,
      `export const handler = async ({ Records }) => {
  for (const { kinesis: { data } } of Records) {
    const text = Buffer.from(data, 'base64').toString();
    console.log(text);
    await fetch('http://127.0.0.1:${port}/', { method: 'POST', body: text });
  }
};`,
    );
    const lambda = await standing.clients.lambda();
    await lambda.send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${to}`,
        FunctionName: loader,
        StartingPosition: 'TRIM_HORIZON',
        // Both copies in one batch, so that the function hop counts them once.
        MaximumBatchingWindowInSeconds: 2,
      }),
    );
    return standing.run(
      `
recorders: { sink: {} }
send: { put: ${from}, payload: { id: "{marker}" }, count: 4, rate: 100/s }
hops: [{ relayed: { stream: ${to} } }, { handled: { function: ${loader} } }, { stored: { http: sink } }]
expect: { within: 10s, ${expectations} }`,
      { addresses: new Map([['sink', { base: undefined, host: '127.0.0.1', port }]]) },
    );
  }

  it('are not those of a later hop, though a function between counted them once', async () => {
    const report = await doubled('duplicatedHere: { stored: 0 }');
    expect(report.verdict.reasons).toEqual([]);
    expect(arose(report.hops)).toEqual([
      [4, 4],
      [0, 0],
      [4, 0],
    ]);
  });

  it('break a limit of the last hop all the same, which names the hop that made them', async () => {
    const report = await doubled('duplicated: { stored: 0 }');
    expect(report.verdict.reasons).toEqual([
      { kind: 'duplicated', hop: 'stored', text: 'stored received 4 copies too many: relayed made 4.' },
    ]);
  });
});
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these were
