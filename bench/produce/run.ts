// pipectl produce beside what one would write instead, on a sink that stores nothing, in one run:
//   npm run build && npx tsx bench/produce/run.ts [--short] [--pace-only]
// Records per CPU-second of the whole process, start-up too; then how even the pace is as it arrives.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Case, peerCases } from './peers.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pipectl-bench-'));
const short = process.argv.includes('--short');
const RECORDS = short ? 400_000 : 2_000_000;
const SIZE = 200;

const sink = await startSink(1);
try {
  if (!process.argv.includes('--pace-only')) await throughput();
  await pacing();
} finally {
  sink.child.kill();
  rmSync(folder, { recursive: true, force: true });
}

async function throughput(): Promise<void> {
  const lines = join(folder, 'lines.ndjson');
  writeFileSync(lines, Array.from({ length: RECORDS }, (_, n) => lineOf(n)).join('\n'));
  const pipectl = [process.execPath, join(root, 'bin/run.js'), 'produce', 's', '--endpoint-url', sink.url];
  const peers = await peerCases({ ...sink, records: RECORDS, size: SIZE });
  const loads: [string, string[]][] = [
    ['faker transactions', ['--rate', 'max', '--count', String(RECORDS)]],
    ['JSON lines of a file', ['--from', lines]],
    ['lines of a file as they are', ['--from', lines, '--text']],
    ['JSON lines, aggregated', ['--from', lines, '--aggregate']],
    ['lines as they are, aggregated', ['--from', lines, '--text', '--aggregate']],
  ];
  const ours = loads.map(
    ([name, flags]): Case => ({ name: `pipectl, ${name}`, records: RECORDS, command: [...pipectl, ...flags] }),
  );
  const results: { name: string; perSecond: number; perCpuSecond: number }[] = [];
  for (const one of [...peers, ...ours]) results.push(await measure(one));
  const sdk = results.find(({ name }) => name === 'Node SDK v3')?.perCpuSecond ?? 1;
  console.log(`\n${'records per CPU-second'.padEnd(46)}${'of the Node SDK'.padStart(16)}${'records/s'.padStart(14)}`);
  for (const { name, perSecond, perCpuSecond } of results) {
    const ratio = `${(perCpuSecond / sdk).toFixed(2)} x`;
    console.log(
      `${name.padEnd(34)}${thousands(perCpuSecond).padStart(12)}${ratio.padStart(16)}${thousands(perSecond).padStart(14)}`,
    );
  }
}

/** A record of 200 bytes, as those of the peers are. */
function lineOf(n: number): string {
  const head = `{"id":${n},"pad":"`;
  return `${head}${'x'.repeat(SIZE - head.length - 2)}"}`;
}

/** Runs a command once, and believes the sink, not the command, about how many records came. */
async function measure({
  name,
  records,
  command,
}: Case): Promise<{ name: string; perSecond: number; perCpuSecond: number }> {
  await fetch(`${sink.url}/reset`);
  process.stderr.write(`${name} … `);
  const script = `TIMEFORMAT='%R %U %S'; time "$@" >/dev/null 2>&1`;
  const timed = spawnSync('bash', ['-c', script, 'time', ...command], { encoding: 'utf8' });
  const [real = 0, user = 0, system = 0] = timed.stderr.trim().split(/\s+/).slice(-3).map(Number);
  const stats = (await (await fetch(`${sink.url}/stats`)).json()) as { userRecords: number };
  if (stats.userRecords < records) throw new Error(`${name}: ${stats.userRecords} records came, not ${records}`);
  if (stats.userRecords > records) process.stderr.write(`(sent ${stats.userRecords - records} twice) `);
  process.stderr.write(`${real} s\n`);
  return { name, perSecond: records / real, perCpuSecond: records / (user + system) };
}

/** What arrives in each second and each 100 ms, the first second and the last left out. */
async function pacing(): Promise<void> {
  const seconds = short ? 5 : 10;
  console.log(`\n${'arrivals'.padEnd(14)}${'each second'.padStart(22)}${'each 100 ms'.padStart(18)}`);
  for (const rate of [1000, 3000, 20_000]) {
    await fetch(`${sink.url}/reset`);
    execFileSync(
      process.execPath,
      [
        join(root, 'bin/run.js'),
        'produce',
        's',
        '--endpoint-url',
        sink.url,
        '--rate',
        String(rate),
        '--duration',
        `${seconds}s`,
      ],
      { stdio: 'ignore' },
    );
    const stats = (await (await fetch(`${sink.url}/stats`)).json()) as { bySecond: number[]; by100ms: number[] };
    const bySecond = stats.bySecond.slice(1, seconds - 1);
    const by100ms = stats.by100ms.slice(10, (seconds - 1) * 10);
    const range = (values: number[]): string => `${thousands(Math.min(...values))}–${thousands(Math.max(...values))}`;
    console.log(`${`${thousands(rate)}/s`.padEnd(14)}${range(bySecond).padStart(22)}${range(by100ms).padStart(18)}`);
  }
}

async function startSink(shards: number): Promise<{ url: string; tlsPort: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(here, 'sink.mjs'), '0', String(shards)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [, port = '', tlsPort = ''] = await new Promise<string[]>((resolve) => {
    child.stdout?.on('data', (text: Buffer) => resolve(text.toString().trim().split(' ')));
  });
  return { url: `http://127.0.0.1:${port}`, tlsPort, child };
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
