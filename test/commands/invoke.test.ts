import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LambdaFixture, startLambda } from '../local/services/lambda/start-lambda.js';
import { runCommand } from './run-command.js';

const CODE = `
export const handler = async (event) => {
  if (event.fail) throw new TypeError('it broke\\nin two lines');
  if (event.escape) return { 'k\\u009b2J': '\\u001b[2J\\u009b2J' };
  console.log('got ' + JSON.stringify(event));
  return { echoed: event, n: 1 };
};`;

let parts: LambdaFixture;
beforeAll(async () => {
  parts = await startLambda();
  await parts.create('echo-function', { 'index.mjs': CODE });
});
afterAll(() => parts.close());

const invoke = (argv: string[], options: Parameters<typeof runCommand>[1] = {}) =>
  runCommand(['invoke', ...argv, '--endpoint-url', parts.endpoint.url], options);

describe('invoke', () => {
  it('prints what the function returned: as it came in a pipe, in lines in a terminal', async () => {
    const piped = await invoke(['echo-function', '--payload', '{"a":[1,"b"]}']);
    expect(piped).toEqual({ exitCode: 0, stdout: '{"echoed":{"a":[1,"b"]},"n":1}\n', stderr: '' });
    const terminal = await invoke(['echo-function', '--no-color'], { tty: true });
    expect(terminal.stdout).toBe('{\n  "echoed": {},\n  "n": 1\n}\n');
  });

  it('gives the whole invocation with --json', async () => {
    const run = await invoke(['echo-function', '--json']);
    expect(JSON.parse(run.stdout)).toMatchObject({
      functionName: 'echo-function',
      statusCode: 200,
      executedVersion: '$LATEST',
      requestId: expect.any(String),
      durationMs: expect.any(Number),
      result: { echoed: {}, n: 1 },
      payload: '{"echoed":{},"n":1}',
    });
  });

  it('reads the payload from a file', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'invoke-')), 'event.json');
    writeFileSync(file, '{"from":"file"}\n');
    expect((await invoke(['echo-function', '--payload', `@${file}`])).stdout).toContain('{"from":"file"}');
  });

  it('refuses what is piped where no flag sends it, and names the flag', async () => {
    const stdin = new PassThrough();
    stdin.end('{"n":1}');
    const run = await invoke(['echo-function'], { stdin });
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(run.stderr).toContain('pipectl invoke echo-function --payload -');
  });

  it('says @ where the payload is the name of a file', async () => {
    const run = await invoke(['echo-function', '--payload', 'package.json']);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('To send the file, write --payload @package.json\n');
  });

  it('shows the log on stderr with --tail', async () => {
    const run = await invoke(['echo-function', '--payload', '{"x":1}', '--tail']);
    expect(run.stdout).toBe('{"echoed":{"x":1},"n":1}\n');
    expect(run.stderr).toMatch(/START RequestId: [\s\S]*got \{"x":1\}[\s\S]*REPORT RequestId: /);
  });

  it('ends with 1 and the stack trace when the function fails', async () => {
    const run = await invoke(['echo-function', '--payload', '{"fail":true}']);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toMatch(/echo-function failed: TypeError: it broke/);
    expect(run.stderr).toMatch(/\n\s+at .*handler .*index\.mjs:3/);
    const json = await invoke(['echo-function', '--payload', '{"fail":true}', '--json']);
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: { kind: 'Unhandled', type: 'TypeError', message: 'it broke\nin two lines', trace: expect.any(Array) },
    });
  });

  it('says an error of several lines once', async () => {
    const run = await invoke(['echo-function', '--payload', '{"fail":true}']);
    expect(run.stderr).toMatch(/^error: echo-function failed: TypeError: it broke\nin two lines\n {4}at /);
    expect(run.stderr.match(/in two lines/g)).toHaveLength(1);
  });

  it('does not let what a function returns act on the terminal', async () => {
    const argv = ['echo-function', '--payload', '{"escape":true}', '--no-color'];
    expect((await invoke(argv, { tty: true })).stdout).toBe('{\n  "k\\u009b2J": "\\u001b[2J\\u009b2J"\n}\n');
    expect((await invoke(argv)).stdout).toBe('{"k\u009b2J":"\\u001b[2J\u009b2J"}\n');
  });

  it('hands an event over', async () => {
    const run = await invoke(['echo-function', '--event', '--payload', '{"later":1}']);
    expect(run).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: 'echo-function has the event; it runs on its own.\n',
    });
  });

  it('repeats, and shows figures', async () => {
    const run = await invoke(['echo-function', '--repeat', '20', '--json']);
    expect(run.exitCode).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({
      asked: 20,
      succeeded: 20,
      failed: 0,
      functionErrors: 0,
      interrupted: false,
    });
    const { latencyMs } = JSON.parse(run.stdout) as { latencyMs: Record<string, number> };
    expect(latencyMs.min).toBeLessThanOrEqual(latencyMs.p50 ?? 0);
    expect(latencyMs.p99).toBeLessThanOrEqual(latencyMs.max ?? 0);
  });

  it('keeps a rate, and ends with 1 when the function failed', async () => {
    const startedAt = performance.now();
    const run = await invoke(['echo-function', '--payload', '{"fail":1}', '--repeat', '10', '--rate', '50/s']);
    expect(performance.now() - startedAt).toBeGreaterThan(180);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toMatch(
      /^10 of 10 answered in .*\n10 with an error of the function\n {2}10 × TypeError: it broke\nlatency: min /,
    );
  });

  it('names the functions most like one that is not there', async () => {
    const run = await invoke(['echo-funktion']);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toContain('No function echo-funktion in us-east-1.');
    expect(run.stderr).toContain('Did you mean "echo-function"?');
  });

  it.each([
    ['echo-function:7', 'There is echo-function, without a version or an alias "7".'],
    [
      'arn:aws:lambda:eu-west-1:000000000000:function:echo-function',
      'The ARN is one of eu-west-1: --region eu-west-1.',
    ],
    ['nothing-of-the-kind', 'There is echo-function.'],
  ])('says what is wrong with the name %s', async (name, hint) => {
    const run = await invoke([name]);
    expect(run).toMatchObject({ exitCode: 1, stderr: `error: No function ${name} in us-east-1.\n  ${hint}\n` });
  });

  it.each([
    [['f', '--payload', '{broken'], /--payload is not JSON/],
    [['f', '--payload', '@/no/such/file'], /\/no\/such\/file cannot be read \(ENOENT\)/],
    [['f', '--rate', '5'], /--rate needs --repeat/],
    [['f', '--repeat', '5', '--rate', 'fast'], /"fast" is not a valid rate/],
    [['f', '--repeat', '0'], /whole number of 1 or more/],
    [['f', '--repeat', '2', '--tail'], /--tail shows one invocation/],
    [['f', '--event', '--tail'], /--event/],
    [[''], /The name is empty/],
    [[], /function/i],
  ])('refuses %j', async (argv, message) => {
    const run = await invoke(argv);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(message);
  });
});
