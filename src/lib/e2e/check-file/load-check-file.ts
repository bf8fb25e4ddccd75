import { basename, dirname, relative } from 'node:path';
import { findProjectFile } from '../../project/find-project-file.js';
import { loadProjectFile } from '../../project/load-project-file.js';
import { samplePath } from '../../project/sample-pipelines.js';
import { UsageError } from '../../shared/errors.js';
import type { Check, CheckFile } from './check.js';

/** Reads a check file that is named, by its path or by its folder's. @throws UsageError if it does not exist, or with all that is wrong in it */
export const loadCheckFile = (path: string): Promise<CheckFile> =>
  loadProjectFile(path, async () => (await import('./parse-check-file.js')).parseCheckFile);

/** Reads the check file of a folder, or of the nearest one above it that has one. */
export async function loadNearestCheckFile(cwd: string): Promise<CheckFile | undefined> {
  const found = await findProjectFile(cwd);
  return found === undefined ? undefined : loadCheckFile(found);
}

/** The check file of a pipeline that comes with pipectl. @throws UsageError if none has this name */
export async function loadSample(name?: string): Promise<CheckFile> {
  return loadCheckFile(samplePath(name));
}

/**
 * The check of a file that a command was asked for.
 * @param name may be left out when the file holds one check
 * @throws UsageError when there is no such check, or a choice to make
 */
export function chooseCheck(file: CheckFile, name?: string): Check {
  const names = file.checks.map((check) => check.name);
  const shown = relative('', file.path) || basename(file.path);
  if (name === undefined) {
    const [only] = file.checks;
    if (only && file.checks.length === 1) return only;
    throw new UsageError(
      only ? `${shown} holds ${names.length} checks: ${names.join(', ')}.` : `${shown} holds no check.`,
      {
        hint: only
          ? 'Name one, or run them all with --all.'
          : 'Write one with `pipectl e2e --init`, or under "checks:".',
      },
    );
  }
  const check = file.checks.find((each) => each.name === name);
  if (check) return check;
  throw new UsageError(`${shown} holds no check named "${name}".`, {
    hint:
      names.length > 0
        ? `It holds ${names.join(', ')}.`
        : `Write one in ${dirname(shown)} with \`pipectl e2e --init\`.`,
  });
}
