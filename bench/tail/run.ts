// pipectl tail beside what one would write instead, in one run:  npm run build && npx tsx bench/tail/run.ts [--short]
// Backlog: small JSON records from TRIM_HORIZON, decoded and written to a pipe; records/s of the whole run, start-up included, and of what comes after the
// first record. Live: 6 MB/s out of three shards.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEndpoint } from '../../src/lib/local/start-endpoint.js';
import { type Peer, peers } from './peers.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const short = process.argv.includes('--short');
const SHARDS = 3;
const PER_SHARD = short ? 100_000 : 300_000;
const RECORDS = SHARDS * PER_SHARD;
const pipectl = [join(root, 'bin/run.js')];

await backlog();
await live();

interface Outcome {
  lines: number;
  firstMs: number;
  totalMs: number;
  /** Of the whole process, start-up too. */
  cpuSeconds: number;
}

async function backlog(): Promise<void> {
  const source = await startSource();
  const words = ['tail', 's', '--from', 'trim-horizon', '--decode', '--limit', String(RECORDS)];
  const ours: Peer = {
    name: 'pipectl tail --decode',
    command: [process.execPath, ...pipectl, ...words, '--endpoint-url', source.url],
  };
  const cases = [...(await peers(source.url, RECORDS)), ours];
  console.log(row('backlog', 'first record', 'records/s', 'after the first', 'a CPU-second'));
  try {
    for (const one of cases) {
      const { name } = one;
      if ('why' in one) {
        console.log(`${name.padEnd(26)}left out: ${one.why}`);
        continue;
      }
      const { lines, firstMs, totalMs, cpuSeconds } = await read(one.command);
      if (lines < RECORDS) throw new Error(`${name}: ${lines} records, not ${RECORDS}`);
      const rates = [lines / (totalMs / 1000), lines / ((totalMs - firstMs) / 1000), lines / cpuSeconds];
      console.log(row(name, `${thousands(firstMs)} ms`, ...rates.map(thousands)));
    }
  } finally {
    for (const one of cases) if ('close' in one) one.close?.();
    source.child.kill();
  }
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(26) + cells.map((cell) => cell.padStart(17)).join('');
}

/** The limits of three shards, on both sides: what goes in at 1 MiB/s a shard comes out as it arrives. */
async function live(): Promise<void> {
  const endpoint = await startEndpoint({ port: 0, limits: 'off' });
  const seconds = short ? 5 : 15;
  const at = ['--endpoint-url', endpoint.url];
  await run([...pipectl, 'provision', 'live', '--shards', '3', ...at]);
  const tail = spawn(process.execPath, [
    ...pipectl,
    'tail',
    'live',
    '--decode',
    '--stats',
    '--json',
    '--idle-exit',
    '3s',
    ...at,
  ]);
  let report = '';
  tail.stdout.on('data', (part) => {
    report += part;
  });
  await new Promise<void>((resolve) =>
    tail.stderr.on('data', (part) => String(part).includes('following') && resolve()),
  );
  const ended = new Promise((resolve) => tail.on('close', resolve));
  await run([...pipectl, 'produce', 'live', '--rate', '6MB/s', '--duration', `${seconds}s`, ...at]);
  await ended;
  const stats = JSON.parse(report) as {
    bytes: number;
    records: number;
    lagMs: { p50: number; p99: number; max: number };
  };
  console.log(
    `\nlive, ${(stats.bytes / seconds / 1e6).toFixed(2)} MB/s out of three shards: lag p50 ${Math.round(stats.lagMs.p50)} ms, p99 ${Math.round(stats.lagMs.p99)} ms, max ${Math.round(stats.lagMs.max)} ms`,
  );
  await endpoint.close();
}

/** Runs a program to its end, and counts the lines it writes; bash tells what CPU it took. */
function read(command: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn('bash', ['-c', `TIMEFORMAT='%U %S'; time "$@" 2>/dev/null`, 'time', ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let lines = 0;
    let firstMs = 0;
    let times = '';
    child.stdout.on('data', (part: Buffer) => {
      firstMs ||= performance.now() - startedAt;
      for (let at = part.indexOf(10); at !== -1; at = part.indexOf(10, at + 1)) lines += 1;
    });
    child.stderr.on('data', (part) => {
      times += part;
    });
    child.on('error', reject);
    child.on('close', () => {
      const [user = 0, system = 0] = times.trim().split(/\s+/).map(Number);
      resolve({ lines, firstMs, totalMs: performance.now() - startedAt, cpuSeconds: user + system });
    });
  });
}

function run(words: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { stdio: 'ignore' });
    child.on('close', (code) =>
      code === 0 || code === 1 ? resolve() : reject(new Error(`${words.join(' ')}: exit ${code}`)),
    );
  });
}

async function startSource(): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(here, 'source.mjs'), '0', String(SHARDS), String(PER_SHARD)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve) => {
    child.stdout?.on('data', (text: Buffer) => resolve(text.toString().trim().split(' ')[1] ?? ''));
  });
  return { url: `http://127.0.0.1:${port}`, child };
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
