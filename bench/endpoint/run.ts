// Our endpoint beside kinesalite and kinesis-local, in one run, over the same client: `npx tsx bench/endpoint/run.ts [--short]`.
// 500 records of 250 B a call, four calls in flight, four shards, limits off.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createStream, makeBodies, measureGet, measurePush, measurePut, type Rate } from './measure.js';
import { type Peer, peers, type Running, start } from './peers.js';

interface Speed {
  perSecond: number;
  /** Records for each second that the server's process had a processor. */
  perCpuSecond: number | undefined;
}

interface Result {
  startMs: number;
  put: Speed;
  get: Speed;
  pushMs: number | undefined;
  bytesPerRecord: number | undefined;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const short = process.argv.includes('--short');
const ROUND_MS = short ? 2000 : 5000;
const STARTS = short ? 3 : 7;
const PUSHES = short ? 50 : 200;
/** Enough that what a process takes by itself does not count, little enough for the slowest peer. */
const MEMORY_MS = short ? 3000 : 8000;
const MEMORY_RECORDS = 600_000;

const results = new Map<string, Result>();
for (const peer of peers(compile())) {
  process.stderr.write(`${peer.name} … `);
  results.set(peer.name, await measure(peer));
  process.stderr.write('done\n');
}
report();

async function measure(peer: Peer): Promise<Result> {
  const starts: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const running = await start(peer);
    starts.push(running.startMs);
    await running.stop();
  }
  const running = await start(peer);
  const { client } = running;
  try {
    const bodies = makeBodies('bench');
    await createStream(client, 'bench');
    await measurePut(client, bodies, ROUND_MS / 4, 100_000);
    const put = await timed(running, () => measurePut(client, bodies, ROUND_MS, 1_000_000));
    await measureGet(client, 'bench', ROUND_MS / 4, 100_000);
    const get = await timed(running, () => measureGet(client, 'bench', ROUND_MS, 2_000_000));
    const push = await measurePush(running.port, 'bench', PUSHES).catch(() => undefined);
    return {
      startMs: median(starts),
      put,
      get,
      pushMs: push && median(push),
      bytesPerRecord: await measureMemory(peer),
    };
  } finally {
    await running.stop();
  }
}

async function timed(running: Running, measureRate: () => Promise<Rate>): Promise<Speed> {
  const before = running.cpuSeconds();
  const { records, perSecond } = await measureRate();
  const after = running.cpuSeconds();
  return {
    perSecond,
    perCpuSecond: before === undefined || after === undefined ? undefined : records / (after - before),
  };
}

/** How much the process's peak grows for each record that it stores, the garbage of taking them in included. */
async function measureMemory(peer: Peer): Promise<number | undefined> {
  const running = await start(peer);
  try {
    const bodies = makeBodies('memory');
    await createStream(running.client, 'memory');
    await measurePut(running.client, bodies, 500, 10_000);
    const before = running.peakBytes();
    const { records } = await measurePut(running.client, bodies, MEMORY_MS, MEMORY_RECORDS);
    const after = running.peakBytes();
    return before === undefined || after === undefined ? undefined : (after - before) / records;
  } finally {
    await running.stop();
  }
}

function report(): void {
  const ours = results.get('pipectl');
  if (!ours) return;
  const heads = ['PutRecords/s', 'a CPU-second', 'GetRecords/s', 'a CPU-second', 'start', 'push', 'peak memory'];
  const lines = [['', ...heads]];
  for (const [name, result] of results) {
    const ratio = (mine: number | undefined, theirs: number | undefined): string =>
      name === 'pipectl' || !mine || !theirs ? '' : ` (${(mine / theirs).toFixed(1)}x)`;
    const rate = (mine: number | undefined, theirs: number | undefined): string =>
      theirs === undefined ? 'unknown' : `${Math.round(theirs).toLocaleString('en')}${ratio(mine, theirs)}`;
    lines.push([
      name,
      rate(ours.put.perSecond, result.put.perSecond),
      rate(ours.put.perCpuSecond, result.put.perCpuSecond),
      rate(ours.get.perSecond, result.get.perSecond),
      rate(ours.get.perCpuSecond, result.get.perCpuSecond),
      `${Math.round(result.startMs)} ms`,
      result.pushMs === undefined ? 'not offered' : `${result.pushMs.toFixed(1)} ms`,
      result.bytesPerRecord === undefined
        ? 'unknown'
        : `${Math.round(result.bytesPerRecord).toLocaleString('en')} B/record`,
    ]);
  }
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  console.log(
    '500 records of 250 B a call, 4 in flight, 4 shards; in brackets how many times pipectl is ahead; medians\n',
  );
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

/** Compiles src beside the benchmarks, so that what is measured is what ships, and installs the peers once. */
function compile(): string {
  const bench = `${root}bench`;
  if (!existsSync(`${bench}/node_modules/kinesalite`)) {
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: bench, stdio: 'inherit' });
  }
  const out = `${root}.run/bench-endpoint`;
  rmSync(out, { recursive: true, force: true });
  try {
    execFileSync(`${root}node_modules/.bin/tsc`, ['-p', 'tsconfig.build.json', '--outDir', out], { cwd: root });
  } catch {
    process.stderr.write('the type check complains; measuring what was compiled\n');
  }
  cpSync(`${root}src/lib/local/wire/packs`, `${out}/lib/local/wire/packs`, { recursive: true });
  return `${out}/lib`;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
