import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { OperationError } from '../../shared/errors.js';

/**
 * Where pipectl remembers the endpoints that run and keeps their logs: PIPECTL_STATE_DIR, else XDG_STATE_HOME/pipectl, else
 * ~/.local/state/pipectl. Made if it is not there, for its owner alone: the logs show what went through.
 * @throws OperationError when it cannot be made or written to
 */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  // Whole, because the endpoint in the background stands in another folder.
  const folder = resolve(
    env.PIPECTL_STATE_DIR || join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'pipectl'),
  );
  try {
    makeFolder(folder);
    accessSync(`${folder}/.`, constants.W_OK); // the dot: a file of that name is no folder
  } catch (cause) {
    throw new OperationError(`The state folder ${folder} cannot be used (${(cause as NodeJS.ErrnoException).code}).`, {
      hint: 'Set PIPECTL_STATE_DIR to a folder of your own.',
      cause,
    });
  }
  return folder;
}

/** Not `recursive`: where the system answers ENOENT for a folder whose parent is there (below /proc, say), Node tries for ever. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    makeFolder(dirname(folder));
    mkdirSync(folder, { mode: 0o700 });
  }
}
