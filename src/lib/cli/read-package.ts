import { readFile } from 'node:fs/promises';
import type { Interfaces } from '@oclif/core';

/** The package's folder, the same for the sources and for what is built from them. */
export const ROOT = new URL('../../../', import.meta.url);

/** package.json, of which the version and the description are shown. */
export async function readPackage(): Promise<Interfaces.PJSON> {
  return JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8'));
}
