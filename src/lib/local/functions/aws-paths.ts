import { realpathSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { assetUrl } from '../../shared/package-files.js';
import type { FunctionSpec } from './function-spec.js';

const BOOTSTRAPS = fileURLToPath(assetUrl('lib/local/functions/bootstrap'));

/**
 * Renames, in a text, the folders that a function runs from to what they are called at AWS, so that stack traces read, and are grepped,
 * the same in both places: `/var/task/index.mjs:10:9`. The files themselves stay where LAMBDA_TASK_ROOT says.
 */
export function asAtAws({ codeDir, layersDir }: FunctionSpec): (text: string) => string {
  const names: [string, string][] = [
    ...namesOf(codeDir).map((name): [string, string] => [name, '/var/task']),
    ...(layersDir === undefined ? [] : namesOf(layersDir).map((name): [string, string] => [name, '/opt'])),
    ...namesOf(BOOTSTRAPS).map((name): [string, string] => [name, '/var/runtime']),
  ];
  return (text) => {
    let renamed = text;
    for (const [local, atAws] of names) if (renamed.includes(local)) renamed = renamed.replaceAll(local, atAws);
    return renamed;
  };
}

/** The other way round: where a path that a configuration gives as AWS's lies here. Other paths stay as they are. */
export function asHere({ codeDir, layersDir }: FunctionSpec, path: string): string {
  if (path.startsWith('/var/task/')) return `${codeDir}/${path.slice('/var/task/'.length)}`;
  return layersDir !== undefined && path.startsWith('/opt/') ? `${layersDir}/${path.slice('/opt/'.length)}` : path;
}

/** As it is called, as the system calls it (macOS has a link above its temporary folder), and as either stands in a URL. */
function namesOf(folder: string): string[] {
  const names = new Set([folder]);
  try {
    names.add(realpathSync(folder));
  } catch {
    // it is not there, and nothing will name it
  }
  for (const name of [...names]) names.add(pathToFileURL(name).pathname);
  return [...names].sort((a, b) => b.length - a.length);
}
