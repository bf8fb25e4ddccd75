import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/lib/cli/command-io.js';
import type { EndpointRecord } from '../../src/lib/local/daemon/endpoint-record.js';
import { endpointEnvironment } from '../../src/lib/local/daemon/exec-program.js';
import { isAlive, programOf } from '../../src/lib/local/daemon/process-info.js';
import { cleanEnvironment, runPipectl, spawnPipectl } from '../cli/spawn-pipectl.js';
import { rawRequest } from '../local/wire/raw-request.js';
import { runCommand } from './run-command.js';

let folder: string;
const local = (...argv: string[]) => runCommand(['local', ...argv], { env: { PIPECTL_STATE_DIR: folder } });
const recordOf = (run: { stdout: string }): EndpointRecord => JSON.parse(run.stdout);
/** Any free port: 4566 belongs to whoever works on this machine. */
const start = async (...argv: string[]) => recordOf(await local('start', '--port', '0', '--json', ...argv));

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'pipectl-state-')), 'deep', 'state');
});
afterEach(async () => {
  await local('stop', '--all');
});

describe('local start, status, stop', () => {
  it('starts in the background, is found, and stops', async () => {
    const record = await start();
    expect(isAlive(record.pid)).toBe(true);
    expect((await fetch(`${record.url}/_pipectl/status`)).status).toBe(200);

    const status = await local('status');
    expect(status.exitCode).toBe(0);
    expect(status.stdout).toMatch(new RegExp(`^${record.url}\trunning\t${record.pid}\t[\\d.]+ m?s\ton\t[\\d.]+ MiB\t`));

    const stopped = await local('stop');
    expect(stopped.stdout).toBe(`stopped ${record.url} (pid ${record.pid})\n`);
    expect(isAlive(record.pid)).toBe(false);
    expect((await local('status')).exitCode).toBe(1);
  });

  it('keeps the resource types without effect that --inert names, and those of pipectl.yaml', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'pipectl-inert-'));
    writeFileSync(join(cwd, 'pipectl.yaml'), 'local: { inert: [AWS::Events::*] }\n');
    const env = { PIPECTL_STATE_DIR: folder };
    const started = await runCommand(['local', 'start', '--port', '0', '--json', '--inert', 'Custom::Mine'], {
      env,
      cwd,
    });
    const { url, inert } = recordOf(started);
    expect(inert).toEqual(['Custom::Mine', 'AWS::Events::*']);
    const template = join(cwd, 'events.yaml');
    writeFileSync(
      template,
      'Resources: { A: { Type: AWS::Events::EventBus, Properties: { Name: b } }, B: { Type: Custom::Mine } }',
    );
    const run = await runCommand(['deploy', template, '--stack', 'events', '--endpoint-url', url], { env, cwd });
    expect(run.exitCode, run.stderr).toBe(0);
    rmSync(cwd, { recursive: true });
  });

  it('tells them in the width of the terminal', async () => {
    const { url } = await start();
    const status = (columns: number) =>
      runCommand(['local', 'status'], { tty: true, columns, env: { PIPECTL_STATE_DIR: folder, NO_COLOR: '1' } });
    const narrow = (await status(80)).stdout;
    expect(narrow).toContain(url);
    expect(narrow).not.toContain('LOG');
    expect(Math.max(...narrow.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect((await status(200)).stdout).toContain('.log\n');
  });

  it('takes away the logs of endpoints that have not run for a week, and no others', async () => {
    const first = await start();
    const tenDaysAgo = new Date(Date.now() - 10 * 86_400_000);
    const yesterday = new Date(Date.now() - 86_400_000);
    const write = (name: string, changed: Date): string => {
      const path = join(folder, name);
      writeFileSync(path, 'a line\n');
      utimesSync(path, changed, changed);
      return path;
    };
    const old = [
      write('endpoint-1.log', tenDaysAgo),
      write('endpoint-1.log.old', tenDaysAgo),
      write('starting-0a1b-2c.log', tenDaysAgo),
    ];
    const kept = [write('endpoint-2.log', yesterday), write('notes.log', tenDaysAgo)];
    utimesSync(first.logFile ?? '', tenDaysAgo, tenDaysAgo); // of an endpoint that runs and has nothing to say
    await start();
    await expect.poll(() => old.filter((path) => existsSync(path))).toEqual([]);
    expect([...kept, first.logFile ?? ''].every((path) => existsSync(path))).toBe(true);
  });

  it('keeps its folder and its log to their owner', async () => {
    const { logFile } = await start();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(logFile ?? '').mode & 0o777).toBe(0o600);
  });

  it('writes through no link that somebody has put into its folder', async () => {
    const stopped = await start('--tls');
    await local('stop', '--all');
    const victim = join(folder, 'victim');
    const plant = (ending: string): void => {
      writeFileSync(victim, 'untouched');
      rmSync(join(folder, `endpoint-${stopped.port}.${ending}`), { force: true });
      symlinkSync(victim, join(folder, `endpoint-${stopped.port}.${ending}`));
    };
    plant('log');
    const refused = await local('start', '--port', String(stopped.port));
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is a symbolic link') });
    rmSync(join(folder, `endpoint-${stopped.port}.log`));
    plant('json');
    plant('pem');
    expect((await local('start', '--tls', '--port', String(stopped.port))).exitCode).toBe(0);
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
  });

  it('is no error to stop what does not run', async () => {
    expect(await local('stop')).toEqual({ exitCode: 0, stdout: '', stderr: 'No local endpoint runs.\n' });
  });

  it('starting it again with the same settings finds it, with others refuses', async () => {
    const record = await start();
    const port = String(record.port);
    expect(record).toMatchObject({ limits: 'on', tls: false });
    expect(recordOf(await local('start', '--port', port, '--json')).pid).toBe(record.pid);
    const other = await local('start', '--port', port, '--limits', 'off');
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toContain('with other settings (limits on, no tls, memory default).');
  });

  it('two run side by side; a command that means one asks which', async () => {
    const [one, two] = [await start(), await start('--limits', 'off')];
    expect((await local('status')).stdout.trim().split('\n')).toHaveLength(2);
    const stop = await local('stop');
    expect(stop).toMatchObject({ exitCode: 2, stdout: '' });
    expect(stop.stderr).toContain(`Name one with --port ${Math.min(one.port, two.port)}.`);
    expect((await local('stop', '--port', String(two.port))).stdout).toContain(`stopped ${two.url}`);
    expect(isAlive(one.pid)).toBe(true);
  });

  it('of several started at the same moment one lives, and all find it', async () => {
    const { port } = await start();
    await local('stop');
    const runs = await Promise.all([1, 2, 3].map(() => local('start', '--port', String(port), '--json')));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(new Set(runs.map((run) => recordOf(run).pid)).size).toBe(1);
    expect((await local('status')).stdout.trim().split('\n')).toHaveLength(1);
  });

  it('serves TLS that clients told of the certificate trust', async () => {
    const record = await start('--tls');
    expect(record.url).toMatch(/^https:/);
    const run = await local('exec', '--port', String(record.port), '--', process.execPath, '-e', GET_STATUS);
    expect(run).toMatchObject({ exitCode: 0 });
    const streams = await runCommand(['streams', '--local', '--json'], { env: { PIPECTL_STATE_DIR: folder } });
    expect(streams).toMatchObject({ exitCode: 0, stdout: '[]\n' });
  });

  it('stays in the terminal with --foreground, and leaves nothing behind', async () => {
    const { child, ended, says, stdout } = spawnPipectl(
      ['local', 'start', '--foreground', '--port', '0'],
      cleanEnvironment(folder),
    );
    await says('answers at');
    await expect.poll(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/);
    expect((await fetch(`${stdout().trim()}/_pipectl/status`)).status).toBe(200);
    child.kill('SIGINT');
    expect((await ended).exitCode).toBe(130);
    expect((await local('status')).exitCode).toBe(1);
  });
});

