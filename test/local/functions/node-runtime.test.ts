import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateFunctionCommand, InvokeCommand, LambdaClient, PublishLayerVersionCommand } from '@aws-sdk/client-lambda';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEndpoint } from '../../../src/lib/local/start-endpoint.js';
import { type LambdaFixture, ROLE, startLambda, zip } from '../services/lambda/start-lambda.js';

let fixture: LambdaFixture;
beforeAll(async () => {
  fixture = await startLambda();
});
afterAll(() => fixture.close());

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

test('an invocation is logged as AWS logs it: START, lines with time, id and level, END, REPORT with figures', async () => {
  await fixture.create('logged', {
    'index.js': `exports.handler = async (event) => { console.log('two\\nlines', event); console.warn('careful'); process.stdout.write('raw\\n'); return 1; };`,
  });
  const first = await fixture.invoke('logged', { a: 1 });
  expect(first.payload).toBe(1);
  const [start, info, rest, warn, raw, end, report] = first.log.split('\n');
  expect(start).toMatch(new RegExp(`^START RequestId: ${UUID} Version: \\$LATEST$`));
  expect(info).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\t${UUID}\tINFO\ttwo$`));
  expect(rest).toBe('lines { a: 1 }');
  expect(warn).toMatch(/\tWARN\tcareful$/);
  expect(raw).toBe('raw');
  expect(end).toMatch(new RegExp(`^END RequestId: ${UUID}$`));
  expect(report).toMatch(
    new RegExp(
      `^REPORT RequestId: ${UUID}\tDuration: \\d+\\.\\d\\d ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\tMax Memory Used: \\d+ MB\tInit Duration: \\d+\\.\\d\\d ms\t$`,
    ),
  );
  expect(Number(/Max Memory Used: (\d+)/.exec(report ?? '')?.[1])).toBeGreaterThan(10);
  const second = await fixture.invoke('logged');
  expect(second.log).not.toContain('Init Duration');

  const messages = await fixture.messages('/aws/lambda/logged');
  expect(messages).toHaveLength(13); // INIT_START, and six events for each of the two
  expect(messages[0]).toMatch(/^INIT_START Runtime Version: nodejs:22/);
  expect(messages[2]).toMatch(/INFO\ttwo\nlines \{ a: 1 \}\n$/);
});

test('the log group appears with the first invocation, not before, and one stream for each process', async () => {
  await fixture.create('quiet', { 'index.js': 'exports.handler = async () => {}' });
  expect(await fixture.messages('/aws/lambda/quiet')).toEqual([]);
  await fixture.invoke('quiet');
  expect((await fixture.messages('/aws/lambda/quiet')).length).toBeGreaterThan(2);
});

test.each([
  ['index.js as CommonJS', 'index.handler', { 'index.js': 'exports.handler = async () => "cjs"' }, 'cjs'],
  [
    'index.js as a module, by package.json',
    'index.handler',
    { 'index.js': 'export const handler = async () => "esm"', 'package.json': '{"type":"module"}' },
    'esm',
  ],
  [
    'index.mjs',
    'index.handler',
    { 'index.mjs': 'export const handler = async () => import.meta.url.slice(-9)' },
    'index.mjs',
  ],
  ['index.cjs', 'index.handler', { 'index.cjs': 'exports.handler = async () => __filename.slice(-9)' }, 'index.cjs'],
  ['a folder', 'src/lib/app.handler', { 'src/lib/app.js': 'exports.handler = async () => "deep"' }, 'deep'],
  ['a nested export', 'index.a.b', { 'index.js': 'exports.a = { b: async () => "nested" }' }, 'nested'],
  [
    'a callback',
    'index.handler',
    { 'index.js': 'exports.handler = (event, context, callback) => { setTimeout(() => callback(null, "late"), 5) }' },
    'late',
  ],
  [
    'a callback that fails',
    'index.handler',
    { 'index.js': 'exports.handler = (e, c, callback) => callback("no")' },
    { errorType: 'string', errorMessage: 'no', trace: [] },
  ],
  [
    'a handler that never answers',
    'index.handler',
    { 'index.js': 'exports.handler = () => new Promise(() => {})' },
    null,
  ],
  [
    'a callback of an async handler',
    'index.handler',
    { 'index.js': 'exports.handler = async (event, context, callback) => { callback(null, "called back") }' },
    'called back',
  ],
  [
    'the first of two callbacks',
    'index.handler',
    { 'index.js': 'exports.handler = (e, c, callback) => { callback(null, 1); callback(null, 2); c.succeed(3) }' },
    1,
  ],
  [
    'a handler of a package',
    'wrapper.handler',
    { 'node_modules/wrapper/index.js': 'exports.handler = async () => "wrapped"' },
    'wrapped',
  ],
  [
    'a handler that requires a file from the root of its package',
    'src/app.handler',
    { 'src/app.js': 'exports.handler = async () => require("src/lib/a")', 'src/lib/a.js': 'module.exports = "rooted"' },
    'rooted',
  ],
  [
    'a handler by its absolute path',
    '/var/task/src/app.handler',
    { 'src/app.js': 'exports.handler = async () => "absolute"' },
    'absolute',
  ],
  ['undefined', 'index.handler', { 'index.js': 'exports.handler = async () => undefined' }, null],
  [
    'top-level await',
    'index.handler',
    { 'index.mjs': 'const v = await Promise.resolve(7); export const handler = async () => v' },
    7,
  ],
  [
    'a streaming handler',
    'index.handler',
    {
      'index.js':
        'exports.handler = awslambda.streamifyResponse(async (e, stream) => { stream.write("[1"); stream.end(",2]"); })',
    },
    [1, 2],
  ],
  [
    'a streaming handler that writes an object',
    'index.handler',
    { 'index.js': 'exports.handler = awslambda.streamifyResponse(async (e, s) => { s.write({ a: 1 }); s.end(); })' },
    { a: 1 },
  ],
  [
    'a streaming handler that forgets the end',
    'index.handler',
    { 'index.js': 'exports.handler = awslambda.streamifyResponse(async (e, stream) => { stream.write("1") })' },
    expect.objectContaining({ errorMessage: 'Response stream is not finished.' }),
  ],
] as const)('runs %s', async (what, Handler, files, expected) => {
  const name = `form-${what.replace(/\W+/g, '-')}`;
  await fixture.create(name, files as unknown as Record<string, string>, { Handler });
  expect((await fixture.invoke(name)).payload).toEqual(expected);
});

test('a callback waits for the empty event loop, unless told not to', async () => {
  await fixture.create('waits', {
    'index.js': `exports.handler = (event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = event.wait;
      setTimeout(() => console.log('afterwards'), 80);
      callback(null, 'called');
    };`,
  });
  const waited = await fixture.invoke('waits', { wait: true });
  expect(waited.payload).toBe('called');
  expect(waited.log).toContain('afterwards');
  const direct = await fixture.invoke('waits', { wait: false });
  expect(direct.payload).toBe('called');
  expect(direct.log).not.toContain('afterwards');
});

test.each(['callback(new Error("no"))', 'context.fail(new Error("no"))', 'context.done(null, "yes")'])(
  '%s does not wait for the event loop',
  async (answer) => {
    const name = `at-once-${answer.replace(/\W+/g, '-')}`;
    const code = `exports.handler = (event, context, callback) => { setTimeout(() => console.log('late'), 60_000); ${answer} }`;
    await fixture.create(name, { 'index.js': code });
    const { payload } = await fixture.invoke(name); // would time out
    expect(payload).toEqual(answer.includes('yes') ? 'yes' : expect.objectContaining({ errorMessage: 'no' }));
  },
);

test('a callback that comes too late says nothing about the next invocation', async () => {
  await fixture.create('late', {
    'index.js': `exports.handler = (event, context, callback) => {
      if (event.late) { setTimeout(() => callback(null, 'late'), 30); context.done(null, 'early'); }
      else setTimeout(() => callback(null, 'own'), 60);
    }`,
  });
  expect((await fixture.invoke('late', { late: true })).payload).toBe('early');
  expect((await fixture.invoke('late')).payload).toBe('own');
});

test('each invocation has a trace of its own, or its caller’s', async () => {
  await fixture.create('traced', { 'index.js': 'exports.handler = async () => process.env._X_AMZN_TRACE_ID' });
  const [one, two] = [(await fixture.invoke('traced')).payload, (await fixture.invoke('traced')).payload];
  expect(one).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
  expect(two).not.toBe(one);
});

test('nodejs24.x takes no callbacks, as on AWS', async () => {
  await fixture.create('modern', { 'index.js': 'exports.handler = (a, b, c) => c()' }, { Runtime: 'nodejs24.x' });
  expect((await fixture.invoke('modern')).payload).toMatchObject({ errorType: 'Runtime.CallbackHandlerDeprecated' });
});

test('the context tells the time left, the log, the ARN and the client context', async () => {
  await fixture.create('context', {
    'index.js': `exports.handler = async (event, context) => {
      const { getRemainingTimeInMillis, ...rest } = context;
      return { ...rest, left: getRemainingTimeInMillis(), env: process.env };
    };`,
  });
  const { payload } = await fixture.invoke(
    'context',
    {},
    {
      ClientContext: Buffer.from('{"custom":{"k":"ü"}}').toString('base64'),
    },
  );
  expect(payload).toMatchObject({
    functionName: 'context',
    functionVersion: '$LATEST',
    memoryLimitInMB: '128',
    logGroupName: '/aws/lambda/context',
    logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/),
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:context',
    awsRequestId: expect.stringMatching(UUID),
    clientContext: { custom: { k: 'ü' } },
    left: expect.any(Number),
  });
  const { left } = payload as { left: number };
  expect(left).toBeGreaterThan(2000);
  expect(left).toBeLessThanOrEqual(3000);
});

test('what is shown of a function names its files as AWS does, and they lie where LAMBDA_TASK_ROOT says', async () => {
  await fixture.create(
    'places',
    {
      'index.mjs': `import { execSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
export const handler = async (event) => {
  console.error(new Error('logged'));
  console.log(JSON.stringify({ stack: new Error('as text').stack }));
  execSync('echo child in $PWD', { stdio: 'inherit' });
  if (event.missing) readFileSync(new URL('missing.json', import.meta.url));
  return [process.env.LAMBDA_TASK_ROOT, readFileSync(process.env.LAMBDA_TASK_ROOT + '/data.txt', 'utf8'), process.cwd()];
};`,
      'data.txt': 'there',
    },
    { Timeout: 20 },
  );
  const { payload, log } = await fixture.invoke('places');
  const [root, text, cwd] = payload as string[];
  expect(text).toBe('there');
  expect(cwd).toBe(root);
  expect(log).not.toContain(root);
  expect(log).not.toContain('bootstrap');
  expect(log).toMatch(/Error: logged\n {4}at .*handler \(file:\/\/\/var\/task\/index\.mjs:4:17\)\n/);
  expect(log).toContain('(file:///var/task/index.mjs:5:39)');
  expect(log).toMatch(/at .*run.* \(file:\/\/\/var\/runtime\/node\.mjs:/);
  expect(log).toContain('child in /var/task\n');
  const failed = await fixture.invoke('places', { missing: true });
  expect(failed.payload).toMatchObject({
    errorMessage: "ENOENT: no such file or directory, open '/var/task/missing.json'",
  });
});

test('a wrapper script of a layer starts the runtime its own way', async () => {
  const { LayerVersionArn = '' } = await fixture.lambda.send(
    new PublishLayerVersionCommand({
      LayerName: 'wrapper',
      Content: {
        ZipFile: await zip({
          wrap: '#!/bin/sh\nexport WRAPPED=yes\nnode=$1\nshift\nexec "$node" --title=wrapped "$@"\n',
        }),
      },
    }),
  );
  const code = { 'index.js': 'exports.handler = async () => [process.env.WRAPPED, process.title]' };
  const wrappedBy = (path: string) => ({
    Layers: [LayerVersionArn],
    Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: path } },
  });
  await fixture.create('wrapped', code, wrappedBy('/opt/wrap'));
  expect((await fixture.invoke('wrapped')).payload).toEqual(['yes', 'wrapped']);
  await fixture.create('unwrapped', code, wrappedBy('/opt/nothing'));
  expect((await fixture.invoke('unwrapped')).payload).toMatchObject({
    errorType: 'Runtime.InvalidEntrypoint',
    errorMessage: expect.stringContaining('AWS_LAMBDA_EXEC_WRAPPER is no program that can run: /opt/nothing'),
  });
});

test('between invocations a function stands still, and goes on with the next one', async () => {
  await fixture.create('still', {
    'index.js': `let ticks = 0; let timer;
exports.handler = async (event) => {
  timer ??= setInterval(() => { ticks += 1; }, 1);
  if (event.wait) await new Promise((done) => setTimeout(done, event.wait));
  return ticks;
};`,
  });
  const before = (await fixture.invoke('still')).payload as number;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await fixture.invoke('still')).payload as number).toBeLessThan(before + 10);
  expect((await fixture.invoke('still', { wait: 100 })).payload as number).toBeGreaterThan(before + 10);
});

test('a connection that was closed while the function stood still is known to be closed when it goes on', async () => {
  const server = createServer((_request, response) => response.end('served')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await fixture.create('connected', {
    'index.js': `const http = require('node:http');
const agent = new http.Agent({ keepAlive: true });
exports.handler = (event) => new Promise((resolve, reject) => {
  http.get({ port: event.port, host: '127.0.0.1', agent }, (response) => {
    response.resume().on('end', () => setTimeout(resolve, 20, response.statusCode));
  }).on('error', reject);
});`,
  });
  const { port } = server.address() as AddressInfo;
  for (let tries = 0; tries < 5; tries++) {
    expect((await fixture.invoke('connected', { port })).payload).toBe(200);
    server.closeIdleConnections();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  server.close();
});

test('a function sees the endpoint and its own variables, and nothing of who started the endpoint', async () => {
  process.env.PIPECTL_TEST_SECRET = 'not for functions';
  await fixture.create(
    'environment',
    { 'index.js': 'exports.handler = async () => process.env' },
    { Environment: { Variables: { OWN: 'yes' } } },
  );
  const { payload } = (await fixture.invoke('environment')) as { payload: Record<string, string> };
  expect(payload).toMatchObject({
    OWN: 'yes',
    AWS_ENDPOINT_URL: fixture.endpoint.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    AWS_LAMBDA_FUNCTION_NAME: 'environment',
    _HANDLER: 'index.handler',
    TZ: ':UTC',
  });
  expect(payload.HOME).toContain('scratch');
  expect(payload.LD_LIBRARY_PATH?.split(':').slice(0, 2)).toEqual([
    payload.LAMBDA_TASK_ROOT,
    `${payload.LAMBDA_TASK_ROOT}/lib`,
  ]);
  const known =
    /^(AWS_|LD_LIBRARY_PATH$|NODE_PATH$|LAMBDA_|_HANDLER$|_X_AMZN_TRACE_ID$|TZ$|LANG$|HOME$|TMPDIR$|PATH$|OWN$)/;
  expect(Object.keys(payload).filter((key) => !known.test(key))).toEqual([]);
  delete process.env.PIPECTL_TEST_SECRET;
});

test.each(['import', 'require'])('the AWS SDK is there by %s, and reaches the endpoint', async (how) => {
  const code =
    how === 'import'
      ? `import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
         export const handler = async () => (await new KinesisClient({}).send(new ListStreamsCommand({}))).StreamNames;`
      : `const { KinesisClient, ListStreamsCommand } = require('@aws-sdk/client-kinesis');
         exports.handler = async () => (await new KinesisClient({}).send(new ListStreamsCommand({}))).StreamNames;`;
  await fixture.create(`sdk-${how}`, { [how === 'import' ? 'index.mjs' : 'index.js']: code }, { Timeout: 20 });
  expect((await fixture.invoke(`sdk-${how}`)).payload).toEqual([]);
});

test('an SDK package that is not carried is named in the log', async () => {
  await fixture.create('missing', {
    'index.mjs': 'import "@aws-sdk/client-ecs"; export const handler = async () => 1',
  });
  const { payload, log } = await fixture.invoke('missing');
  expect(payload).toMatchObject({ errorType: 'Error', errorMessage: expect.stringContaining('@aws-sdk/client-ecs') });
  expect(log).toContain('@aws-sdk/client-ecs is not among the SDK packages that pipectl carries');
});

test('a package.json in a folder above says nothing about a function', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'above-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  const inside = await startLambda();
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  try {
    await inside.create('plain', { 'index.js': 'exports.handler = async () => typeof require' });
    expect((await inside.invoke('plain')).payload).toBe('function');
  } finally {
    await inside.close();
    await rm(folder, { recursive: true });
  }
});

test('JSON log format: platform events and application lines as objects, with levels that hide', async () => {
  await fixture.create(
    'json',
    {
      'index.js': `exports.handler = async () => {
        console.debug('hidden'); console.log({ event_class: 'a' }); console.error('bad', new TypeError('why'));
        console.log(5); console.log({ deep: Object.assign(new TypeError('inner'), { code: 'E' }) });
        if (true) throw new RangeError('thrown');
      };`,
    },
    { LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', LogGroup: 'own-group' } },
  );
  const { log } = await fixture.invoke('json');
  expect(
    log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).level ?? 'platform'),
  ).toContain('platform');
  const events = (await fixture.messages('own-group')).map((message) => JSON.parse(message));
  expect(events.map((event) => event.type ?? event.level)).toEqual([
    'platform.initStart',
    'platform.start',
    'INFO',
    'ERROR',
    'INFO',
    'INFO',
    'ERROR',
    'platform.report',
  ]);
  expect(events[2]).toMatchObject({ message: { event_class: 'a' }, requestId: events[1].record.requestId });
  expect(events[3]).toMatchObject({ errorType: 'TypeError', errorMessage: 'why' });
  expect(events[4].message).toBe(5);
  expect(events[5].message.deep).toMatchObject({ errorType: 'TypeError', errorMessage: 'inner', code: 'E' });
  expect(events[6].message).toMatchObject({
    errorType: 'RangeError',
    errorMessage: 'thrown',
    stackTrace: expect.arrayContaining(['RangeError: thrown', expect.stringContaining('/var/task/index.js:4:')]),
  });
  expect(events[7].record).toMatchObject({
    status: 'error',
    metrics: { memorySizeMB: 128, durationMs: expect.any(Number), initDurationMs: expect.any(Number) },
  });
});

test('where the endpoint serves TLS, a function trusts its certificate', async () => {
  const secure = await startEndpoint({ port: 0, tls: true });
  const agent = new HttpsAgent({ ca: secure.certificate });
  const lambda = new LambdaClient({
    endpoint: secure.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler({ httpsAgent: agent }),
  });
  try {
    const code = `const { KinesisClient, ListStreamsCommand } = require('@aws-sdk/client-kinesis');
      exports.handler = async () => (await new KinesisClient({}).send(new ListStreamsCommand({}))).StreamNames;`;
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'secure',
        Runtime: 'nodejs22.x',
        Role: ROLE,
        Handler: 'index.handler',
        Timeout: 20,
        Code: { ZipFile: await zip({ 'index.js': code }) },
      }),
    );
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'secure' }));
    expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toEqual([]);
  } finally {
    lambda.destroy();
    await secure.close();
  }
});
