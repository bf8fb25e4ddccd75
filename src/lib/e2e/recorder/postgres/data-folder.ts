import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { chown, cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { OperationError } from '../../../shared/errors.js';
import type { PostgresPrograms } from './find-postgres.js';
import { type Account, serverAccount } from './server-account.js';

const run = promisify(execFile);

export const USER = 'pipectl';

/** A data folder for one run, ready for `postgres -D`. */
export interface DataFolder {
  path: string;
  /** Of the user `pipectl`, who may do everything. */
  password: string;
  postgres: string;
}

/**
 * Makes a data folder by copying one that initdb made once: that takes 0.15 s, and initdb a second.
 * @throws OperationError if initdb fails
 */
export async function makeDataFolder(found: PostgresPrograms): Promise<DataFolder> {
  const account = serverAccount();
  const cache = cacheFolder();
  const programs = found.packageFolder === undefined ? found : await copyPackage(found, found.packageFolder, cache);
  const { stdout: version } = await run(programs.postgres, ['--version'], { cwd: '/' });
  const name = createHash('sha256').update(`${version} ${programs.postgres}`).digest('hex').slice(0, 16);
  const template = join(cache, `data-${name}`);
  if (!existsSync(template)) await makeTemplate(programs, template, account);
  const path = await mkdtemp(join(tmpdir(), 'pipectl-postgres-'));
  await run('cp', ['-R', `${join(template, 'data')}/.`, path]);
  await run('chmod', ['700', path]);
  if (account) await run('chown', ['-R', `${account.uid}:${account.gid}`, path]);
  return { path, password: (await readFile(join(template, 'password'), 'utf8')).trim(), postgres: programs.postgres };
}

/** For this user alone to write. In the folder for temporary files, because the server's account must reach it, and a home may be closed. */
function cacheFolder(): string {
  const folder = join(tmpdir(), `pipectl-postgres-cache-${process.getuid?.() ?? 0}`);
  try {
    mkdirSync(folder, { mode: 0o755 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { uid, mode } = lstatSync(folder);
  // Another user could have made it first, to have a program of theirs run.
  if (lstatSync(folder).isDirectory() && uid === process.getuid?.() && (mode & 0o022) === 0) return folder;
  return mkdtempSync(join(tmpdir(), 'pipectl-postgres-cache-'));
}

async function makeTemplate(programs: PostgresPrograms, template: string, account: Account | undefined): Promise<void> {
  const making = await mkdtemp(join(tmpdir(), 'pipectl-initdb-'));
  const password = randomBytes(18).toString('hex');
  const passwordFile = join(making, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) for (const path of [making, passwordFile]) await chown(path, account.uid, account.gid);
  const data = join(making, 'data');
  // Small, and without waiting for the disk: each run throws its copy away.
  const options = ['-E', 'UTF8', '--locale=C', '--no-sync', '--wal-segsize=1', '-U', USER, `--pwfile=${passwordFile}`];
  try {
    await run(programs.initdb, ['-D', data, '-A', 'scram-sha-256', ...options], {
      cwd: '/',
      env: { ...process.env, LC_ALL: 'C' },
      ...account,
    });
    // Which addresses it listens at says who can reach it.
    await writeFile(join(data, 'pg_hba.conf'), 'host all all all scram-sha-256\n');
    if (account) chownSync(making, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
    await rename(making, template).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another run made it first
    });
  } catch (cause) {
    const { stderr = '', message } = cause as Error & { stderr?: string };
    throw new OperationError(`initdb failed: ${stderr.trim().split('\n').at(-1) || message}`, {
      hint: 'Name a server of your own in the check file: postgres: { url: "postgres://USER:PASSWORD@HOST:PORT/DATABASE" }',
      cause,
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** The npm package with the links that its postinstall makes, and npm may have been told not to run; where any account reaches it. */
async function copyPackage(
  { initdb }: PostgresPrograms,
  packageFolder: string,
  cache: string,
): Promise<PostgresPrograms> {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const copy = join(cache, `embedded-${version}`);
  if (!existsSync(copy)) {
    const making = await mkdtemp(join(cache, 'making-'));
    await cp(join(packageFolder, 'native'), join(making, 'native'), { recursive: true, verbatimSymlinks: true });
    const links = join(packageFolder, 'native', 'pg-symlinks.json');
    for (const { source, target } of readLinks(links)) {
      const link = join(making, target);
      if (!existsSync(link)) symlinkSync(basename(source), link);
    }
    await run('chmod', ['-R', 'go+rX', making]);
    await rename(making, copy).catch(() => rm(making, { recursive: true, force: true }));
  }
  const bin = join(copy, 'native', basename(dirname(initdb)));
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), packageFolder };
}

/** `[{ "source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so" }]` */
const readLinks = (path: string): { source: string; target: string }[] =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { source: string; target: string }[]) : [];
