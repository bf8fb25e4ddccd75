import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { PutRecordsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { type Clients, createClients } from '../../src/lib/target/clients.js';
import { cleanEnvironment, newStateFolder, spawnPipectl } from '../cli/spawn-pipectl.js';
import { runCommand } from '../commands/run-command.js';
import { localTarget } from '../local-target.js';
import { makeStream, readAll } from '../produce/local-load.js';

let endpoint: Endpoint;
let clients: Clients;
const folder = mkdtempSync(join(tmpdir(), 'pipectl-consume-test-'));
const env = cleanEnvironment(newStateFolder());

beforeAll(async () => {
  endpoint = await startEndpoint({ port: 0, limits: 'off' });
  clients = createClients(localTarget(endpoint.url));
});
afterAll(async () => {
  clients.close();
  await endpoint.close();
  rmSync(folder, { recursive: true });
});

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const path = (name: string): string => join(folder, name);
const lines = (name: string): string[] => {
  const whole = existsSync(path(name)) ? readFileSync(path(name), 'utf8') : '';
  return whole.split('\n').filter((line) => line !== '');
};

/** Writes `key:data` of each record, a line each, into the file that OUT names. */
const keeping = (name: string, before = ''): string =>
  file(
    name,
    `import { appendFileSync } from 'node:fs';
export const handler = async (event, context) => {
  ${before}
  const lines = event.Records.map(({ kinesis }) => kinesis.partitionKey + ':' + Buffer.from(kinesis.data, 'base64') + '\\n');
  appendFileSync(process.env.OUT, lines.join(''));
};`,
  );

async function put(StreamName: string, records: readonly { key: string; data: string }[]): Promise<void> {
  const kinesis = await clients.kinesis();
  for (let at = 0; at < records.length; at += 500) {
    const Records = records
      .slice(at, at + 500)
      .map(({ key, data }) => ({ PartitionKey: key, Data: Buffer.from(data) }));
    await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
  }
}
const numbered = (count: number, keys = 7, from = 0) =>
  Array.from({ length: count }, (_, index) => ({ key: `k${(from + index) % keys}`, data: String(from + index) }));

async function stream(name: string, shards: number, records = 0): Promise<string> {
  await makeStream(await clients.kinesis(), name, shards);
  await put(name, numbered(records));
  return name;
}

const words = (name: string, handler: string, ...more: string[]): string[] => [
  'consume',
  name,
  '--handler',
  handler,
  '--endpoint-url',
  endpoint.url,
  ...more,
];
const out = (name: string): string[] => ['--env', `OUT=${path(name)}`];

/** Whether the values of each key are in the order in which they were sent. */
function expectInOrder(kept: readonly string[]): void {
  const last = new Map<string, number>();
  for (const line of kept) {
    const [key = '', value = ''] = line.split(':');
    expect(Number(value), line).toBeGreaterThan(last.get(key) ?? -1);
    last.set(key, Number(value));
  }
}

describe('the summary', () => {
  it('is words for people and one object for programs; logs go to stderr', async () => {
    await stream('summary', 2, 300);
    const run = words('summary', keeping('keeping.mjs', "console.log('batch of', event.Records.length);"), '--once');
    const terminal = await runCommand([...run, ...out('summary-tty')], { tty: true });
    const pipe = await runCommand([...run, ...out('summary-pipe')]);
    const json = await runCommand([...run, ...out('summary-json'), '--json']);
    for (const { exitCode } of [terminal, pipe, json]) expect(exitCode).toBe(0);
    for (const { stdout } of [terminal, pipe]) {
      const text = stripVTControlCharacters(stdout);
      expect(text).toContain('300 records of summary processed\n');
      expect(text).toMatch(/batches +4 invoked\n/);
      expect(text).toMatch(/iterator age +p50 .+ max /);
      expect(text).toMatch(/shardId-000000000001 +\d+ records\n/);
    }
    expect(JSON.parse(json.stdout)).toMatchObject({
      stream: 'summary',
      handler: path('keeping.mjs'),
      endedBy: 'once',
      records: { read: 300, filtered: 0, processed: 300, givenUp: 0 },
      batches: { invoked: 4, failed: 0, givenUp: 0 },
      batchLatencyMs: { p50: expect.any(Number), p99: expect.any(Number) },
      shards: [{ shardId: 'shardId-000000000000' }, { shardId: 'shardId-000000000001' }],
    });
    for (const { stderr } of [terminal, pipe, json]) {
      expect(stderr).toContain('consuming summary: 2 shards');
      expect(stderr).toMatch(/ START RequestId: [\da-f-]{36} Version: \$LATEST/);
      expect(stderr).toMatch(/ [\da-f]{8} INFO batch of 100\n/);
    }
    for (const name of ['summary-tty', 'summary-pipe', 'summary-json']) {
      expect(new Set(lines(name)).size).toBe(300);
      expectInOrder(lines(name));
    }
  });
});

describe('what a handler sees', () => {
  it('is the event, the context and the variables of Lambda', async () => {
    await stream('seen', 1, 2);
    const handler = file(
      'seen.cjs',
      `exports.handler = async (event, context) => {
  const { OUT, ...env } = process.env;
  require('node:fs').writeFileSync(OUT, JSON.stringify({ event, arn: context.invokedFunctionArn, left: context.getRemainingTimeInMillis(), env }));
};`,
    );
    const result = await runCommand(
      words('seen', handler, '--once', '--timeout', '5s', '--env', 'TABLE=t', ...out('seen.json')),
      {
        env: { SECRET: 'of the person' },
      },
    );
    expect(result.exitCode).toBe(0);
    const seen = JSON.parse(readFileSync(path('seen.json'), 'utf8'));
    expect(seen.event.Records).toHaveLength(2);
    expect(seen.event.Records[0]).toMatchObject({
      eventSource: 'aws:kinesis',
      eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/seen',
      awsRegion: 'us-east-1',
      kinesis: { partitionKey: 'k0', data: Buffer.from('0').toString('base64') },
    });
    expect(seen.arn).toBe('arn:aws:lambda:us-east-1:000000000000:function:seen');
    expect(seen.left).toBeLessThanOrEqual(5000);
    expect(seen.env).toMatchObject({ TABLE: 't', AWS_ENDPOINT_URL: endpoint.url, AWS_ACCESS_KEY_ID: 'test' });
    expect(seen.env.SECRET).toBeUndefined();
  });

  it('runs in Python, and in TypeScript with the tsx of its project', async () => {
    await stream('languages', 1, 3);
    const python = file('events.py', 'def lambda_handler(event, context):\n  print("python", len(event["Records"]))\n');
    symlinkSync(join(import.meta.dirname, '../../node_modules'), path('node_modules'));
    const typescript = file(
      'typed.ts',
      'export const handler = async (event: { Records: unknown[] }) => console.log("typed", event.Records.length);\n',
    );
    for (const [handler, said] of [
      [python, 'python 3'],
      [typescript, 'typed 3'],
    ] as const) {
      const { exitCode, stderr } = await runCommand(words('languages', handler, '--once'));
      expect(stderr).toContain(said);
      expect(exitCode).toBe(0);
    }
  });

  it('runs a command that speaks the Runtime API', async () => {
    await stream('by-command', 1, 3);
    const program = file(
      'runtime.mjs',
      `const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
for (;;) {
  const next = await fetch(api + 'next');
  console.log('command', (await next.json()).Records.length);
  await fetch(api + next.headers.get('lambda-runtime-aws-request-id') + '/response', { method: 'POST', body: '{}' });
}`,
    );
    const command = ['consume', 'by-command', '--exec', `${process.execPath} ${program}`, '--once'];
    const { exitCode, stderr } = await runCommand([...command, '--endpoint-url', endpoint.url]);
    expect(stderr).toContain('command 3');
    expect(exitCode).toBe(0);
  });
});

describe('a batch that fails', () => {
  it('is retried, halved, given up, written to a file, and makes the exit code 1', async () => {
    await stream('failing', 1, 8);
    const handler = keeping(
      'poison.mjs',
      "if (event.Records.some(({ kinesis }) => kinesis.data === 'NQ==')) throw new Error('poison');",
    );
    const more = ['--once', '--bisect', '--retries', '1', '--on-failure', path('failed.jsonl'), '--json'];
    const { exitCode, stdout, stderr } = await runCommand(words('failing', handler, ...more, ...out('failing')));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('gave up 1 record of shardId-000000000000 after 2 tries (no retries left)');
    expect(stderr).toContain('pipectl gave up 1 batch with 1 record.');
    expect(JSON.parse(stdout)).toMatchObject({ records: { processed: 7, givenUp: 1 }, batches: { givenUp: 1 } });
    expect(lines('failing').map((line) => line.split(':')[1])).toEqual(['0', '1', '2', '3', '4', '6', '7']);
    const [given = ''] = lines('failed.jsonl');
    const record = JSON.parse(given);
    expect(record).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
      KinesisBatchInfo: { shardId: 'shardId-000000000000', batchSize: 1 },
    });
    expect(JSON.parse(record.payload).Records[0].kinesis.data).toBe('NQ==');
  });

  it('goes to a stream, or to a bucket under the key of AWS', async () => {
    await stream('refused', 1, 2);
    await stream('refused-batches', 1);
    await (await clients.s3()).send(new CreateBucketCommand({ Bucket: 'refused' }));
    const handler = file('no.cjs', `exports.handler = async () => { throw new Error('no'); };`);
    for (const to of ['refused-batches', 's3://refused/kept'])
      expect(
        (await runCommand(words('refused', handler, '--once', '--retries', '0', '--on-failure', to))).exitCode,
      ).toBe(1);
    const [record] = await readAll(await clients.kinesis(), 'refused-batches');
    expect(JSON.parse(String(record?.data))).toMatchObject({ KinesisBatchInfo: { batchSize: 2 } });
    const s3 = await clients.s3();
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'refused' }));
    const [Key = ''] = Contents.map((object) => object.Key);
    expect(Key).toMatch(/^kept\/aws\/lambda\/[\da-f-]{36}\/shardId-000000000000\/\d{4}\/\d\d\/\d\d\/.+-[\da-f-]{36}$/);
    const object = await s3.send(new GetObjectCommand({ Bucket: 'refused', Key }));
    expect(JSON.parse((await object.Body?.transformToString()) ?? '').payload).toContain('"Records"');
  });

  it('keeps the records before a reported one', async () => {
    await stream('partial', 1, 6);
    const handler = file(
      'partial.mjs',
      `import { appendFileSync } from 'node:fs';
let failed = false;
export const handler = async ({ Records }) => {
  appendFileSync(process.env.OUT, Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64')).join(' ') + '\\n');
  if (failed) return { batchItemFailures: [] };
  failed = true;
  return { batchItemFailures: [{ itemIdentifier: Records[4].kinesis.sequenceNumber }] };
};`,
    );
    const { exitCode, stdout } = await runCommand(
      words('partial', handler, '--once', '--report-item-failures', '--json', ...out('partial')),
    );
    expect(lines('partial')).toEqual(['0 1 2 3 4 5', '4 5']);
    expect(JSON.parse(stdout)).toMatchObject({ records: { processed: 6 }, batches: { invoked: 2, failed: 1 } });
    expect(exitCode).toBe(0);
  });

  it('ends at its time-out', async () => {
    await stream('slow', 1, 1);
    const handler = file('slow.mjs', 'export const handler = () => new Promise(() => setInterval(() => {}, 1000));');
    const { exitCode, stderr } = await runCommand(
      words('slow', handler, '--once', '--retries', '0', '--timeout', '500ms'),
    );
    expect(stderr).toContain('Task timed out after 0.50 seconds');
    expect(exitCode).toBe(1);
  });
});

