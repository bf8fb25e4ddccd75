import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** What a project file may be called, in the order of preference. */
const PROJECT_FILE_NAMES = ['pipectl.yaml', 'pipectl.yml'] as const;

/**
 * Finds the project file of a folder: the one in it, or else in the nearest folder above, as git finds its repository.
 * A file above that belongs to another user is passed over, so that nobody else decides where your commands go
 * (https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory).
 * @returns its absolute path
 */
export async function findProjectFile(cwd: string): Promise<string | undefined> {
  const start = resolve(cwd);
  const uids = { own: process.getuid?.(), start: (await lookAt(start))?.uid };
  for (let folder = start; ; folder = dirname(folder)) {
    const path = await projectFileIn(folder, ({ uid }) => folder === start || isTrusted(uid, uids));
    if (path !== undefined || folder === dirname(folder)) return path;
  }
}

/** The project file that lies in a folder itself. @param accept looks at the file before it is taken */
export async function projectFileIn(
  folder: string,
  accept: (file: Stats) => boolean = () => true,
): Promise<string | undefined> {
  for (const name of PROJECT_FILE_NAMES) {
    const path = join(folder, name);
    const found = await lookAt(path);
    if (found && !found.isDirectory() && accept(found)) return path;
  }
  return undefined;
}

/** Whether a file above the folder that you work in may decide: it is yours, root's, or of the owner of that folder. */
export const isTrusted = (
  uid: number,
  { own, start }: { own: number | undefined; start: number | undefined },
): boolean => own === undefined || uid === own || uid === 0 || uid === start;

const lookAt = (path: string): Promise<Stats | undefined> => stat(path).catch(() => undefined);
