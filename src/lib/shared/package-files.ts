import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Whether this runs from the sources (tests, bin/dev.js) and not from the built package. */
export const FROM_SOURCES = import.meta.url.endsWith('.ts');

/** The package's folder. The bundler moves modules, so it is looked for and not counted in `../`. */
export const PACKAGE_ROOT = findRoot(new URL('./', import.meta.url));

/** A file or folder beside the code that is not code, such as `lib/local/wire/packs/`. */
export const assetUrl = (path: string): URL => new URL(`${FROM_SOURCES ? 'src' : 'dist'}/${path}`, PACKAGE_ROOT);

/** A module that is loaded by its address: a command, a worker thread, the endpoint's process. @param path without its ending */
export const moduleUrl = (path: string): URL => assetUrl(`${path}${FROM_SOURCES ? '.ts' : '.js'}`);

/** package.json, of which the version and the description are shown. */
export function readPackage(): { name: string; version: string; description: string; [key: string]: unknown } {
  return JSON.parse(readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8'));
}

function findRoot(folder: URL): URL {
  if (existsSync(fileURLToPath(new URL('package.json', folder)))) return folder;
  return findRoot(new URL('../', folder));
}
