import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { OperationError } from '../../shared/errors.js';

/**
 * Where pipectl remembers the endpoints that run and keeps their logs: PIPECTL_STATE_DIR, else XDG_STATE_HOME/pipectl, else
 * ~/.local/state/pipectl. Made if it is not there, for its owner alone: the logs show what went through.
 * @throws OperationError when it cannot be made or written to
 */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const folder =
    env.PIPECTL_STATE_DIR || join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'pipectl');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new OperationError(`The state folder ${folder} cannot be used (${(cause as NodeJS.ErrnoException).code}).`, {
      hint: 'Set PIPECTL_STATE_DIR to a folder of your own.',
      cause,
    });
  }
  return folder;
}
