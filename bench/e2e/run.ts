// How long `pipectl e2e --demo` takes, the whole process, cold: local target, 20 events, from the built program. Prints each phase.
//
//   npm run build && npx tsx bench/e2e/run.ts [RUNS]
//
// There is no peer that reaches a verdict, so the ratio is against what was promised: at most 3 s.
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Run {
  wholeMs: number;
  phases: { name: string; durationMs: number }[];
}

const PROMISED_MS = 3000;
const runs = Number(process.argv[2] ?? 7);
const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
// A folder, and a state folder, of its own.
const folder = mkdtempSync(join(tmpdir(), 'pipectl-bench-'));

const measured = Array.from({ length: runs }, once).sort((a, b) => a.wholeMs - b.wholeMs);
const median = measured[Math.floor(measured.length / 2)];
if (!median) throw new Error('no runs');

console.log(
  `pipectl e2e --demo, whole process, ${runs} runs, node ${process.version}, load ${loadavg()[0]?.toFixed(1)}`,
);
console.log(
  `  fastest ${show(measured[0]?.wholeMs)}   median ${show(median.wholeMs)}   slowest ${show(measured.at(-1)?.wholeMs)}`,
);
console.log('  the median run:');
const inPhases = median.phases.reduce((sum, { durationMs }) => sum + durationMs, 0);
for (const { name, durationMs } of median.phases) console.log(`    ${name.padEnd(44)} ${show(durationMs)}`);
console.log(`    ${'start of the program and endpoint, teardown'.padEnd(44)} ${show(median.wholeMs - inPhases)}`);
console.log(`  promised ${show(PROMISED_MS)}: ratio ${(median.wholeMs / PROMISED_MS).toFixed(2)}`);
process.exitCode = median.wholeMs <= PROMISED_MS ? 0 : 1;

function once(): Run {
  const since = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'e2e', '--demo', '--json'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, PIPECTL_STATE_DIR: folder },
    encoding: 'utf8',
  });
  const wholeMs = performance.now() - since;
  if (status !== 0) throw new Error(`exit ${status}: ${stderr}`);
  const [run] = (JSON.parse(stdout) as { runs: Run[] }).runs;
  return { wholeMs, phases: run?.phases ?? [] };
}

function show(ms: number | undefined): string {
  return `${Math.round(ms ?? Number.NaN)} ms`.padStart(8);
}
