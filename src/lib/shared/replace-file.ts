import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes a file beside and renames it: a reader never sees half of it, and a symbolic link at either name is replaced, not written through.
 * @param mode its permissions, as far as the umask lets them
 */
export async function replaceFile(path: string, text: string, mode = 0o666): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  await rm(beside, { force: true });
  const file = await open(beside, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}
