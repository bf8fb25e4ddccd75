import { chmod, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Linux takes paths of up to 4,095 bytes; a name has up to 255. */
const LONG_PATH_BYTES = 2048;

/**
 * Removes a folder with all that is in it, and is content if there is none. Functions write what they like, so it may hold folders that
 * nobody may read, and trees deeper than a path is long (made by a process that changed into each of them).
 */
export async function removeTree(root: string): Promise<void> {
  try {
    await rm(root, { recursive: true, force: true });
  } catch {
    await openUp(root);
    await rm(root, { recursive: true, force: true });
  }
}

/** Makes every folder readable, and moves deep ones up to the root. */
async function openUp(root: string): Promise<void> {
  const open = [root];
  let moved = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    await chmod(folder, 0o700);
    let place = folder;
    if (Buffer.byteLength(folder) > LONG_PATH_BYTES) {
      place = join(root, `moved-${process.pid}-${++moved}`);
      await rename(folder, place);
    }
    for (const entry of await readdir(place, { withFileTypes: true })) {
      if (entry.isDirectory()) open.push(join(place, entry.name));
    }
  }
}
