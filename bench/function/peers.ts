import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPeer } from '../../test/localstack/start-peer.js';

export interface Peer {
  name: string;
  /** Takes fewer invocations, so that a run ends. */
  slow: boolean;
  start(): Promise<Running>;
}

export interface Running {
  port: number;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = join(root, '.run', 'bench-function');

export const peers: readonly Peer[] = [
  { name: 'pipectl', slow: false, start: startOurs },
  { name: 'MiniStack 1.5.33 with a shim', slow: true, start: startMiniStack },
];

/** As the tests run it: installed from PyPI once, with delivery to Kinesis added, which it lacks. */
async function startMiniStack(): Promise<Running> {
  const peer = await startPeer('ministack');
  return { port: Number(new URL(peer.url).port), stop: () => peer.close() };
}

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

/** Our endpoint as a process of its own, compiled, limits off. */
async function startOurs(): Promise<Running> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(root, 'bench/endpoint/serve.mjs'), compile(), String(port)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  await answers(port, child);
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (child.exitCode !== null) throw new Error(`the peer ended with ${child.exitCode} before it answered`);
    const up = await fetch(`http://127.0.0.1:${port}/_pipectl/status`).then(
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
