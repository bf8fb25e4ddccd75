import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CodeStore } from '../../../src/lib/local/functions/code-store.js';
import { createFunctionHost, type FunctionHost } from '../../../src/lib/local/functions/function-host.js';
import type { FunctionSpec } from '../../../src/lib/local/functions/function-spec.js';
import { hostOfEndpoint } from '../../../src/lib/local/services/lambda/cloudwatch-log.js';
import { serviceEnvironment } from '../service-environment.js';
import { zip } from '../services/lambda/start-lambda.js';

let dataDir: string;
let host: FunctionHost;
let code: CodeStore;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'host-'));
  code = new CodeStore(dataDir);
  host = createFunctionHost(hostOfEndpoint(serviceEnvironment({ dataDir })), 2);
});
afterEach(async () => {
  await host.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function spec(name: string): Promise<FunctionSpec> {
  const source = `exports.handler = async ({ wait }) => { await new Promise((done) => setTimeout(done, wait)); return process.pid; }`;
  const { sha256 } = await code.store(await zip({ 'index.js': source }));
  return {
    key: name,
    arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    name,
    version: '$LATEST',
    region: 'us-east-1',
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    ...(await code.place(sha256, [])),
    timeoutMs: 20_000,
    memoryMb: 128,
    environment: {},
    logGroup: `/aws/lambda/${name}`,
    logFormat: 'Text',
    applicationLogLevel: 'INFO',
    systemLogLevel: 'INFO',
  };
}

let last = 0;
const invoke = async (of: FunctionSpec, wait = 0): Promise<number> => {
  const invocation = {
    requestId: String(++last),
    payload: Buffer.from(JSON.stringify({ wait })),
    invokedArn: of.arn,
    traceId: 'Root=1',
  };
  const outcome = await host.invoke(of, invocation);
  expect(outcome.functionError).toBeUndefined();
  return JSON.parse(Buffer.from(outcome.payload).toString());
};

test('callers beyond the number of processes wait, and all are served', async () => {
  const one = await spec('one');
  const pids = await Promise.all(Array.from({ length: 8 }, () => invoke(one, 50)));
  expect(new Set(pids).size).toBeLessThanOrEqual(2);
});

test('an idle process makes room for another function, also for one that waits already', async () => {
  const [one, two, three] = [await spec('one'), await spec('two'), await spec('three')];
  const first = await invoke(one);
  await invoke(two);
  await invoke(three); // the oldest idle one, of `one`, went
  expect(await invoke(one)).not.toBe(first);
  const busy = [invoke(one, 400), invoke(two, 400)];
  await new Promise((resolve) => setTimeout(resolve, 100));
  const waiting = invoke(three);
  await Promise.all(busy);
  expect(await waiting).toBeGreaterThan(0);
});

test('a process that the machine cannot start is an error of its invocation alone', async () => {
  const of = await spec('unlucky');
  await writeFile(join(dataDir, 'scratch'), 'a file where a folder must be');
  const invocation = { requestId: 'unlucky', payload: Buffer.from('{}'), invokedArn: of.arn, traceId: 'Root=1' };
  const outcome = await host.invoke(of, invocation);
  expect(JSON.parse(Buffer.from(outcome.payload).toString())).toMatchObject({
    errorType: 'Sandbox.Failure',
    errorMessage: expect.stringContaining('pipectl could not start a process: '),
  });
  await rm(join(dataDir, 'scratch'));
  expect(await invoke(of)).toBeGreaterThan(1);
});

test('what waits when the host closes is told so', async () => {
  const one = await spec('one');
  const calls = Array.from({ length: 3 }, () => invoke(one, 10_000));
  const settled = Promise.allSettled(calls);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await host.close();
  for (const result of await settled) expect(result.status).toBe('rejected');
});
