import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, cleanEnvironment, newStateFolder, runPipectl, spawnPipectl } from './spawn-pipectl.js';

const folder = newStateFolder();
const env = cleanEnvironment(folder);
// `local logs --port 1` prints a file: output of any size, without an endpoint.
const LINES = 20_000;
const LOG = Array.from(
  { length: LINES },
  (_, index) => `line ${String(index).padStart(8, '0')} ${'x'.repeat(40)}\n`,
).join('');
writeFileSync(join(folder, 'endpoint-1.log'), LOG);
const printLog = ['local', 'logs', '--port', '1', '--lines', String(LINES)];

describe('exit codes', () => {
  it.each([
    ['0: done', ['--version'], 0],
    ['0: help', ['--help'], 0],
    ['0: help of a command', ['provision', '--help'], 0],
    ['1: the operation failed', ['streams', '--endpoint-url', 'http://127.0.0.1:1'], 1],
    ['2: an unknown command', ['prodoce'], 2],
    ['2: an unknown flag', ['streams', '--jsom'], 2],
    ['2: a value that is none', ['local', 'start', '--port', 'http'], 2],
    ['2: a contradiction', ['streams', '--aws', '--local'], 2],
    ['2: a value for a switch, which is no argument', ['destroy', 'orders', '--yes=false'], 2],
  ])('%s', async (_, argv, exitCode) => {
    expect((await runPipectl(argv, env)).exitCode).toBe(exitCode);
  });

  it('says what was meant, and nothing on stdout', async () => {
    const run = await runPipectl(['provison', 'orders'], env);
    expect(run.stdout).toBe('');
    expect(run.stderr).toBe('error: pipectl has no command "provison".\n  Did you mean `pipectl provision`?\n');
  });
});

it.each([
  [['streams', '--json=true'], 'error: --json takes no value.\n  Write --json alone, or leave it out.\n'],
  [['e2e', '--no-deploy=yes'], 'error: --no-deploy takes no value.\n  Write --no-deploy alone, or leave it out.\n'],
  [['describe'], 'error: pipectl has no command "describe".\n  Did you mean `pipectl streams`?\n'],
  [['ls'], 'Did you mean `pipectl streams`?\n'],
  [['create'], 'Did you mean `pipectl provision`?\n'],
  [['send', 'orders'], 'Did you mean `pipectl produce`?\n'],
  [['publish'], 'Did you mean `pipectl produce`?\n'],
  [['get-records'], 'Did you mean `pipectl tail`?\n'],
  [['delete', 'orders'], 'Did you mean `pipectl streams --delete`?\n'],
  [['destory'], 'error: pipectl has no command "destory".\n  Did you mean `pipectl deploy`?\n'],
  [['local', 'stob'], 'no command "local stob".\n  See `pipectl local --help` for what there is.\n'],
  [['streams', '--delet'], 'streams has no flag --delet.\n  See `pipectl streams --help`.\n'],
  [['stream'], 'error: pipectl has no command "stream".\n  Did you mean `pipectl streams`?\n'],
  [
    ['local', 'statsu'],
    'no command "local statsu".\n  Did you mean `pipectl local status` or `pipectl local start`?\n',
  ],
  [['local', 'everywhere'], 'no command "local everywhere".\n  See `pipectl local --help` for what there is.\n'],
])('%j is answered with what to write', async (argv, answer) => {
  const { stderr, exitCode } = await runPipectl(argv, env);
  expect([exitCode, stderr.slice(-answer.length)]).toEqual([2, answer]);
});

describe('--json', () => {
  it('gives errors as one line of JSON on stderr, without what is inside the parser', async () => {
    const run = await runPipectl(['streams', '--json', '--watc'], env);
    expect(run.stdout).toBe('');
    expect(JSON.parse(run.stderr)).toEqual({
      error: { type: 'UsageError', message: 'streams has no flag --watc.', hint: 'Did you mean --watch?', exitCode: 2 },
    });
  });

  it('also where no command was found', async () => {
    const run = await runPipectl(['--json', 'nonsense'], env);
    expect(run.exitCode).toBe(2);
    expect(JSON.parse(run.stderr)).toMatchObject({ error: { type: 'UsageError', exitCode: 2 } });
  });

  it('tells an operation that failed from one that was asked for wrongly', async () => {
    const run = await runPipectl(['streams', '--json', '--endpoint-url', 'http://127.0.0.1:1'], env);
    expect(JSON.parse(run.stderr)).toMatchObject({
      error: { type: 'OperationError', message: 'Nothing answers at http://127.0.0.1:1 (ECONNREFUSED).', exitCode: 1 },
    });
  });
});

describe('help', () => {
  it('shows what to do first, and every command', async () => {
    const { stdout } = await runPipectl([], env);
    expect(stdout).toContain('$ pipectl produce orders --rate 1000');
    expect(stdout).toMatch(/^ {2}provision {2,}Create streams, or update their settings$/m);
    expect(stdout).toMatch(/^ {2}local exec {2,}Run a program/m);
    expect(stdout).toMatch(/^Exit codes: 0 success, 1 failed, 2 usage error, /m);
    expect(stdout).not.toContain('stream-names');
    expect(stdout).not.toContain('\u001B');
  });

  it.each([[['local', '--help']], [['local']], [['help', 'local']]])(
    '%j lists the commands of a topic',
    async (argv) => {
      const { stdout, exitCode } = await runPipectl(argv, env);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/local status +Show running endpoints/);
    },
  );

  it('gives each command examples', async () => {
    const { stdout } = await runPipectl(['help', 'provision'], env);
    expect(stdout).toContain('$ pipectl provision [STREAM…] [FLAGS]');
    expect(stdout).toContain('$ pipectl provision orders --shards 3 --retention 48h');
  });
});