const GET_STATUS = `fetch(process.env.AWS_ENDPOINT_URL + '/_pipectl/status').then((answer) => process.exit(answer.ok ? 0 : 1))`;

describe('what a crash leaves behind', () => {
  it('a stale record blocks nothing', async () => {
    const record = await start();
    process.kill(record.pid, 'SIGKILL');
    await expect.poll(() => isAlive(record.pid)).toBe(false);
    expect(existsSync(join(folder, `endpoint-${record.port}.json`))).toBe(true);
    expect((await local('status')).exitCode).toBe(1);
    const again = recordOf(await local('start', '--port', String(record.port), '--json'));
    expect(again.port).toBe(record.port);
    expect(again.pid).not.toBe(record.pid);
  });

  it('nor does a record whose pid now belongs to another program, which is left alone', async () => {
    const record = await start();
    process.kill(record.pid, 'SIGKILL');
    await expect.poll(() => isAlive(record.pid)).toBe(false);
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const path = join(folder, `endpoint-${record.port}.json`);
    writeFileSync(path, JSON.stringify({ ...record, pid: stranger.pid }));
    expect((await local('stop', '--all')).stdout).toBe('');
    expect(isAlive(stranger.pid ?? 0)).toBe(true);
    expect(existsSync(path)).toBe(false);
    stranger.kill();
  });

  it('nor does one whose pid now belongs to another start of pipectl, or to this one', async () => {
    const record = await start();
    process.kill(record.pid, 'SIGKILL');
    await expect.poll(() => isAlive(record.pid)).toBe(false);
    const argv = ['-e', 'setInterval(() => {}, 1000)', 'local start'];
    const another = spawn(process.execPath, argv, { stdio: 'ignore' });
    const path = join(folder, `endpoint-${record.port}.json`);
    const strangers = [{ pid: process.pid }];
    if (record.startTime !== undefined) strangers.push({ pid: another.pid ?? 0 }); // on a system that tells
    for (const { pid } of strangers) {
      writeFileSync(path, JSON.stringify({ ...record, pid }));
      expect((await local('status')).stdout).toBe('');
      expect(existsSync(path)).toBe(false);
    }
    another.kill();
  });

  it('nor half a record', async () => {
    await start();
    writeFileSync(join(folder, 'endpoint-1.json'), '{"pid": 1, "po');
    expect((await local('status')).stdout.trim().split('\n')).toHaveLength(1);
  });
});

