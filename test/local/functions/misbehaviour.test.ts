// What a function can do to itself, and must not do to anything else.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LambdaFixture, startLambda, until } from '../services/lambda/start-lambda.js';

let fixture: LambdaFixture;
beforeAll(async () => {
  fixture = await startLambda();
  await fixture.create(
    'bad',
    {
      'index.mjs': `
import { spawn, execSync } from 'node:child_process';
import { closeSync } from 'node:fs';
export const handler = async (event) => {
  if (event.pid) return process.pid;
  if (event.throw) { const error = new TypeError('boom'); error.code = 'E_OWN'; throw error; }
  if (event.exit !== undefined) process.exit(event.exit);
  if (event.signal) { process.kill(process.pid, event.signal); await new Promise(() => setTimeout(() => {}, 5000)); }
  if (event.spin) { console.log('about to spin'); for (;;); }
  if (event.sleep) { console.log('about to sleep'); await new Promise((done) => setTimeout(done, event.sleep)); }
  if (event.large) return 'x'.repeat(event.large);
  if (event.fork) { const child = spawn('sleep', ['300'], { stdio: 'inherit' }); return child.pid; }
  if (event.child) { execSync('echo from a child; echo and its error >&2', { stdio: 'inherit' }); return 'run'; }
  if (event.reject) { Promise.reject(new Error('late')); await new Promise((done) => setTimeout(done, 1000)); }
  if (event.uncaught) { setTimeout(() => { throw new RangeError('nobody caught') }, 1); await new Promise((done) => setTimeout(done, 1000)); }
  if (event.silence) { closeSync(3); return 'silent'; }
  if (event.cycle) { const a = {}; a.a = a; return a; }
  return 'fine';
};`,
    },
    { Timeout: 1, MemorySize: 256 },
  );
});
afterAll(() => fixture.close());

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A zombie still takes signals; it is gone all the same.
    return (
      process.platform !== 'linux' || !/^State:\s+Z/m.test(execFileSync('cat', [`/proc/${pid}/status`]).toString())
    );
  } catch {
    return false;
  }
};

test('an error that the handler throws is answered and logged in the shape of the Node runtime', async () => {
  const { payload, error, log } = await fixture.invoke('bad', { throw: true });
  expect(error).toBe('Unhandled');
  expect(payload).toEqual({
    errorType: 'TypeError',
    errorMessage: 'boom',
    trace: ['TypeError: boom', expect.stringMatching(/^ {4}at .*handler \(file:\/\/\/var\/task\/index\.mjs:6:\d+\)$/)],
  });
  const line = log.split('\n').find((each) => each.includes('\tERROR\tInvoke Error \t'));
  expect(JSON.parse(line?.split('\t').at(-1) ?? '')).toMatchObject({ errorType: 'TypeError', code: 'E_OWN' });
  expect(log).not.toContain('Status:');
});

test.each([
  [{ exit: 3 }, 'Runtime exited with error: exit status 3'],
  [{ exit: 0 }, 'Runtime exited without providing a reason'],
  [{ signal: 'SIGKILL' }, 'Runtime exited with error: signal: killed'],
  [{ signal: 'SIGSEGV' }, 'Runtime exited with error: signal: segmentation fault'],
])(
  'a process that dies by %j is an error of the runtime, and the next invocation gets a new one',
  async (event, what) => {
    const { payload, error, log } = await fixture.invoke('bad', event);
    expect(error).toBe('Unhandled');
    expect(payload).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining(` Error: ${what}`),
    });
    expect(log).toContain(`Error: ${what}\nRuntime.ExitError\n`);
    expect(log).toMatch(/REPORT .*\tStatus: error\tError Type: Runtime\.ExitError\n$/);
    expect((await fixture.invoke('bad')).payload).toBe('fine');
  },
);

test.each([{ spin: true }, { sleep: 60_000 }])(
  '%j is killed at its time-out, with what it logged before',
  async (event) => {
    const startedAt = performance.now();
    const { payload, error, log } = await fixture.invoke('bad', event);
    expect(performance.now() - startedAt).toBeGreaterThan(990);
    expect(error).toBe('Unhandled');
    expect(payload).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/),
    });
    expect(log).toContain('\tINFO\tabout to s');
    expect(log).toMatch(/^\d{4}-\S+Z \S+ Task timed out after 1\.00 seconds$/m);
    expect(log).toMatch(/\tStatus: timeout\n$/);
  },
);

test('a function that spins does not slow the endpoint down', async () => {
  const spinning = fixture.invoke('bad', { spin: true });
  let answers = 0;
  while (answers < 50) {
    await fixture.messages('/aws/lambda/nothing');
    answers += 1;
  }
  expect((await spinning).error).toBe('Unhandled');
});

