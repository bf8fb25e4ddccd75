import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where pipectl remembers the endpoints that run and keeps their logs: PIPECTL_STATE_DIR, else XDG_STATE_HOME/pipectl, else
 * ~/.local/state/pipectl. Made if it is not there, for its owner alone: the logs show what went through.
 */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const folder =
    env.PIPECTL_STATE_DIR || join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'pipectl');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
