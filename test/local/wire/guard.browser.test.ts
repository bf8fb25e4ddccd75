// The guard against a real browser: whatever a foreign page, a link or a stored page does, nothing changes here and nothing is read.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import {
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../src/lib/local/start-endpoint.js';
import { zip } from '../services/lambda/start-lambda.js';
import { presignedFor, signedFor } from './raw-request.js';

const TEMPLATE = JSON.stringify({
  Resources: { S: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'planted', ShardCount: 1 } } },
});
const CREATE_STACK = new URLSearchParams({
  Action: 'CreateStack',
  Version: '2010-05-15',
  StackName: 'planted',
  TemplateBody: TEMPLATE,
}).toString();
/** Every kind of attempt, as a static page makes it and as a script does. */
const HTML = `<!doctype html><title>still</title><body>
<img src="/?${CREATE_STACK}"><iframe src="/?${CREATE_STACK}"></iframe><script src="/?${CREATE_STACK}"></script>
<script>
document.title = 'ran';
fetch('/', { method: 'POST', headers: { 'x-amz-target': 'Kinesis_20131202.CreateStream', 'content-type': 'application/x-amz-json-1.1' }, body: '{"StreamName":"planted","ShardCount":1}' });
</script></body>`;

const foreignIp = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
/** `--host`: a further address of this machine. */
const HOST = foreignIp ?? '127.0.0.2';
const ALLOWED = 'pipectl.test';
const FOREIGN = 'evil.test';
const settings = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

const SCRIPT = readFileSync(new URL('./foreign-page.js', import.meta.url), 'utf8');

let endpoint: Endpoint;
let evil: Server;
let browser: Browser;
let context: BrowserContext;
let functionUrl: string;
let before: unknown;
let wasShutDown = false;
/** Where a foreign link leads, set by each test: `evil.test/redirect` answers 302 to it. */
let leadsTo = '';

const client = <T>(Client: new (options: typeof settings & { endpoint: string; forcePathStyle: boolean }) => T): T =>
  new Client({ ...settings, endpoint: endpoint.url, forcePathStyle: true });

/** What is there, as a program sees it. */
async function stateOf(): Promise<unknown> {
  const s3 = client(S3Client);
  return {
    stacks: (await client(CloudFormationClient).send(new ListStacksCommand({}))).StackSummaries,
    streams: (await client(KinesisClient).send(new ListStreamsCommand({}))).StreamNames,
    functions: (await client(LambdaClient).send(new ListFunctionsCommand({}))).Functions?.map(
      (each) => each.FunctionName,
    ),
    // A function that ran has one.
    logGroups: (await client(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({}))).logGroups,
    buckets: (await s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name),
    objects: (await s3.send(new ListObjectsV2Command({ Bucket: 'web' }))).Contents?.map(({ Key, ETag }) => [Key, ETag]),
    fault: endpoint.faults.take('kinesis.PutRecords'),
    wasShutDown,
  };
}

beforeAll(async () => {
  endpoint = await startEndpoint({ allowedHosts: [ALLOWED], host: HOST, onShutdown: () => (wasShutDown = true) });
  evil = createServer((request, response) => {
    if (request.url === '/redirect') response.writeHead(302, { location: leadsTo }).end();
    else
      response
        .writeHead(200, { 'content-type': 'text/html', 'referrer-policy': 'no-referrer' })
        .end(`<title>evil</title><body><script>${SCRIPT}</script>`);
  });
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  const s3 = client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: 'web' }));
  await s3.send(new PutObjectCommand({ Bucket: 'web', Key: 'page.html', Body: HTML, ContentType: 'text/html' }));
  await s3.send(
    new PutObjectCommand({
      Bucket: 'web',
      Key: 'script.js',
      Body: 'window.secret = "read"',
      ContentType: 'text/javascript',
    }),
  );
  const lambda = client(LambdaClient);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'web',
      Runtime: 'nodejs20.x',
      Role: 'arn:aws:iam::000000000000:role/r',
      Handler: 'index.handler',
      Code: {
        ZipFile: await zip({
          'index.js': `exports.handler = async () => ({ statusCode: 200, headers: { 'content-type': 'text/html', 'access-control-allow-origin': '*' }, body: ${JSON.stringify(HTML)} })`,
        }),
      },
    }),
  );
  const { FunctionUrl = '' } = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: 'web', AuthType: 'NONE' }),
  );
  functionUrl = new URL(FunctionUrl).pathname;
  before = await stateOf();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=MAP ${ALLOWED} ${HOST}, MAP ${FOREIGN} 127.0.0.1`,
    ],
  });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  evil?.close();
  await endpoint?.close();
});

/** What the browser asked the endpoint for, and the statuses of the answers that it let its own pages have. */
let asked: string[];
let statuses: number[];
beforeEach(async () => {
  asked = [];
  statuses = [];
  context = await browser.newContext();
  context.on('request', (request) => {
    if (new URL(request.url()).port === String(endpoint.port)) asked.push(request.url());
  });
  context.on('response', (response) => {
    if (new URL(response.url()).port === String(endpoint.port)) statuses.push(response.status());
  });
});
afterEach(() => context.close());

const evilUrl = (path = '/'): string => `http://${FOREIGN}:${(evil.address() as AddressInfo).port}${path}`;

async function foreignPage(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(evilUrl());
  return page;
}

/** A call of one of foreign-page.js' functions. */
const call = (name: string, ...values: unknown[]): string => `${name}(...${JSON.stringify(values)})`;

const expectNothingHappened = async (): Promise<void> => {
  expect(statuses.length).toBeGreaterThan(0);
  expect(new Set(statuses)).toEqual(new Set([403]));
  expect(await stateOf()).toEqual(before);
};