it('refuses a memory that would hold next to nothing', async () => {
  const run = await local('start', '--port', '0', '--memory', '1');
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('--memory: 1 B would hold next to nothing.');
});

describe('a port that is taken', () => {
  async function taken(answer: object | undefined): Promise<{ exitCode: number; stderr: string }> {
    const server = createServer((_, response) =>
      answer ? response.end(JSON.stringify(answer)) : response.end('hello'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const run = await local('start', '--port', String((server.address() as AddressInfo).port));
    server.close();
    return run;
  }

  it('is told with who has it, and where there is room', async () => {
    const run = await taken(undefined);
    expect(run.exitCode).toBe(1);
    if (process.platform === 'linux') expect(run.stderr).toContain(`, pid ${process.pid}.`);
    expect(run.stderr).toMatch(
      /^error: Port \d+ is taken.*\n {2}Stop that, or start .*`pipectl local start --port \d+`\.\n$/,
    );
  });

  it('is known to be LocalStack', async () => {
    const run = await taken({ services: { kinesis: 'running' }, edition: 'community', version: '4.14.0' });
    expect(run.stderr).toMatch(/^error: Port \d+ is taken by LocalStack 4\.14\.0 \(/);
    expect(run.stderr).toContain('Use it with --localstack');
  });

  it.each([
    ['node --inspect /srv/app/server.js --port 1', 'node server.js'],
    ['/usr/bin/python3 -u /opt/x/main.py', 'python3 main.py'],
    ['/usr/lib/postgresql/bin/postgres -D /data', 'postgres'],
    ['node', 'node'],
  ])('names %s %s', (line, program) => {
    expect(programOf(line)).toBe(program);
  });
});

describe('the state folder', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'pipectl-test-')), 'file');
  writeFileSync(file, '');
  // Below /proc nobody can make a folder, and Node's own recursive mkdir never says so.
  it.each([file, join(file, 'below'), ...(process.platform === 'linux' ? ['/proc/pipectl'] : [])])(
    '%s cannot be it',
    async (path) => {
      const run = await runCommand(['local', 'status'], { env: { PIPECTL_STATE_DIR: path } });
      expect(run).toMatchObject({ exitCode: 1, stdout: '' });
      expect(run.stderr).toMatch(/^error: The state folder .* cannot be used \(E[A-Z]+\)\.\n/);
    },
  );
});

