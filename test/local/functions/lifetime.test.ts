import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DrivenClock } from '../../../src/lib/shared/clock.js';
import { type LambdaFixture, startLambda, until } from '../services/lambda/start-lambda.js';

const clock = new DrivenClock();
let fixture: LambdaFixture;
beforeAll(async () => {
  fixture = await startLambda({ clock });
});
afterAll(() => fixture.close());

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('an idle process ends after minutes, and the next invocation starts another', async () => {
  await fixture.create('idle', { 'index.js': 'exports.handler = async () => process.pid' });
  const first = (await fixture.invoke('idle')).payload as number;
  clock.advance(120_000);
  expect((await fixture.invoke('idle')).payload).toBe(first);
  clock.advance(600_000);
  await until(() => !alive(first) || undefined);
  expect((await fixture.invoke('idle')).payload).not.toBe(first);
});

test('an init above ten seconds is done again within the time-out of the invocation, and then it may take that long', async () => {
  await fixture.create(
    'slow-init',
    { 'index.mjs': 'await new Promise((done) => setTimeout(done, 700)); export const handler = async () => "ready";' },
    { Timeout: 30 },
  );
  const invoked = fixture.invoke('slow-init');
  await new Promise((resolve) => setTimeout(resolve, 300));
  clock.advance(10_000);
  const { payload, log } = await invoked;
  expect(payload).toBe('ready');
  expect(log).not.toContain('Init Duration');
  const messages = await fixture.messages('/aws/lambda/slow-init');
  const reports = messages.filter((message) => message.startsWith('INIT_REPORT'));
  expect(reports).toEqual([
    expect.stringMatching(/^INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\tStatus: timeout\n$/),
  ]);
});

test('an init above the time-out too is a time-out', async () => {
  await fixture.create('no-init', { 'index.mjs': 'await new Promise((done) => setTimeout(done, 60_000));' });
  const invoked = fixture.invoke('no-init');
  for (const waitMs of [10_000, 3_000]) {
    await new Promise((resolve) => setTimeout(resolve, 700));
    clock.advance(waitMs);
  }
  expect((await invoked).payload).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringContaining('Task timed out after 3.00 seconds'),
  });
});

test('new code ends the processes of the old one, after what they run', async () => {
  const code = (text: string): Record<string, string> => ({
    'index.js': `exports.handler = async (event) => { if (event.wait) await new Promise((d) => setTimeout(d, event.wait)); return [${JSON.stringify(text)}, process.pid]; }`,
  });
  await fixture.create('replaced', code('old'));
  const running = fixture.invoke('replaced', { wait: 600 });
  await until(
    async () => (await fixture.messages('/aws/lambda/replaced')).some((line) => line.startsWith('START')) || undefined,
  );
  await fixture.update('replaced', code('new'));
  expect((await fixture.invoke('replaced')).payload).toMatchObject(['new', expect.any(Number)]);
  const [text, pid] = (await running).payload as [string, number];
  expect(text).toBe('old');
  await until(() => !alive(pid) || undefined);
});

test('an invocation whose process was still starting when new code came runs the old code, once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'starting-'));
  const mark = join(folder, 'mark');
  await fixture.create(
    'starting',
    {
      'index.mjs': `import { writeFileSync } from 'node:fs';
writeFileSync(process.env.MARK, '');
await new Promise((done) => setTimeout(done, 400));
export const handler = async () => ['old', process.pid];`,
    },
    { Environment: { Variables: { MARK: mark } } },
  );
  const running = fixture.invoke('starting');
  await until(() => existsSync(mark) || undefined);
  await fixture.update('starting', { 'index.mjs': `export const handler = async () => ['new', process.pid];` });
  expect((await fixture.invoke('starting')).payload).toMatchObject(['new', expect.any(Number)]);
  const [text, pid] = (await running).payload as [string, number];
  expect(text).toBe('old');
  await until(() => !alive(pid) || undefined);
  const starts = (await fixture.messages('/aws/lambda/starting')).filter((line) => line.startsWith('INIT_START'));
  expect(starts).toHaveLength(2);
  await rm(folder, { recursive: true });
});
