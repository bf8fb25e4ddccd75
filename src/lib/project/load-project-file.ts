import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { OperationError, UsageError } from '../shared/errors.js';
import { findProjectFile, projectFileIn } from './find-project-file.js';
import type { Check, ProjectFile } from './project-file.js';

const HOW_TO_WRITE = 'Name a check file, or write one: pipectl e2e --init';

/**
 * Reads the project file of the folder that a command runs in. Nothing is looked up or connected to here.
 * @returns undefined if neither the folder nor one above it has a file
 * @throws UsageError with every problem, each with its line and field
 */
export async function loadNearestProjectFile(cwd: string): Promise<ProjectFile | undefined> {
  const found = await findProjectFile(cwd);
  return found === undefined ? undefined : readProjectFile(found);
}

/**
 * Reads a project file that is named, by its path or by its folder's.
 * @throws UsageError if it does not exist, or with every problem, each with its line and field
 */
export async function loadProjectFile(path: string): Promise<ProjectFile> {
  return readProjectFile(await inFolder(resolve(path)));
}

async function readProjectFile(path: string): Promise<ProjectFile> {
  const text = await read(path);
  // zod and yaml cost 80 ms to load: only a command that has a file pays for them.
  const { parseProjectFile } = await import('./parse-project-file.js');
  return parseProjectFile(text, path);
}

/** A folder stands for the project file in it. */
async function inFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return path;
  const file = await projectFileIn(path);
  if (file !== undefined) return file;
  throw new UsageError(`pipectl.yaml not found in ${relative('', path) || path}.`, { hint: HOW_TO_WRITE });
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const shown = relative('', path) || path;
    if (code === 'ENOENT') throw new UsageError(`${shown}: file not found.`, { hint: HOW_TO_WRITE, cause });
    throw new OperationError(`${shown} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/**
 * The check of a file that a command was asked for.
 * @param name may be left out when the file holds one check
 * @throws UsageError when there is no such check, or a choice to make
 */
export function chooseCheck(file: ProjectFile, name?: string): Check {
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
