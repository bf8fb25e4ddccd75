// Where an endpoint keeps the code of functions and the objects of buckets while it runs. It goes with the endpoint; after a SIGKILL, or a
// power cut, nobody is left to take it away, so the next endpoint does.
import { readlinkSync } from 'node:fs';
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../shared/remove-tree.js';
import { isAlive, startTimeOf } from './daemon/process-info.js';

const PREFIX = 'pipectl-data-';
const OWNER = 'owner.json';
const OWNERLESS_MS = 3_600_000;

/** Who made a folder, told apart from a later process with the same pid and from one with that pid in another container. */
interface Owner {
  pid: number;
  /** Of the process, by the kernel's clock; undefined where the system does not tell. */
  startTime: string | undefined;
  /** The world of pids it lives in; empty where there is only one. */
  pidNamespace: string;
}

/** Makes a folder of this process's own, below `parent`. */
export async function makeDataFolder(parent = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(parent, PREFIX));
  const owner: Owner = { pid: process.pid, startTime: startTimeOf(process.pid), pidNamespace: pidNamespace() };
  await writeFile(join(folder, OWNER), JSON.stringify(owner));
  return folder;
}

/**
 * Removes the folders of endpoints that are gone. One that may still be in use is left alone: of another user, of another container
 * (whose processes cannot be seen from here), or only just made, without an owner written down.
 * @returns how many
 */
export async function sweepDataFolders(parent = tmpdir()): Promise<number> {
  const names = (await readdir(parent).catch(() => [])).filter((name) => name.startsWith(PREFIX));
  let removed = 0;
  for (const name of names) {
    const folder = join(parent, name);
    const owner = await readOwner(folder);
    if (owner ? !isGone(owner) : !(await isOld(folder))) continue;
    await removeTree(folder).then(
      () => (removed += 1),
      () => {}, // the next one tries again
    );
  }
  return removed;
}

async function readOwner(folder: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(join(folder, OWNER), 'utf8')) as Partial<Owner>;
    const { pid, startTime, pidNamespace: namespace } = owner;
    return Number.isInteger(pid) && typeof namespace === 'string'
      ? { pid: pid as number, startTime, pidNamespace: namespace }
      : undefined;
  } catch {
    return undefined;
  }
}

/** A folder is without an owner for a moment after it was made, or for ever when its process was killed in that moment. */
async function isOld(folder: string): Promise<boolean> {
  const made = await stat(folder).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > OWNERLESS_MS;
}

function isGone(owner: Owner): boolean {
  if (owner.pidNamespace !== pidNamespace()) return false;
  return !isAlive(owner.pid) || startTimeOf(owner.pid) !== owner.startTime;
}

function pidNamespace(): string {
  if (process.platform !== 'linux') return '';
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