describe('where it starts and ends', () => {
  it('takes a limit of the records that pass the filter, and resumes behind it', async () => {
    await stream('limited', 3, 400);
    const handler = keeping('keeping.mjs');
    const filter = '{"data":[{"numeric":[">=",0]}]}';
    expect((await runCommand(words('limited', handler, '--filter', filter, '--once'))).exitCode).toBe(2);
    const more = ['--from', 'trim-horizon', '--checkpoint', path('limited.checkpoint'), ...out('limited')];
    for (const limit of ['150', '100']) {
      const { stdout } = await runCommand(words('limited', handler, ...more, '--limit', limit, '--json'));
      expect(JSON.parse(stdout)).toMatchObject({ endedBy: 'limit', records: { processed: Number(limit) } });
    }
    const last = await runCommand(words('limited', handler, ...more, '--idle-exit', '300ms', '--json'));
    expect(JSON.parse(last.stdout)).toMatchObject({ endedBy: 'idle', records: { processed: 150 } });
    expect(lines('limited')).toHaveLength(400);
    expect(new Set(lines('limited')).size).toBe(400);
  });

  it('gives a parent shard to the handler before its children', async () => {
    await stream('split', 1, 200);
    const kinesis = await clients.kinesis();
    await kinesis.send(
      new SplitShardCommand({
        StreamName: 'split',
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: String(2n ** 127n),
      }),
    );
    await put('split', numbered(200, 7, 200));
    const handler = keeping('slowly.mjs', 'await new Promise((done) => setTimeout(done, 10));');
    const more = ['--once', '--batch-size', '20', '--parallelization', '4', '--json', ...out('split')];
    const { stdout, stderr } = await runCommand(words('split', handler, ...more));
    expect(JSON.parse(stdout)).toMatchObject({ records: { processed: 400 } });
    expect(stderr).toContain('shardId-000000000000 closed and processed; continuing with shardId-000000000001 and');
    expect(lines('split')).toHaveLength(400);
    expectInOrder(lines('split'));
  });

  it('keeps the state of a tumbling window, and ends it at the end', async () => {
    await stream('windows', 1, 25);
    const handler = file(
      'windows.mjs',
      `import { appendFileSync } from 'node:fs';
export const handler = async (event) => {
  const count = (event.state.count ?? 0) + event.Records.length;
  if (event.isFinalInvokeForWindow) appendFileSync(process.env.OUT, count + '\\n');
  return { state: { count } };
};`,
    );
    const more = ['--once', '--batch-size', '10', '--tumbling-window', '900s', ...out('windows')];
    expect((await runCommand(words('windows', handler, ...more))).exitCode).toBe(0);
    expect(lines('windows').reduce((sum, line) => sum + Number(line), 0)).toBe(25);
  });

  it('ends after Ctrl-C with what the handler has, and the checkpoint has it too', async () => {
    await stream('interrupted', 1, 1000);
    const handler = keeping('slowly.mjs', 'await new Promise((done) => setTimeout(done, 10));');
    const more = ['--from', 'trim-horizon', '--batch-size', '10', '--checkpoint', path('interrupted.checkpoint')];
    const run = spawnPipectl(words('interrupted', handler, ...more, ...out('interrupted'), '--json'), env);
    await expect.poll(() => lines('interrupted').length, { timeout: 20_000 }).toBeGreaterThan(50);
    run.child.kill('SIGINT');
    const { exitCode, stdout } = await run.ended;
    expect(exitCode).toBe(130);
    const { endedBy, records } = JSON.parse(stdout);
    expect(endedBy).toBe('interrupted');
    expect(lines('interrupted')).toHaveLength(records.processed);
    const rest = await runCommand(words('interrupted', handler, ...more, ...out('interrupted'), '--once'));
    expect(rest.exitCode).toBe(0);
    expect(lines('interrupted').map((line) => line.split(':')[1])).toEqual(
      Array.from({ length: 1000 }, (_, index) => String(index)),
    );
  });

  it('loses nothing over kill -9 with a checkpoint', { timeout: 60_000 }, async () => {
    await stream('killed', 2, 2000);
    const handler = keeping('slower.mjs', 'await new Promise((done) => setTimeout(done, 60));');
    const more = ['--from', 'trim-horizon', '--batch-size', '10', '--parallelization', '3'];
    const all = words('killed', handler, ...more, '--checkpoint', path('killed.checkpoint'), ...out('killed'));
    for (const enough of [100, 400]) {
      const run = spawnPipectl(all, env);
      await expect.poll(() => lines('killed').length, { timeout: 20_000 }).toBeGreaterThan(enough);
      await expect.poll(() => lines('killed.checkpoint').join(), { timeout: 20_000 }).toContain('"after"');
      run.child.kill('SIGKILL');
      await run.ended;
    }
    const before = lines('killed').length;
    const last = await runCommand([...all, '--once', '--json']);
    expect(last.exitCode).toBe(0);
    const { processed } = JSON.parse(last.stdout).records;
    expect(new Set(lines('killed')).size).toBe(2000);
    expect(processed).toBe(lines('killed').length - before);
    expect(processed).toBeLessThan(2000); // the checkpoint was of use
  });
});