test('a function that takes more memory than it has is killed as AWS kills it', async () => {
  await fixture.create(
    'fills',
    {
      'index.js':
        'exports.handler = async () => { const held = []; for (;;) { held.push(Buffer.alloc(20e6, 1)); await new Promise((done) => setTimeout(done, 10)); } }',
    },
    { Timeout: 60 },
  );
  const { payload, log } = await fixture.invoke('fills');
  expect(payload).toEqual({
    errorType: 'Runtime.OutOfMemory',
    errorMessage: expect.stringContaining('Runtime exited with error: signal: killed'),
  });
  expect(log).toMatch(
    /Memory Size: 128 MB\tMax Memory Used: 128 MB\t.*Status: error\tError Type: Runtime\.OutOfMemory/,
  );
});

test('an init that takes more memory than it has is killed too', async () => {
  await fixture.create(
    'greedy-init',
    {
      'index.mjs': `const kept = [];
const timer = setInterval(() => kept.push(Buffer.alloc(8e6, 1)), 2);
await new Promise((done) => setTimeout(done, 9_000));
export const handler = async () => kept.length;`,
    },
    { MemorySize: 128 },
  );
  const { payload, error, log } = await fixture.invoke('greedy-init');
  expect(error).toBe('Unhandled');
  expect(payload).toMatchObject({ errorType: 'Runtime.OutOfMemory' });
  expect(log).toMatch(/^INIT_REPORT .*Status: error\tError Type: Runtime\.OutOfMemory$/m);
  expect(log).toContain('Max Memory Used: 128 MB');
});

test('an answer above 6 MB is refused, one just below is not', async () => {
  const large = await fixture.invoke('bad', { large: 6_291_555 });
  expect(large.payload).toEqual({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
  });
  const fits = await fixture.invoke('bad', { large: 6_291_000 });
  expect(fits.payload).toHaveLength(6_291_000);
});

test('output without end is bounded, and the log says what is missing', async () => {
  const code = `exports.handler = async () => { const line = 'y'.repeat(999) + '\\n'; for (let i = 0; i < 30; i++) process.stdout.write(line.repeat(1000)); return 'written'; };`;
  await fixture.create('writes', { 'index.js': code }, { Timeout: 60 });
  const { payload, log } = await fixture.invoke('writes');
  expect(payload).toBe('written');
  const dropped = Number(/pipectl: (\d+) bytes of output were not logged/.exec(log)?.[1]);
  expect(dropped).toBeGreaterThan(12_000_000);
  expect(dropped).toBeLessThan(14_000_000);
});

test('one long line becomes several events, none of it lost', async () => {
  await fixture.create('long', {
    'index.js': 'exports.handler = async () => { process.stdout.write("z".repeat(600_000)) }',
  });
  await fixture.invoke('long');
  const parts = (await fixture.messages('/aws/lambda/long')).filter((message) => /^z+$/.test(message));
  expect(parts.map((part) => part.length)).toEqual([262_118, 262_118, 75_764]);
});

test('what a child process prints is logged in its own lines', async () => {
  const { log } = await fixture.invoke('bad', { child: true });
  expect(log).toContain('\nfrom a child\n');
  expect(log).toContain('\nand its error\n');
});

test('what a function forks dies with it', async () => {
  const { payload: pid } = (await fixture.invoke('bad', { fork: true })) as { payload: number };
  expect(alive(pid)).toBe(true);
  await fixture.invoke('bad', { exit: 1 });
  await until(() => !alive(pid) || undefined);
});

const LEAVES_A_DAEMON = {
  'index.mjs': `import { execSync } from 'node:child_process';
export const handler = async (event) => {
  const daemon = Number(execSync("setsid sh -c 'sleep 300 > /dev/null 2>&1 & echo $!'").toString());
  console.log('daemon', daemon);
  if (event.exit) process.exit(1);
  if (event.spin) for (;;);
  return daemon;
};`,
};

test.runIf(process.platform === 'linux').each([{ exit: true }, { spin: true }])(
  'a daemon that a function left dies with it, after %j',
  async (event) => {
    await fixture.create('daemon', LEAVES_A_DAEMON, { Timeout: 1 }).catch(() => {});
    const { error, log } = await fixture.invoke('daemon', event);
    expect(error).toBe('Unhandled');
    const daemon = Number(/\tdaemon (\d+)/.exec(log)?.[1]);
    expect(daemon).toBeGreaterThan(1);
    expect(alive(daemon)).toBe(false);
  },
);