it('an endpoint that has stopped answering is told of, not found to be running', async () => {
  const { pid, port } = await start();
  process.kill(pid, 'SIGSTOP');
  try {
    expect((await local('status')).stdout).toContain('does not answer');
    const run = await local('start', '--port', String(port));
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toContain(`An endpoint has port ${port} already (pid ${pid}), and does not answer.`);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});

describe('where it answers', () => {
  const health = (url: string, host?: string) =>
    rawRequest(url, { method: 'GET', path: '/_localstack/health', ...(host !== undefined && { headers: { host } }) });
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

  it('is both loopback addresses, because `localhost` is either, and no other', async () => {
    const { port } = await start();
    expect((await health(`http://127.0.0.1:${port}`)).status).toBe(200);
    const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
    if (hasIpv6) expect((await health(`http://[::1]:${port}`, `localhost:${port}`)).status).toBe(200);
    if (outside) await expect(health(`http://${outside}:${port}`)).rejects.toThrow('ECONNREFUSED');
  });

  it('is further addresses and names only where that is asked for, and warned of', async () => {
    const run = await local('start', '--port', '0', '--json', '--host', '0.0.0.0', '--allow-host', 'Pipectl');
    const { port, host, url } = recordOf(run);
    expect(run.stderr).toContain('warning: listening on 0.0.0.0: clients that reach this address can run code');
    expect({ host, url }).toEqual({ host: '0.0.0.0', url: `http://127.0.0.1:${port}` });
    if (outside) expect((await health(`http://${outside}:${port}`)).status).toBe(200);
    expect((await health(url, `pipectl:${port}`)).status).toBe(200);
    expect((await health(url, 'evil.example')).status).toBe(403);
    const other = await local('start', '--port', String(port), '--host', '0.0.0.0');
    expect(other.stderr).toContain('with other settings (limits on, no tls, memory default, host 0.0.0.0, allow-host');
  });

  it.each([
    [['--host', '203.0.113.77'], 1, '203.0.113.77 is not an address of this machine.'],
    [['--host', '203.0.113.77', '--foreground'], 1, '203.0.113.77 is not an address of this machine.'],
    [['--host', 'localhost'], 2, '--host: "localhost" is not an address.'],
    [['--allow-host', 'http://pipectl:4566'], 2, '--allow-host: "http://pipectl:4566" is not a host name.'],
  ])('%j is refused', async (argv, exitCode, message) => {
    const run = await local('start', '--port', '0', ...argv);
    expect(run).toMatchObject({ exitCode, stderr: expect.stringContaining(`error: ${message}`) });
  });

  it('several on any free port have a log each, by their port', async () => {
    const [one, two] = [await start(), await start()];
    expect((await local('logs', '--port', String(one.port))).stdout).toMatch(/answers at .*\(pid \d+/);
    expect(one.logFile).not.toBe(two.logFile);
    expect((await local('logs', '--port', String(one.port))).stdout).not.toContain(`pid ${two.pid}`);
  });
});

describe('local exec', () => {
  const exec = (...argv: string[]) => runPipectl(['local', 'exec', ...argv], env());
  const env = () =>
    cleanEnvironment(folder, {
      AWS_PROFILE: 'prod',
      AWS_SESSION_TOKEN: 'real',
      AWS_ENDPOINT_URL_S3: 'http://elsewhere',
    });
  const show =
    'console.log(JSON.stringify(Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("AWS_")))))';

  it('points a program at the endpoint, and at nothing else', async () => {
    const { url } = await start();
    const run = await exec('--region', 'eu-west-1', '--', process.execPath, '-e', show);
    expect(JSON.parse(run.stdout)).toEqual({
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
      AWS_USE_FIPS_ENDPOINT: 'false',
      AWS_USE_DUALSTACK_ENDPOINT: 'false',
    });
  });

  it('pipectl inside it works on that endpoint, as the local target', async () => {
    await start();
    const bin = ['--', process.execPath, 'bin/dev.js'];
    const run = await exec(...bin, 'streams', '--verbose', '--json');
    expect(run.stdout).toBe('[]\n');
    expect(run.stderr).toContain(
      "target: local, region us-east-1 (AWS_ENDPOINT_URL, which is a local endpoint's address)\n",
    );
    expect(run.stderr).toMatch(/endpoint: http:\/\/127\.0\.0\.1:\d+\n/);
  });

  it('the same URL is an endpoint like any other once nothing of ours answers there', async () => {
    const { url, port } = await start();
    const argv = ['streams', '--verbose', '--endpoint-url', url];
    expect((await runPipectl(argv, env())).stderr).toContain('target: local, ');
    await runPipectl(['local', 'stop', '--port', String(port)], env());
    const run = await runPipectl(argv, env());
    expect(run.stderr).toContain('target: endpoint, region us-east-1 (--endpoint-url)\n');
    expect(run.stderr).toContain(`Nothing answers at ${url} (ECONNREFUSED).`);
  });

  it('keeps the endpoint out of a proxy, and settings that forbid an endpoint away', () => {
    const record = { pid: 1, port: 1, url: 'http://127.0.0.1:1', version: '', startedAt: '', limits: 'on', tls: false };
    const given = {
      HTTP_PROXY: 'http://proxy:3128',
      no_proxy: 'corp.example',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      AWS_ACCOUNT_ID: '123456789012',
    };
    const made = endpointEnvironment(record as EndpointRecord, given);
    expect(made).toMatchObject({
      HTTP_PROXY: 'http://proxy:3128',
      NO_PROXY: 'corp.example,127.0.0.1,localhost',
      no_proxy: 'corp.example,127.0.0.1,localhost',
      // Said, because the default profile may say otherwise: without these the program would go to AWS.
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
      AWS_USE_FIPS_ENDPOINT: 'false',
      AWS_USE_DUALSTACK_ENDPOINT: 'false',
    });
    expect(made).not.toHaveProperty('AWS_ACCOUNT_ID');
    expect(endpointEnvironment(record as EndpointRecord, {})).not.toHaveProperty('NO_PROXY');
  });

  it('passes the exit code on, and arguments as they are', async () => {
    await start();
    expect((await exec('--', process.execPath, '-e', 'process.exit(7)')).exitCode).toBe(7);
    const run = await exec(
      '--',
      process.execPath,
      '-e',
      'console.log(process.argv.slice(1).join("|"))',
      '--',
      '$HOME *',
      '--json',
    );
    expect(run.stdout).toBe('$HOME *|--json\n');
  });

  it('passes signals on, and how the program ended', async () => {
    await start();
    const waits =
      'process.on("SIGTERM", () => { console.log("bye"); process.exit(9); }); console.log("ready"); setInterval(() => {}, 1000)';
    const { child, ended, says } = spawnPipectl(['local', 'exec', '--', process.execPath, '-e', waits], env());
    await says('ready');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ exitCode: 9, stdout: 'ready\nbye\n' });
    expect((await exec('--', process.execPath, '-e', 'process.kill(process.pid, "SIGKILL")')).exitCode).toBe(137);
  });

  it('tells a program that is not there, as a shell does', async () => {
    await start();
    const run = await exec('--', 'no-such-program');
    expect(run).toMatchObject({ exitCode: 127, stdout: '' });
    expect(run.stderr).toBe('error: There is no program no-such-program.\n');
    const json = await runPipectl(['local', 'exec', '--json', '--', '/'], env());
    expect(JSON.parse(json.stderr)).toEqual({
      error: { type: 'OperationError', message: '/ cannot be run (EACCES).', exitCode: 126 },
    });
  });

  it('runs nothing any more after a Ctrl-C that came while it got ready', async () => {
    await start();
    const stop = new AbortController();
    stop.abort(new Interrupted('SIGINT'));
    const mark = join(folder, 'ran');
    const run = await runCommand(['local', 'exec', '--', 'touch', mark], {
      env: { PIPECTL_STATE_DIR: folder },
      signal: stop.signal,
    });
    expect(run.exitCode).toBe(130);
    expect(existsSync(mark)).toBe(false);
  });

  it('asks which of several it means in the way it can be told', async () => {
    const [one] = [await start(), await start()];
    const run = await exec('--', 'true');
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/Name one: --port \d+\n/);
    expect((await exec('--port', String(one.port), '--', 'true')).exitCode).toBe(0);
  });

  it('needs a program after --', async () => {
    expect((await local('exec')).exitCode).toBe(2);
    expect((await local('exec', 'sh', '--', 'aws')).exitCode).toBe(2);
    expect((await local('exec', 'aws')).stderr).toContain('local exec needs a program after `--`.');
  });
});

