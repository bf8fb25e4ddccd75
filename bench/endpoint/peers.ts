import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createRawClient, type RawClient } from './raw-client.js';

export interface Peer {
  name: string;
  /** Arguments of node, given the port to listen on. */
  args(port: number): string[];
  env?(port: number): Record<string, string>;
}

export interface Running {
  port: number;
  client: RawClient;
  /** From the start of the process to its first answer. */
  startMs: number;
  /** The most memory the process has had, in bytes; undefined where the system does not tell. */
  peakBytes(): number | undefined;
  /** Processor time the process has used, in seconds: what the machine's other work does not blur. */
  cpuSeconds(): number | undefined;
  stop(): Promise<void>;
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

export const peers = (compiledLib: string): Peer[] => [
  { name: 'pipectl', args: (port) => [path('serve.mjs'), compiledLib, String(port)] },
  {
    name: 'kinesalite',
    args: (port) => [path('../node_modules/kinesalite/cli.js'), '--port', String(port), '--shardLimit', '100'],
  },
  {
    name: 'kinesis-local',
    args: () => ['--require', path('bind-loopback.cjs'), path('../node_modules/kinesis-local/main.js')],
    env: (port) => ({
      KINESIS_MOCK_PLAIN_PORT: String(port),
      KINESIS_MOCK_TLS_PORT: String(port + 1),
      KINESIS_MOCK_CERT_PATH: path('../node_modules/kinesis-local/server.json'),
      SHARD_LIMIT: '100',
      LOG_LEVEL: 'ERROR',
    }),
  },
];

/** Starts a peer and waits for its first answer. */
export async function start(peer: Peer): Promise<Running> {
  const port = await freePort();
  const client = createRawClient(port);
  const startedAt = performance.now();
  const child = spawn(process.execPath, peer.args(port), {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...peer.env?.(port) },
  });
  while (!(await client.call('ListStreams', '{}').catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`${peer.name} ended with ${child.exitCode} before it answered`);
    if (performance.now() - startedAt > 30_000) throw new Error(`${peer.name} did not answer in 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return {
    port,
    client,
    startMs: performance.now() - startedAt,
    peakBytes: () => peakBytesOf(child),
    cpuSeconds: () => cpuSecondsOf(child),
    async stop() {
      client.close();
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
      await gone;
      clearTimeout(timer);
    },
  };
}

function peakBytesOf(child: ChildProcess): number | undefined {
  try {
    const kib = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    return undefined;
  }
}

/** From user and system time in ticks of 10 ms, the 14th and 15th field; the second one, the name, may hold spaces. */
function cpuSecondsOf(child: ChildProcess): number | undefined {
  try {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

/** A port whose successor is likely free as well: kinesis-local takes two. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