describe('recorded events', () => {
  it('are replayed without a stream', async () => {
    await stream('recorded', 1, 250);
    const handler = keeping('keeping.mjs');
    const recorded = ['--once', '--record', path('events.jsonl'), ...out('recorded')];
    expect((await runCommand(words('recorded', handler, ...recorded))).exitCode).toBe(0);
    expect(lines('events.jsonl')).toHaveLength(3);
    const replay = ['consume', '--handler', handler, '--replay', path('events.jsonl'), ...out('replayed'), '--json'];
    const { exitCode, stdout } = await runCommand(replay);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ stream: null, endedBy: 'replayed', records: { processed: 250 } });
    expect(lines('replayed')).toEqual(lines('recorded'));
    const failing = file('no.cjs', `exports.handler = async () => { throw new Error('no'); };`);
    const failed = await runCommand(['consume', '--handler', failing, '--replay', path('events.jsonl')]);
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toContain('event 3 of 3 failed');
  });

  it.each([
    ['none.jsonl', undefined, 'none.jsonl: file not found.'],
    ['broken.jsonl', '{"Records":[]}\nno\n', 'line 2 is not a JSON object.'],
    ['empty.jsonl', '', 'line 1 is not a JSON object.'],
  ])('%s is refused', async (name, text, message) => {
    if (text !== undefined) file(name, text);
    const handler = keeping('keeping.mjs');
    const { exitCode, stderr } = await runCommand(['consume', '--handler', handler, '--replay', path(name)]);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});

it('asks for a handler', async () => {
  await stream('no-handler', 1);
  const { exitCode, stderr } = await runCommand(['consume', 'no-handler', '--endpoint-url', endpoint.url]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Missing flag: --handler FILE.');
});
