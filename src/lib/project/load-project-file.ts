import { readFile, stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { OperationError, UsageError } from '../shared/errors.js';
import { findProjectFile, projectFileIn } from './find-project-file.js';
import type { ProjectFile } from './project-file.js';

const HOW_TO_WRITE = 'Name a check file, or write one: pipectl e2e --init';

/** What reads the text of a file, in a module of its own. */
type Parser<T> = () => Promise<(text: string, path: string) => T>;

// zod and yaml cost 80 ms to load: only a command that has a file pays for them.
const settingsParser: Parser<ProjectFile> = async () => (await import('./parse-project-file.js')).parseProjectFile;

/**
 * Reads the project file of the folder that a command runs in. Nothing is looked up or connected to here.
 * @returns undefined if neither the folder nor one above it has a file
 * @throws UsageError with every problem, each with its line and field
 */
export async function loadNearestProjectFile(cwd: string): Promise<ProjectFile | undefined> {
  const found = await findProjectFile(cwd);
  return found === undefined ? undefined : loadProjectFile(found, settingsParser);
}

/**
 * Reads a project file that is named, by its path or by its folder's.
 * @throws UsageError if it does not exist, or with every problem, each with its line and field
 */
export async function loadProjectFile<T>(path: string, parser: Parser<T>): Promise<T> {
  const file = await inFolder(resolve(path));
  const text = await read(file);
  return (await parser())(text, file);
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
