import { fillRunName, newRunName, usesRunName } from '../project/run-name.js';
import { UsageError } from '../shared/errors.js';
import type { Check, CheckFile } from './check-file/check.js';
import { chooseCheck } from './check-file/load-check-file.js';

/** What the command line says of the checks to run. */
export interface CheckWish {
  /** The name of a check, or the path of a check file (or, with `demo`, a sample pipeline) and perhaps a name. */
  words: readonly string[];
  /** The first word names a sample pipeline. */
  demo: boolean;
  all: boolean;
  count: number | undefined;
  eventsPerSecond: number | undefined;
  withinMs: number | undefined;
  /** What `{run}` stands for; each check gets a name of its own when it is left out. */
  run: string | undefined;
  /** False: the stacks of an earlier run are used. */
  deploy: boolean;
}

export interface ChosenCheck extends Check {
  /** The words after `pipectl e2e` that choose this check again, with the same `{run}`. */
  again: readonly string[];
}

/**
 * Chooses the checks of a file that are asked for, and puts in what the command line says.
 * @throws UsageError when what was asked for is not there, or not one thing
 */
export function chooseChecks(wish: CheckWish, file: CheckFile): ChosenCheck[] {
  const name = checkName(wish);
  const checks = wish.all && file.checks.length > 0 ? file.checks : [chooseCheck(file, name)];
  requireRunName(checks, wish);
  return checks.map((check) => {
    const run = wish.run ?? newRunName();
    const where = wish.demo ? ['--demo', ...wish.words.slice(0, 1)] : wish.words.slice(0, 1).filter(checkFilePath);
    const which = file.checks.length > 1 ? [check.name] : [];
    const again = [...where, ...which, ...(usesRunName(check) ? ['--run', run] : [])];
    return { ...adjust(check, wish, run), again };
  });
}

/** No check file was named and none was found: what is to be done about it. */
export function missingCheckFile(cwd: string, samples: readonly string[], word?: string): UsageError {
  const sample = word !== undefined && samples.includes(word) ? ` ${word}` : '';
  return new UsageError(`pipectl.yaml not found in ${cwd} or a folder above it.`, {
    hint: `Write a check for your pipeline: pipectl e2e --init\nRun a sample pipeline: pipectl e2e --demo${sample}`,
  });
}

/** The path of a check file or its folder, where the first word of the command line is one and not the name of a check. */
export const checkFilePath = (word: string | undefined): string | undefined =>
  word !== undefined && /\.ya?ml$|[\\/]|^\.\.?$/.test(word) ? word : undefined;

function checkName({ words, demo, all }: CheckWish): string | undefined {
  const [first, second] = words;
  const firstIsFile = demo || checkFilePath(first) !== undefined;
  const name = firstIsFile ? second : first;
  if (words.length > (firstIsFile ? 2 : 1)) throw new UsageError('One check at a time, or --all.');
  if (all && name !== undefined) throw new UsageError(`"${name}" and --all contradict each other.`);
  return name;
}

function requireRunName(checks: readonly Check[], { run, deploy }: CheckWish): void {
  const using = checks.find(usesRunName);
  if (run !== undefined && !using) {
    throw new UsageError(`--run ${run}: there is no {run} in ${checks.map(({ name }) => name).join(', ')}.`, {
      hint: 'Put it into what each run needs for itself, as in "- stack: orders-{run}"; docs/e2e.md shows how.',
    });
  }
  if (run === undefined && using && !deploy) {
    throw new UsageError(
      `--no-deploy: the check ${using.name} has {run} in it, so it must be said whose stacks to use.`,
      {
        hint: 'Name the run that left them standing: --run NAME',
      },
    );
  }
}

function adjust(given: Check, { count, eventsPerSecond, withinMs }: CheckWish, run: string): Check {
  const check = fillRunName(given, run);
  return {
    ...check,
    send: {
      ...check.send,
      ...(count !== undefined && { count }),
      ...(eventsPerSecond !== undefined && { eventsPerSecond }),
    },
    expect: { ...check.expect, ...(withinMs !== undefined && { withinMs }) },
  };
}
