import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../shared/errors.js';

/** Why the system refused a file, as the end of a sentence. */
export function whyRefused(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'its file system is read-only',
  ENOSPC: 'no space is left on its device',
  ELOOP: 'its links go round in a circle',
  ENAMETOOLONG: 'its name is too long',
};

/**
 * Looks whether a file can be read, without opening it: a named pipe may be opened only once.
 * @param what the flag, for the message
 * @returns whether it is a regular file, which may be read more than once
 * @throws UsageError
 */
export async function checkReadable(path: string, what: string): Promise<{ regular: boolean }> {
  try {
    await access(path, constants.R_OK);
    const found = await stat(path);
    if (found.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    return { regular: found.isFile() };
  } catch (cause) {
    throw new UsageError(`${what}: cannot read ${path}: ${whyRefused(cause)}.`, { cause });
  }
}

/**
 * Looks whether a file can be written, and leaves what is in it.
 * @param others files, by their flags, that this one must not be
 * @throws UsageError
 */
export async function checkWritable(
  path: string,
  what: string,
  others: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if (path === '-') throw new UsageError(`${what}: stdout is for the result; name a file, or /dev/stderr.`);
  const found = await stat(path).catch(() => undefined);
  for (const [flag, other] of Object.entries(others)) {
    const same = other !== undefined && (other === path || (found && (await isSame(found, other))));
    if (same) throw new UsageError(`${what} and ${flag} are the same file, ${path}.`);
  }
  try {
    if (found?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (found) await access(path, constants.W_OK);
    else await access(dirname(path), constants.W_OK | constants.X_OK);
  } catch (cause) {
    const why = !found && (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'its folder is not there' : undefined;
    throw new UsageError(`${what}: cannot write ${path}: ${why ?? whyRefused(cause)}.`, { cause });
  }
}

/** The same file, whatever it is called: writing one would empty the other. Devices and pipes are not emptied. */
async function isSame(file: { isFile(): boolean; dev: number; ino: number }, path: string): Promise<boolean> {
  const other = await stat(path).catch(() => undefined);
  return other !== undefined && file.isFile() && other.dev === file.dev && other.ino === file.ino;
}