test('an unhandled rejection and an uncaught exception end the invocation, each in its own words', async () => {
  const rejected = await fixture.invoke('bad', { reject: true });
  expect(rejected.payload).toMatchObject({
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: 'Error: late',
  });
  const uncaught = await fixture.invoke('bad', { uncaught: true });
  expect(uncaught.payload).toMatchObject({ errorType: 'RangeError', errorMessage: 'nobody caught' });
  expect(uncaught.log).toContain('\tERROR\tUncaught Exception \t');
});

test.each([
  ['a rejection', "(async () => { throw new Error('forgotten'); })();", 'Unhandled Promise Rejection'],
  ['a timer that is due', "setImmediate(() => { throw new Error('forgotten'); });", 'Uncaught Exception'],
])('%s that fails after the answer ends its process, and no other invocation', async (what, code, label) => {
  const name = `forgotten-${what.replaceAll(' ', '-')}`;
  await fixture.create(name, { 'index.js': `exports.handler = async () => { ${code} return process.pid; }` });
  const pids = new Set<unknown>();
  for (let time = 0; time < 4; time += 1) {
    const { payload, error } = await fixture.invoke(name);
    expect(error).toBeUndefined();
    pids.add(payload);
  }
  expect(pids.size).toBe(4);
  const logged = await until(async () => {
    const found = (await fixture.messages(`/aws/lambda/${name}`)).filter((message) => message.includes(label));
    return found.length >= 3 ? found : undefined;
  });
  expect(logged.every((message) => /^\S+Z\t[\da-f-]{36}\tERROR\t/.test(message))).toBe(true);
});

test('a function that closes the log descriptor only loses its log', async () => {
  expect((await fixture.invoke('bad', { silence: true })).payload).toBe('silent');
  await fixture.invoke('bad', { exit: 1 });
});

test('an answer that is no JSON is an error, and the log says why', async () => {
  const { payload, log } = await fixture.invoke('bad', { cycle: true });
  expect(payload).toMatchObject({ errorType: 'Error', errorMessage: 'Unable to stringify response body' });
  expect(log).toContain('"reason":"Converting circular structure to JSON');
});

test.each([
  [
    'an error that holds itself, as those of HTTP clients do',
    'const e = new RangeError("cyclic"); e.request = { e }; throw e',
    { errorType: 'RangeError', errorMessage: 'cyclic' },
    '"errorMessage":"cyclic"',
  ],
  [
    'an error within an error',
    'throw Object.assign(new Error("outer"), { inner: new TypeError("inner") })',
    { errorMessage: 'outer' },
    '"inner":{"errorType":"TypeError","errorMessage":"inner","stack":[',
  ],
  ['a text', 'throw "text"', { errorType: 'string', errorMessage: 'text', trace: [] }, '"errorType":"Error"'],
  ['nothing', 'throw undefined', { errorType: 'string', errorMessage: 'handled' }, '"errorMessage":"handled"'],
  ['what has no text', 'throw Object.create(null)', { errorType: 'handled' }, 'problem while retrieving'],
  [
    'a promise that never settles',
    'await new Promise(() => {})',
    { errorType: 'Runtime.NodeJsExit', errorMessage: expect.stringContaining('Promise that was never settled') },
    '"errorType":"Runtime.NodeJsExit"',
  ],
])('an async handler that ends with %s is told as AWS tells it', async (what, code, expected, logged) => {
  const name = `ends-${what.replaceAll(/\W+/g, '-')}`;
  await fixture.create(name, { 'index.js': `exports.handler = async () => { ${code} }` });
  const { payload, log, error } = await fixture.invoke(name);
  expect(error).toBe('Unhandled');
  expect(payload).toMatchObject(expected);
  expect(log).toContain('\tERROR\tInvoke Error \t');
  expect(log).toContain(logged);
});

test('a syntax error is told with its place', async () => {
  await fixture.create('misspelt', { 'index.js': 'const a = 1;\nthis is not code' });
  const { payload } = await fixture.invoke('misspelt');
  expect((payload as { trace: string[] }).trace[0]).toBe('/var/task/index.js:2');
});

