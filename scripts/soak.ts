// What the verdict is worth: clean passes that must be green, and faults of each kind at each hop, early and late, that must be found there.
//
//   npm run soak -- [--passes 1000] [--rounds 3]
//
// Prints a table. Exit code 1 if a clean pass was not green, or a fault was missed or blamed on another hop.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Check } from '../src/lib/e2e/check-file/check.js';
import type { CheckReport } from '../src/lib/e2e/check-report.js';
import type { Fault } from '../src/lib/local/faults.js';
import type { Change } from '../test/e2e/copy-pipeline.js';
import { PATIENT_LOADER, type StandingPipeline, standPipeline } from '../test/e2e-truth/standing-pipeline.js';

const { values } = parseArgs({
  options: { passes: { type: 'string', default: '1000' }, rounds: { type: 'string', default: '3' } },
});
/** Passes over one deployment at the same time: each sees the others' markers, and may count none of them. */
const LANES = 4;

/** Every kind of fault breaks the verdict at the hop where it arose. */
const strict = (check: Check): Check => ({
  ...check,
  send: { ...check.send, count: 20, eventsPerSecond: 400 },
  decoys: [],
  expect: {
    withinMs: 4000,
    warmUpMs: 30_000,
    settleMs: undefined,
    limits: check.hops.flatMap(({ name }) =>
      (['lost', 'duplicatedHere', 'reordered'] as const).map((metric) => ({ metric, hop: name, limit: 0 })),
    ),
  },
});

interface Row {
  what: string;
  hop: string;
  when: string;
  runs: number;
  found: number;
  missed: number;
  /** Runs that name the kind at another hop, or another kind. */
  elsewhere: number;
}

interface Injected {
  kind: 'lost' | 'duplicated' | 'reordered';
  hop: string;
  fault: Fault;
  late: boolean;
}

/** Deliveries before a late one pass as they are, only a millisecond later: of four batches the last is struck. */
const passing = (count: number): Fault[] =>
  count === 0 ? [] : [{ at: 'mapping.deliver', kind: 'delay', delayMs: 1, times: count }];

function matrix(): Injected[] {
  const injected: Injected[] = [];
  for (const late of [false, true]) {
    const match = late ? 'e18z"' : 'e1z"';
    const add = (hop: string, kind: Injected['kind'], fault: Fault): number =>
      injected.push({ hop, kind, fault, late });
    add('logged', 'lost', { at: 'lambda.run', kind: 'drop', match });
    add('logged', 'lost', { at: 'lambda.run', kind: 'crash', match });
    add('logged', 'duplicated', { at: 'lambda.run', kind: 'duplicate', match });
    add('filtered', 'lost', { at: 'logs.deliver', kind: 'drop', match });
    add('filtered', 'lost', { at: 'logs.deliver', kind: 'error', code: 'AccessDeniedException', match });
    add('filtered', 'duplicated', { at: 'logs.deliver', kind: 'duplicate', match });
    add('filtered', 'reordered', { at: 'logs.deliver', kind: 'reorder', match });
    add('loaded', 'lost', { at: 'mapping.deliver', kind: 'drop' });
    add('loaded', 'duplicated', { at: 'mapping.deliver', kind: 'duplicate' });
    add('loaded', 'reordered', { at: 'mapping.deliver', kind: 'reorder' });
  }
  return injected;
}

/** What a verdict says went wrong, `lost at filtered`; what is asked for each event of a batch says it once. */
const blamed = ({ verdict }: CheckReport): string[] => verdict.reasons.map(({ kind, hop }) => `${kind} at ${hop}`);

async function withPipeline<Result>(
  [changes, adjust, limits]: Parameters<typeof standPipeline>,
  use: (pipeline: StandingPipeline) => Promise<Result>,
): Promise<Result> {
  const pipeline = await standPipeline(changes, adjust, limits);
  try {
    return await use(pipeline);
  } finally {
    await pipeline.close();
  }
}