describe('output', () => {
  it('is whole, however slowly it is read', async () => {
    const { child, ended, stdout } = spawnPipectl(printLog, env);
    child.stdout?.pause();
    await new Promise((resolve) => setTimeout(resolve, 1500)); // it has long written what the pipe takes
    child.stdout?.resume();
    expect((await ended).exitCode).toBe(0);
    expect(Buffer.byteLength(LOG)).toBeGreaterThan(1_000_000);
    expect(stdout().length).toBe(LOG.length);
  });

  it('ends quietly, exit code 0, when its reader goes away', async () => {
    const script = `"${process.execPath}" "${BIN}" ${printLog.join(' ')} | head -1; echo "exit code: \${PIPESTATUS[0]}"`;
    const shell = spawn('bash', ['-c', script], { env });
    let out = '';
    let err = '';
    shell.stdout.on('data', (chunk) => (out += chunk));
    shell.stderr.on('data', (chunk) => (err += chunk));
    await new Promise((resolve) => shell.on('close', resolve));
    expect(out).toBe(`${LOG.slice(0, LOG.indexOf('\n') + 1)}exit code: 0\n`);
    expect(err).toBe('');
  });

  it.skipIf(!existsSync('/dev/full')).each([printLog, ['--version'], ['--help']])(
    'says so, exit code 1, where it is a file on a full disk: %s',
    async (...words) => {
      const shell = spawn('bash', ['-c', `"${process.execPath}" "${BIN}" ${words.join(' ')} > /dev/full`], { env });
      let err = '';
      shell.stderr.on('data', (chunk) => (err += chunk));
      const exitCode = await new Promise((resolve) => shell.on('close', resolve));
      expect(err).toBe('error: Standard output is not complete: no space is left on its device.\n');
      expect(exitCode).toBe(1);
    },
  );

  it('ends a command that goes on for ever, too', async () => {
    const follow = ['local', 'logs', '--port', '1', '--lines', '1000', '--follow'];
    const { child, ended, says } = spawnPipectl(follow, env);
    await says('line 0');
    child.stdout?.destroy();
    const more = setInterval(
      () => writeFileSync(join(folder, 'endpoint-1.log'), LOG.slice(0, 50_000), { flag: 'a' }),
      50,
    );
    const { exitCode, stderr } = await ended;
    clearInterval(more);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});

describe('warnings of the process', () => {
  /** Warns once the program listens for signals, and so for warnings. */
  const warned = (name: string, message: string): NodeJS.ProcessEnv => {
    const code = `const t=setInterval(()=>{if(process.listenerCount('SIGTERM')===0)return;clearInterval(t);process.emitWarning('${message}','${name}')},1)`;
    return { ...env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
  };

  it.each([
    ['are shown', [], 'Warning', 'certificates are not checked', 'warning: certificates are not checked\n'],
    ['are shown by name', [], 'LeakWarning', 'eleven listeners', 'warning: LeakWarning: eleven listeners\n'],
    ['that are for developers are not', [], 'DeprecationWarning', 'punycode', ''],
    ['that are for developers are, where all is told', ['--verbose'], 'DeprecationWarning', 'p', 'warning: Depre'],
    ["about the SDK's next Node are not, ever", ['--verbose'], 'Warning', 'NodeVersionSupportWarning: The AWS', ''],
  ])('%s', async (_, flags, name, message, shown) => {
    const { stderr, exitCode } = await runPipectl(['completion', 'bash', ...flags], warned(name, message));
    expect(exitCode).toBe(0);
    expect(shown === '' ? stderr : stderr.slice(0, shown.length)).toBe(shown);
  });

  it("stay out of everyday commands, which make the SDK's clients", async () => {
    const { stderr } = await runPipectl(['exports', '--endpoint-url', 'http://127.0.0.1:1', '--verbose'], env);
    expect(stderr).toContain('Nothing answers');
    expect(stderr).not.toMatch(/warning/i);
  });
});

it('takes no argument from stdin, which may be the input of a loop around it', async () => {
  const { child, ended } = spawnPipectl(['local', 'logs', '--port', '1', '--lines', '1'], env);
  child.stdin?.end('something else\n');
  expect((await ended).exitCode).toBe(0);
  const missing = spawnPipectl(['completion'], env);
  missing.child.stdin?.end('bash\n');
  expect(await missing.ended).toMatchObject({ exitCode: 2, stdout: '' });
});

describe('signals', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it with %i', async (signalName, exitCode) => {
    const { child, ended, says } = spawnPipectl(['local', 'logs', '--port', '1', '--lines', '1', '--follow'], env);
    await says('line');
    child.kill(signalName);
    expect(await ended).toMatchObject({ exitCode, stderr: '' });
  });
});
