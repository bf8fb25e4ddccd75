import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../e2e/free-port.js';
import { run } from './run-command.js';

/** An endpoint that is not ours, running on loopback. */
export interface Peer {
  url: string;
  /** What it has printed, for when a test fails. */
  log(): Promise<string>;
  close(): Promise<void>;
}

export type PeerName = 'localstack' | 'ministack';

const HERE = fileURLToPath(new URL('./endpoints/', import.meta.url));
/** Outside the checkout: half a gigabyte, the same for every checkout, and cached by CI. */
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pipectl-test');
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 20_000;
const KINESIS_LOCAL = '0.5.2';

/** Starts LocalStack community 4.14.0 or MiniStack 1.5.33, installing it first when it is not in the cache. */
export async function startPeer(name: PeerName): Promise<Peer> {
  const [python, port] = await Promise.all([
    name === 'localstack' ? installLocalstack() : installMinistack(),
    freePort(),
  ]);
  const home = await mkdtemp(join(tmpdir(), `pipectl-${name}-`));
  // Both write functions and scripts there; a package.json of somebody else's further up would change what a .js file is.
  await writeFile(join(home, 'package.json'), '{}');
  const environment = name === 'localstack' ? await localstackEnvironment(home, port) : ministackEnvironment(port);
  const child = spawn(python, [join(HERE, `launch_${name}.py`)], {
    cwd: home,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      TMPDIR: home,
      LANG: 'C.UTF-8',
      PYTHONDONTWRITEBYTECODE: '1',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const logFile = join(home, 'peer.log');
  const sink = createWriteStream(logFile);
  child.stdout?.pipe(sink, { end: false });
  child.stderr?.pipe(sink, { end: false });
  const peer: Peer = {
    url: `http://127.0.0.1:${port}`,
    log: () => readFile(logFile, 'utf8').catch(() => ''),
    async close() {
      await stop(child);
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    await untilHealthy(peer.url, child);
    return peer;
  } catch (error) {
    const log = await peer.log();
    await peer.close();
    throw new Error(`${name} did not start: ${(error as Error).message}\n${log.slice(-4000)}`);
  }
}

/** Installs LocalStack where it is missing. @returns the interpreter that has it */
export async function installLocalstack(): Promise<string> {
  return install('localstack-4.14.0', async () => {
    // Under 3.11 it answers every call with 500.
    const python = await findPython(['3.13']);
    if (python === undefined) throw new Error('LocalStack 4.14.0 needs Python 3.13; put python3.13 on the PATH.');
    return python;
  });
}

async function installMinistack(): Promise<string> {
  return install('ministack-1.5.33', async () => {
    const python = await findPython(['3.13', '3.12', '3.11', '3.10']);
    if (python === undefined) throw new Error('MiniStack 1.5.33 needs Python 3.10 or newer.');
    return python;
  });
}

/** Installs a lock into a folder of the cache; built aside and moved into place, so that a half-made one is never used. */
async function install(name: string, python: () => Promise<string>): Promise<string> {
  const folder = join(CACHE, name);
  const interpreter = join(folder, 'venv', 'bin', 'python');
  if (existsSync(join(folder, 'complete'))) return interpreter;
  await mkdir(folder, { recursive: true });
  await rm(join(folder, 'venv'), { recursive: true, force: true });
  await run(await python(), ['-m', 'venv', join(folder, 'venv')]);
  await run(interpreter, ['-m', 'pip', 'install', '--quiet', '--no-deps', '-r', join(HERE, `${name}.txt`)]);
  await writeFile(join(folder, 'complete'), '');
  return interpreter;
}

async function findPython(versions: readonly string[]): Promise<string | undefined> {
  const pyenv = join(process.env.PYENV_ROOT || join(homedir(), '.pyenv'), 'versions');
  const { readdir } = await import('node:fs/promises');
  const installed = await readdir(pyenv).catch(() => []);
  const candidates = versions.flatMap((version) => [
    `python${version}`,
    ...installed.filter((each) => each.startsWith(`${version}.`)).map((each) => join(pyenv, each, 'bin', 'python')),
  ]);
  for (const candidate of [...candidates, 'python3']) {
    // A shim may be there and refuse to run.
    const said = await run(candidate, ['--version']).catch(() => '');
    if (versions.some((version) => said.includes(`Python ${version}.`))) return candidate;
  }
  return undefined;
}

async function localstackEnvironment(home: string, port: number): Promise<Record<string, string>> {
  // LocalStack looks for its Kinesis here before it would download it.
  const place = join(home, 'fs', 'var', 'lib', 'localstack', 'lib', 'kinesis-local', KINESIS_LOCAL);
  await mkdir(place, { recursive: true });
  await cp(await installKinesisLocal(), place, { recursive: true });
  return {
    NODE_OPTIONS: `--require ${join(HERE, 'loopback.cjs')}`,
    LAMBDA_NODE: process.execPath,
    GATEWAY_LISTEN: `127.0.0.1:${port}`,
    // Without these two it writes into system folders where a /.dockerenv exists.
    OVERRIDE_IN_DOCKER: '0',
    FILESYSTEM_ROOT: join(home, 'fs'),
    DNS_ADDRESS: '0',
    SKIP_SSL_CERT_DOWNLOAD: '1',
    DISABLE_EVENTS: '1',
    EAGER_SERVICE_LOADING: '0',
    SERVICES: 'kinesis,logs,lambda,cloudformation,iam,sts,s3,sqs,cloudwatch,ssm',
  };
}

async function installKinesisLocal(): Promise<string> {
  const folder = join(CACHE, `kinesis-local-${KINESIS_LOCAL}`);
  if (existsSync(join(folder, 'node_modules', 'kinesis-local', 'main.js'))) return folder;
  const aside = `${folder}.${process.pid}`;
  await mkdir(aside, { recursive: true });
  await run('npm', [
    'install',
    '--silent',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--prefix',
    aside,
    `kinesis-local@${KINESIS_LOCAL}`,
  ]);
  await rm(folder, { recursive: true, force: true });
  await rename(aside, folder);
  return folder;
}

const ministackEnvironment = (port: number): Record<string, string> => ({
  GATEWAY_PORT: String(port),
  BIND_HOST: '127.0.0.1',
  LAMBDA_EXECUTOR: 'local',
});

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  for (const until = Date.now() + START_TIMEOUT_MS; Date.now() < until; ) {
    if (child.exitCode !== null) throw new Error(`it ended with exit code ${child.exitCode}`);
    const answer = await fetch(`${url}/_localstack/health`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no health within ${START_TIMEOUT_MS / 1000} s`);
}

/** TERM first, and time to act on it: a LocalStack that is killed leaves its Kinesis running. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const { pid } = child;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  process.kill(pid, 'SIGTERM');
  const patience = setTimeout(() => signalGroup(pid), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(patience);
  signalGroup(pid);
}

/** Whatever is left of its process group. */
function signalGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}
