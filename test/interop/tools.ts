// Clients not written here, installed by the tests themselves into a folder that is kept between runs.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/pipectl-interop/', import.meta.url));

/** A folder under the cache, made on first use. */
export async function cacheFolder(name: string): Promise<string> {
  const folder = join(CACHE, name);
  await mkdir(folder, { recursive: true });
  return folder;
}

export const fixture = (path: string): string => fileURLToPath(new URL(`fixtures/${path}`, import.meta.url));

/** Whether a program is on the PATH. */
export const hasTool = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

/**
 * Runs a program to its end.
 * @returns what it wrote to stdout
 * @throws with its last lines when it fails
 */
export function run(
  program: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string>; input?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (part) => {
      stdout += part;
    });
    child.stderr.on('data', (part) => {
      stderr += part;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(stdout);
      else
        reject(
          new Error(`${program} ${args.join(' ')} exited ${code}\n${stdout.slice(-2_000)}\n${stderr.slice(-4_000)}`),
        );
    });
    child.stdin.end(options.input ?? '');
  });
}

/** Does something once for a given key, such as a version; other processes that want the same wait for it. */
export async function once(folder: string, key: string, make: () => Promise<void>): Promise<void> {
  const mark = join(folder, '.made-from');
  const isMade = async (): Promise<boolean> => existsSync(mark) && (await readFile(mark, 'utf8')) === key;
  if (await isMade()) return;
  const unlock = await lock(`${folder}.lock`);
  try {
    if (await isMade()) return;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await make();
    await writeFile(mark, key);
  } finally {
    await unlock();
  }
}

/** A maker that has not finished by then is taken for dead. */
const STALE_LOCK_MS = 5 * 60_000;

/** A folder as a lock between processes: making one either works or fails. One that is too old belongs to nobody. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await mkdir(path);
      return () => rm(path, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const age = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > STALE_LOCK_MS) await rm(path, { recursive: true, force: true });
      else await sleep(200);
    }
  }
}

/** What every AWS client reads to find the endpoint, and nothing of the person who runs the tests. */
export const awsEnvironment = (url: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_REGION: 'us-east-1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
});
