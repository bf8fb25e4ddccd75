import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { OperationError, UsageError } from '../shared/errors.js';
import type { Check, ProjectFile } from './project-file.js';

const NAMES = ['pipectl.yaml', 'pipectl.yml'];

/**
 * Reads `pipectl.yaml`: the file given, the one in the folder given, or the one in the current folder. Nothing is looked up or connected to here.
 * @param path a file that must exist; without it, no file is no error
 * @returns undefined when there is no file and none was asked for
 * @throws UsageError with every problem, each with its line and field
 */
export async function loadProjectFile(path?: string): Promise<ProjectFile | undefined> {
  const found = path === undefined ? await firstThatExists(NAMES) : await inFolder(resolve(path));
  if (found === undefined) return undefined;
  const text = await read(found);
  // zod and yaml cost 80 ms to load: only a command that has a file pays for them.
  const { parseProjectFile } = await import('./parse-project-file.js');
  return parseProjectFile(text, found);
}

async function firstThatExists(names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const path = resolve(name);
    if (await stat(path).catch(() => undefined)) return path;
  }
  return undefined;
}

/** A folder stands for the project file in it. */
async function inFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isDirectory()) return path;
  const file = await firstThatExists(NAMES.map((name) => join(path, name)));
  if (file !== undefined) return file;
  throw new UsageError(`${relative('', path) || path} holds no ${NAMES[0]}.`, {
    hint: 'Name a check file, or write one: pipectl e2e --init',
  });
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const shown = relative('', path) || path;
    if (code === 'ENOENT') {
      throw new UsageError(`There is no file ${shown}.`, {
        hint: 'Name a check file, or write one: pipectl e2e --init',
        cause,
      });
    }
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
