// Small faults, one at a time, in the modules that people trust: the tests named beside a module must notice each.
//
//   npm run mutants -- [--only NAME] [--sample 40] [--seed 1] [--list]
//
// Sources on the disk are never touched: the mutated text is handed to Vitest in memory. Without --sample every mutant runs; a sample is drawn
// from the seed. Prints each survivor and the share killed a module; exit code 1 if a module is below 85 %. Survivors that change nothing
// which can be seen are named in mutants-equivalent.ts, and not counted. (StrykerJS 10 needs Node 22.)
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Mutant, makeMutants } from './mutants/make-mutants.js';
import { MUTATED } from './mutants/modules.js';

const LEAST = 0.85;
/** A mutant that makes a test wait forever is noticed, too. */
const TIMEOUT_MS = 60_000;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    list: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('../', import.meta.url));
const runner = fileURLToPath(new URL('mutants/run-mutants.ts', import.meta.url));

/** Runs the tests of one module, mutant by mutant, in a process that is replaced when it hangs. */
class Tests {
  readonly #tests: readonly string[];
  #child: ChildProcess | undefined;

  constructor(tests: readonly string[]) {
    this.#tests = tests;
  }

  /** @returns whether the tests failed; with no mutant, whether they fail as they are */
  async fail(mutant: Mutant | undefined): Promise<boolean> {
    const child = (this.#child ??= fork(runner, this.#tests, {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }));
    return new Promise((resolve) => {
      const end = (failed: boolean): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve(failed);
      };
      const timer = setTimeout(() => {
        this.close();
        end(true);
      }, TIMEOUT_MS);
      child.once('message', (failed) => end(failed === true));
      child.once('exit', () => {
        this.#child = undefined;
        end(true);
      });
      child.send(mutant ?? {});
    });
  }

  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

let below = 0;
const rows: string[] = [];
for (const { name, files, tests } of MUTATED) {
  if (values.only !== undefined && values.only !== name) continue;
  const all = files.flatMap((file) => makeMutants(`${root}${file}`, readFileSync(`${root}${file}`, 'utf8')));
  const chosen = values.sample === undefined ? all : sample(all, Number(values.sample), Number(values.seed));
  if (values.list) {
    console.log(`${name}: ${all.length} mutants`);
    continue;
  }
  const runs = new Tests(tests);
  if (await runs.fail(undefined)) throw new Error(`${name}: its tests fail without a mutant`);
  let killed = 0;
  for (const mutant of chosen) {
    if (await runs.fail(mutant)) killed += 1;
    else console.log(`survived: ${mutant.file.slice(root.length)}:${mutant.line} ${mutant.what}`);
  }
  runs.close();
  const share = killed / Math.max(1, chosen.length);
  if (share < LEAST) below += 1;
  rows.push(`| ${name} | ${all.length} | ${chosen.length} | ${killed} | ${(share * 100).toFixed(0)} % |`);
  console.log(rows.at(-1));
}
console.log(`\n| module | mutants | tried | killed | |\n| --- | ---: | ---: | ---: | ---: |\n${rows.join('\n')}`);
process.exitCode = below > 0 ? 1 : 0;

function sample(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  let state = seed;
  // Numerical Recipes' generator: enough to choose.
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  return mutants
    .map((mutant) => ({ mutant, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, count)
    .map(({ mutant }) => mutant);
}