/** @returns what the passes that were not clean say */
async function cleanPasses(count: number): Promise<string[]> {
  const alarms: string[] = [];
  const fast = (check: Check): Check => ({
    ...check,
    send: { ...check.send, eventsPerSecond: 1000 },
    expect: { ...check.expect, warmUpMs: 30_000 },
  });
  await withPipeline([PATIENT_LOADER, fast, 'off'], async (pipeline) => {
    let begun = 0;
    const lane = async (): Promise<void> => {
      const pass = begun++;
      if (pass >= count) return;
      const report = await pipeline.pass([]);
      const arose = report.hops.flatMap((hop) => [hop.lost, hop.duplicatedHere, hop.reordered]);
      if (!report.verdict.green || arose.some((many) => many > 0))
        alarms.push(`pass ${pass + 1} ${report.verdict.green ? 'passed' : 'failed'}: ${tell(report)}`);
      if (pass % 50 === 49) console.error(`${pass + 1} clean passes, ${alarms.length} false alarms`);
      await lane();
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  });
  return alarms;
}

const tell = ({ verdict, hops }: CheckReport): string =>
  [...verdict.reasons, ...verdict.findings].map(({ text }) => text).join(' ') ||
  hops
    .map((hop) => `${hop.name}: ${hop.lost} lost, ${hop.duplicatedHere} copies, ${hop.reordered} out of order`)
    .join('; ');

async function faultRows(rounds: number): Promise<Row[]> {
  const batches: Change[] = [
    ...PATIENT_LOADER,
    { file: 'data-pipeline.yaml', replace: 'BatchSize: 200', by: 'BatchSize: 5' },
    // Longer than a busy machine takes to send five.
    { file: 'pipectl.yaml', replace: 'BatchingWindow: 0', by: 'BatchingWindow: 5' },
  ];
  const injected = matrix();
  const before = injected.filter(({ hop }) => hop !== 'loaded');
  const atLoader = injected.filter(({ hop }) => hop === 'loaded');
  // A batch that lacks an event would wait for its window.
  return [
    ...(await faultRowsOf([PATIENT_LOADER, strict], before, rounds)),
    ...(await faultRowsOf([batches, strict], atLoader, rounds)),
  ];
}

async function faultRowsOf(
  standing: Parameters<typeof standPipeline>,
  injected: readonly Injected[],
  rounds: number,
): Promise<Row[]> {
  return withPipeline(standing, async (pipeline) => {
    const rows: Row[] = [];
    for (const { kind, hop, fault, late } of injected) {
      const when = late ? 'late' : 'early';
      const row: Row = { what: `${fault.kind} (${kind})`, hop, when, runs: rounds, found: 0, missed: 0, elsewhere: 0 };
      const faults = fault.at === 'mapping.deliver' && late ? [...passing(3), fault] : [fault];
      for (let round = 0; round < rounds; round += 1) {
        const report = await pipeline.pass(faults);
        const said = blamed(report);
        if (said.includes(`${kind} at ${hop}`)) row.found += 1;
        else row.missed += 1;
        if (said.some((one) => one !== `${kind} at ${hop}`)) {
          row.elsewhere += 1;
          console.error(`${row.what} at ${hop}, ${when}: ${tell(report)}`);
        }
      }
      rows.push(row);
    }
    return rows;
  });
}

const began = Date.now();
const [passes, rounds] = [Number(values.passes), Number(values.rounds)];
const faults = rounds > 0 ? await faultRows(rounds) : [];
const clean = passes > 0 ? await cleanPasses(passes) : [];
console.log(
  `Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}, ${Math.round((Date.now() - began) / 1000)} s\n`,
);
console.log(
  '| fault | hop | when | runs | found | missed | blamed elsewhere |\n| --- | --- | --- | ---: | ---: | ---: | ---: |',
);
for (const { what, hop, when, runs, found, missed, elsewhere } of faults)
  console.log(`| ${what} | ${hop} | ${when} | ${runs} | ${found} | ${missed} | ${elsewhere} |`);
console.log(`\n${passes.toLocaleString('en')} clean passes, ${clean.length} false alarms.`);
for (const alarm of clean) console.log(`- ${alarm}`);
process.exitCode =
  clean.length + faults.reduce((sum, { missed, elsewhere }) => sum + missed + elsewhere, 0) > 0 ? 1 : 0;
