import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Peer {
  name: string;
  /** Takes fewer invocations, so that a run ends. */
  slow: boolean;
  command(port: number, folder: string): { command: string; args: string[]; env: Record<string, string> };
}

export interface Running {
  port: number;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = join(root, '.run', 'bench-function');

export const peers = (): Peer[] => [
  {
    name: 'pipectl',
    slow: false,
    command: (port) => ({
      command: process.execPath,
      args: [join(root, 'bench/endpoint/serve.mjs'), compile(), String(port)],
      env: {},
    }),
  },
  {
    name: 'MiniStack 1.5.33 with a shim',
    slow: true,
    command: (port) => ({
      command: installMiniStack(),
      args: [fileURLToPath(new URL('ministack-with-delivery.py', import.meta.url))],
      env: { GATEWAY_PORT: String(port), BIND_HOST: '127.0.0.1', LAMBDA_EXECUTOR: 'local' },
    }),
  },
];

/** Compiles src beside the benchmarks, so that what is measured is what ships. */
function compile(): string {
  const out = join(scratch, 'dist');
  rmSync(out, { recursive: true, force: true });
  try {
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json', '--outDir', out], { cwd: root });
  } catch {
    process.stderr.write('the type check complains; measuring what was compiled\n');
  }
  for (const folder of ['lib/local/wire/packs', 'lib/local/functions/bootstrap']) {
    cpSync(join(root, 'src', folder), join(out, folder), { recursive: true });
  }
  return join(out, 'lib');
}

/** From PyPI, once, into a virtual environment of the benchmark's own. The answer is its Python. */
function installMiniStack(): string {
  const venv = join(scratch, 'ministack');
  const python = join(venv, 'bin', 'python');
  if (!existsSync(python)) {
    mkdirSync(scratch, { recursive: true });
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
    execFileSync(join(venv, 'bin', 'pip'), ['install', '-q', 'ministack==1.5.33'], { stdio: 'inherit' });
  }
  return python;
}

/** Starts a peer on a free port and waits until it answers HTTP. */
export async function start(peer: Peer, folder: string): Promise<Running> {
  const port = await freePort();
  const { command, args, env } = peer.command(port, folder);
  const log = openSync(join(folder, 'peer.log'), 'w');
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', log, log] });
  await answers(port, child);
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
        setTimeout(() => child.kill('SIGKILL'), 3_000).unref();
      }),
  };
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (child.exitCode !== null) throw new Error(`the peer ended with ${child.exitCode} before it answered`);
    const up = await fetch(`http://127.0.0.1:${port}/_localstack/health`).then(
      () => true,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error('the peer did not answer');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