const SIGNED = presignedFor('s3');
/** Every GET that would do or tell something. */
const links = (): string[] => [
  `/?${CREATE_STACK}`,
  `/?${CREATE_STACK}&${presignedFor('cloudformation')}`,
  '/',
  `/web?list-type=2&${SIGNED}`,
  '/web/script.js',
];

describe.each([
  ['loopback', '127.0.0.1'],
  ['localhost', 'localhost'],
  ['an allowed host', ALLOWED],
  ['--host', HOST],
])('to %s', (_, host) => {
  const at = (path: string): string => `http://${host}:${endpoint.port}${path}`;

  test('a link from outside, from a page, and by a redirect', async () => {
    for (const path of links()) {
      const page = await context.newPage();
      await page.goto(at(path));
      leadsTo = at(path);
      await page.goto(evilUrl('/redirect'));
      await page.goto(evilUrl());
      const followed = page.waitForResponse(at(path));
      await page.evaluate(call('follow', at(path)));
      await followed;
      await page.close();
    }
    expect(statuses).toHaveLength(3 * links().length);
    await expectNothingHappened();
  });

  test('images, scripts, styles, media and frames of a foreign page', async () => {
    const page = await foreignPage();
    const paths = [...links(), functionUrl, `/web/script.js?${SIGNED}`];
    expect(await page.evaluate(call('embed', paths.map(at)))).toEqual([]);
    expect(await page.evaluate('globalThis.secret')).toBeUndefined();
    expect(await page.evaluate(call('openFrames'))).toBe(0);
    expect(new Set(asked)).toEqual(new Set(paths.map(at)));
    // A made-up presigned URL of an object is answered if the browser does not say what it asks for; the page gets nothing of it.
    const saysNot = host === ALLOWED || host === foreignIp;
    expect(new Set(statuses)).toEqual(new Set(saysNot ? [403, 200] : [403]));
    expect(await stateOf()).toEqual(before);
  });

  test('fetch with and without CORS, beacons and sockets of a foreign page', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const json = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Kinesis_20131202.CreateStream' };
    const calls: [string, { method?: string; headers?: Record<string, string>; body?: string }][] = [
      ...[...links(), functionUrl, `/web/script.js?${SIGNED}`].map((path): [string, object] => [path, {}]),
      ['/', { method: 'POST', headers: form, body: CREATE_STACK }],
      [
        `/?${presignedFor('cloudformation')}`,
        { method: 'POST', headers: { 'content-type': 'text/plain' }, body: CREATE_STACK },
      ],
      ['/2015-03-31/functions/web/invocations', { method: 'POST', body: '{}' }],
      [functionUrl, { method: 'POST', body: '{}' }],
      ['/_pipectl/faults', { method: 'POST', body: '[{"at":"kinesis.PutRecords","kind":"error"}]' }],
      ['/_pipectl/shutdown', { method: 'POST' }],
      [`/web?delete&${SIGNED}`, { method: 'POST', body: '<Delete><Object><Key>script.js</Key></Object></Delete>' }],
      ['/web/planted', { method: 'PUT', body: 'x' }],
      [`/web/planted?${SIGNED}`, { method: 'PUT', body: 'x' }],
      [`/web/script.js?${SIGNED}`, { method: 'DELETE' }],
      ['/', { method: 'POST', headers: json, body: '{"StreamName":"planted","ShardCount":1}' }],
      ['/', { method: 'POST', headers: { ...form, ...signedFor('cloudformation') }, body: CREATE_STACK }],
      [`/?${CREATE_STACK}`, { headers: { 'x-pipectl': '1' } }],
    ];
    const page = await foreignPage();
    const absolute = calls.map(([path, init]) => [at(path), init]);
    expect(await page.evaluate(call('ask', absolute))).toEqual([]);
    expect(asked.length).toBeGreaterThanOrEqual(calls.length);
    expect(statuses.filter((status) => status !== 403)).toEqual([]);
    expect(await stateOf()).toEqual(before);
  });

  test('forms of a foreign page', async () => {
    const forms: [string, string, string][] = [
      ['/', 'application/x-www-form-urlencoded', CREATE_STACK],
      [`/?${CREATE_STACK}`, 'text/plain', 'a=b'],
      [`/?${CREATE_STACK}&${presignedFor('cloudformation')}`, 'multipart/form-data', 'a=b'],
      [functionUrl, 'text/plain', 'a=b'],
      [`/web?${SIGNED}`, 'multipart/form-data', 'key=planted&file=x'],
      ['/_pipectl/shutdown', 'text/plain', ''],
    ];
    for (const [path, enctype, fields] of forms) {
      const page = await foreignPage();
      const submitted = page.waitForResponse(at(path));
      await page.evaluate(call('submit', at(path), enctype, fields));
      await submitted;
      await page.close();
    }
    expect(statuses).toHaveLength(forms.length);
    await expectNothingHappened();
  });

  test('a page that lies in a bucket runs nothing, and what it embeds is refused', async () => {
    const page = await context.newPage();
    await page.goto(at(`/web/page.html?${SIGNED}`));
    expect(await page.title()).toBe('still');
    expect(statuses[0]).toBe(200);
    expect(asked.filter((url) => url === at(`/?${CREATE_STACK}`)).length).toBeGreaterThanOrEqual(2);
    expect(new Set(statuses.slice(1))).toEqual(new Set([403]));
    expect(await stateOf()).toEqual(before);
  });
});

test('a page that a function answers with runs nothing, and what it embeds is refused', async () => {
  const page = await context.newPage();
  await page.goto(endpoint.url + functionUrl);
  expect(await page.title()).toBe('still');
  expect(statuses[0]).toBe(200);
  expect(new Set(statuses.slice(1))).toEqual(new Set([403]));
  expect(await stateOf()).toMatchObject({ stacks: [], streams: [] });
});