test.each([
  ['throws', 'throw new Error("at init")', { errorType: 'Error', errorMessage: 'at init' }],
  [
    'has no such export',
    'exports.other = 1',
    { errorType: 'Runtime.HandlerNotFound', errorMessage: 'index.handler is undefined or not exported' },
  ],
  ['does not parse', 'this is not code', { errorType: 'Runtime.UserCodeSyntaxError' }],
  [
    'requires what is not there',
    'require("not-there")',
    { errorType: 'Runtime.ImportModuleError', errorMessage: expect.stringContaining("Cannot find module 'not-there'") },
  ],
  [
    'exits',
    'process.exit(9)',
    { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 9') },
  ],
])('init that %s is reported', async (what, code, expected) => {
  const name = `init-${what.replaceAll(' ', '-')}`;
  await fixture.create(name, { 'index.js': code });
  const { payload, log, error } = await fixture.invoke(name);
  expect(error).toBe('Unhandled');
  expect(payload).toMatchObject(expected);
  expect(log).toMatch(/^INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\tStatus: error\tError Type: /m);
});

const MODULE_SYNTAX = { errorType: 'Runtime.UserCodeSyntaxError' };
const REQUIRES_A_MODULE = {
  'index.js': 'require("./m.mjs"); exports.handler = async () => 1;',
  'm.mjs': 'export const a = 1;',
};
test.each<[string, Record<string, string>, Record<string, unknown>, unknown]>([
  ['module syntax in index.js', { 'index.js': 'export const handler = async () => 1;' }, {}, MODULE_SYNTAX],
  ['an import in index.js', { 'index.js': 'import "node:fs"; exports.handler = async () => 1;' }, {}, MODULE_SYNTAX],
  [
    'require of a module, nodejs20.x',
    REQUIRES_A_MODULE,
    { Runtime: 'nodejs20.x' },
    expect.objectContaining({ errorMessage: expect.stringContaining('require() of ES Module') }),
  ],
  [
    'require of a module, nodejs22.x',
    REQUIRES_A_MODULE,
    { Runtime: 'nodejs22.x' },
    expect.objectContaining({ errorMessage: expect.stringContaining('require() of ES Module') }),
  ],
  ['require of a module, nodejs24.x', REQUIRES_A_MODULE, { Runtime: 'nodejs24.x' }, 1],
  [
    'require of a module, switched on',
    REQUIRES_A_MODULE,
    { Runtime: 'nodejs22.x', Environment: { Variables: { NODE_OPTIONS: '--experimental-require-module' } } },
    1,
  ],
  [
    'a handler under default',
    { 'index.mjs': 'export default { handler: async () => 1 };' },
    {},
    expect.objectContaining({ errorType: 'Runtime.HandlerNotFound' }),
  ],
])('%s is taken or refused as on AWS', async (what, files, settings, expected) => {
  const name = what.replaceAll(/\W+/g, '-');
  await fixture.create(name, files, settings);
  const { payload } = await fixture.invoke(name);
  if (typeof expected === 'number') expect(payload).toBe(expected);
  else expect(payload).toMatchObject(expected as object);
});

test('a handler name that climbs is refused', async () => {
  await fixture.create('climb', { 'index.js': '' }, { Handler: '../other/index.handler' });
  expect((await fixture.invoke('climb')).payload).toMatchObject({ errorType: 'Runtime.MalformedHandlerName' });
});

test('processes are kept for the next invocation, more run for more at once, all end with the endpoint', async () => {
  const own = await startLambda();
  await own.create('kept', {
    'index.js':
      'exports.handler = async (e) => { if (e.wait) await new Promise((d) => setTimeout(d, e.wait)); return process.pid; }',
  });
  const first = (await own.invoke('kept')).payload as number;
  expect((await own.invoke('kept')).payload).toBe(first);
  const pids = (await Promise.all(Array.from({ length: 4 }, () => own.invoke('kept', { wait: 1500 })))).map(
    ({ payload }) => payload as number,
  );
  expect(new Set(pids).size).toBe(4);
  await own.close();
  for (const pid of pids) expect(alive(pid)).toBe(false);
});

test('functions die with an endpoint that is killed without a word, the spinning ones too, and their daemons', async () => {
  const program = `
    import { startLambda } from ${JSON.stringify(fileURLToPath(new URL('../services/lambda/start-lambda.ts', import.meta.url)))};
    const own = await startLambda();
    await own.create('idle', { 'index.js': 'exports.handler = async () => process.pid' });
    await own.create('spin', { 'index.js': 'exports.handler = async (e) => { if (e.spin) for (;;); return process.pid; }' }, { Timeout: 60 });
    await own.create('daemon', ${JSON.stringify(LEAVES_A_DAEMON)});
    const pids = [(await own.invoke('idle')).payload, (await own.invoke('spin')).payload];
    if (process.platform === 'linux') pids.push((await own.invoke('daemon')).payload);
    void own.invoke('spin', { spin: true });
    setTimeout(() => console.log(JSON.stringify(pids)), 200);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const pids = JSON.parse(line.toString()) as number[];
  expect(pids.filter((pid) => !alive(pid))).toEqual([]);
  child.kill('SIGKILL');
  await until(() => !pids.some(alive) || undefined);
});