describe('local logs', () => {
  it('shows the end of the log, also after the endpoint has gone', async () => {
    const record = await start();
    await local('stop');
    const logs = await local('logs');
    expect(logs.stdout).toContain(`answers at ${record.url} (pid ${record.pid}, limits on)`);
    expect((await local('logs', '--lines', '1')).stdout).toMatch(/^\S+Z stops \(SIGTERM\)\n$/);
    expect(JSON.parse((await local('logs', '--json')).stdout)).toHaveLength(2);
  });

  it('follows it as it grows', async () => {
    const { logFile } = await start();
    const { child, ended, says } = spawnPipectl(
      ['local', 'logs', '--follow', '--lines', '0'],
      cleanEnvironment(folder),
    );
    const write = setInterval(
      () => writeFileSync(logFile ?? '', `it is ${'ü'.repeat(3)} o'clock\n`, { flag: 'a' }),
      20,
    );
    await says("it is üüü o'clock");
    clearInterval(write);
    child.kill('SIGINT');
    const { stdout } = await ended;
    expect(new Set(stdout.trim().split('\n'))).toEqual(new Set(["it is üüü o'clock"]));
    expect(stdout.length).toBeLessThanOrEqual(readFileSync(logFile ?? '', 'utf8').length);
  });

  it('says when there is none', async () => {
    expect((await local('logs')).stderr).toContain('No local endpoint has run yet.');
  });
});
