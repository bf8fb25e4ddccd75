import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../shared/package-files.js';

/** Scopes of the AWS SDK, which every Node runtime of Lambda ships with. */
const SCOPES = ['@aws-sdk', '@smithy', '@aws-crypto', '@aws'];

/**
 * Makes `folder` a place below which Node functions find the AWS SDK: its node_modules links to the packages that pipectl itself
 * depends on, wherever npm put them. Both `import` and `require` look there on their way up, at no cost to a function that does not.
 * @param layers the merged layers, whose packages come before the SDK's
 */
export async function prepareNodeFolder(folder: string, layers?: string): Promise<void> {
  const modules = join(folder, 'node_modules');
  await mkdir(modules, { recursive: true });
  // Ends Node's search for the nearest package.json, so that one in the system's folder of temporary files says nothing about functions.
  await writeFile(join(folder, 'package.json'), '{}');
  const made = new Set<string>();
  const link = async (name: string, target: string): Promise<void> => {
    if (made.has(name)) return;
    made.add(name);
    await symlink(target, join(modules, name), 'junction');
  };
  const linkScope = async (scope: string, from: string): Promise<void> => {
    const packages = await list(join(from, scope));
    if (packages.length > 0) await mkdir(join(modules, scope), { recursive: true });
    await Promise.all(packages.map((name) => link(`${scope}/${name}`, join(from, scope, name))));
  };
  for (const packages of layers === undefined ? [] : await layerPackages(layers)) {
    for (const name of await list(packages)) {
      if (name.startsWith('@')) await linkScope(name, packages);
      else if (!name.startsWith('.')) await link(name, join(packages, name));
    }
  }
  const places = createRequire(PACKAGE_ROOT).resolve.paths('@aws-sdk/client-kinesis') ?? [];
  for (const scope of SCOPES) for (const place of places) await linkScope(scope, place);
}

/** Where layers have packages for one version of Node, the newest first, and for all. For `import`; `require` has NODE_PATH, which knows the version. */
async function layerPackages(layers: string): Promise<string[]> {
  const versions = (await list(join(layers, 'nodejs'))).filter((name) => /^node\d+$/.test(name));
  const folders = [...versions.sort((a, b) => Number(b.slice(4)) - Number(a.slice(4))), '.'];
  return folders.map((name) => join(layers, 'nodejs', name, 'node_modules'));
}

async function list(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
