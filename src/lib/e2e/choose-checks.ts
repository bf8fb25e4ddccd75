import { fileURLToPath } from 'node:url';
import { chooseCheck, loadProjectFile } from '../project/load-project-file.js';
import type { Check, ProjectFile } from '../project/project-file.js';
import { fillRunName, newRunName, usesRunName } from '../project/run-name.js';
import { OperationError, UsageError } from '../shared/errors.js';

const SHIPPED = fileURLToPath(new URL('../../../pipelines/analytics/pipectl.yaml', import.meta.url));

/** What the command line says of the checks to run. */
export interface CheckWish {
  /** The name of a check, or the path of a check file and perhaps a name. */
  words: readonly string[];
  all: boolean;
  count: number | undefined;
  eventsPerSecond: number | undefined;
  withinMs: number | undefined;
  /** What `{run}` stands for; each check gets a name of its own when it is left out. */
  run: string | undefined;
  /** False: the stacks of an earlier run are used. */
  deploy: boolean;
}

export interface ChosenChecks {
  file: ProjectFile;
  checks: Check[];
  /** Nothing was found here, so it is the pipeline that comes with pipectl. */
  shipped: boolean;
}

/**
 * Finds the checks that are asked for; where there is no check file, the analytics pipeline that comes with pipectl.
 * @param load the file that is named (`checkFilePath`), or else the one of the current folder, if there is one
 * @throws UsageError when what was asked for is not there, or not one thing
 */
export async function chooseChecks(
  wish: CheckWish,
  load: () => Promise<ProjectFile | undefined>,
): Promise<ChosenChecks> {
  const { path, name } = readWords(wish);
  const found = await load();
  const usable = found && (found.checks.length > 0 || path !== undefined || name !== undefined);
  const file = usable ? found : await loadShipped(name);
  const checks = wish.all && file.checks.length > 0 ? file.checks : [chooseCheck(file, name)];
  requireRunName(checks, wish);
  return { file, checks: checks.map((check) => adjust(check, wish)), shipped: !usable };
}

/** The path of a check file or its folder, where the first word of the command line is one and not the name of a check. */
export const checkFilePath = (word: string | undefined): string | undefined =>
  word !== undefined && /\.ya?ml$|[\\/]|^\.\.?$/.test(word) ? word : undefined;

function readWords({ words, all }: CheckWish): { path: string | undefined; name: string | undefined } {
  const [first, second] = words;
  const path = checkFilePath(first);
  const name = path === undefined ? first : second;
  if (words.length > (path === undefined ? 1 : 2)) throw new UsageError('One check at a time, or --all.');
  if (all && name !== undefined) throw new UsageError(`"${name}" and --all contradict each other.`);
  return { path, name };
}

async function loadShipped(name: string | undefined): Promise<ProjectFile> {
  if (name !== undefined && name !== 'analytics') {
    throw new UsageError(`There is no check file here to find "${name}" in.`, {
      hint: 'Write one with `pipectl e2e --init`, or name its path.',
    });
  }
  const file = await loadProjectFile(SHIPPED);
  if (!file) throw new OperationError('The pipeline that comes with pipectl is missing; install pipectl again.');
  return file;
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

function adjust(given: Check, { count, eventsPerSecond, withinMs, run }: CheckWish): Check {
  const check = fillRunName(given, run ?? newRunName());
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
