import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { OperationError, UsageError } from '../shared/errors.js';

export interface ZippedCode {
  bytes: Uint8Array;
  /** SHA-256 over names, modes and contents, in hexadecimal: the same files give the same one whatever their dates, on any machine. */
  hash: string;
}

interface Entry {
  name: string;
  contents: Buffer;
  isExecutable: boolean;
}

const FIXED_TIME = new Date('2000-01-01T00:00:00Z');
/** Lambda's bound on an unpacked function with its layers. */
const MAX_UNPACKED_BYTES = 250 * 1024 ** 2;

/**
 * A folder as a zip, or one file as a zip of itself; a `.zip` or `.jar` is taken as it is. The same files give the same bytes.
 * @param what names the resource in messages
 * @throws UsageError when the path is not there; OperationError when it is more than Lambda takes
 */
export async function zipCode(path: string, what: string): Promise<ZippedCode> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'is not there' : `cannot be read (${error.code})`;
    throw new UsageError(`${what}: ${path} ${why}.`, {
      hint: 'Paths in a template start at the folder the template is in.',
      cause: error,
    });
  });
  if (!info.isDirectory() && /\.(zip|jar)$/.test(path)) {
    const bytes = await readFile(path);
    return { bytes, hash: createHash('sha256').update(bytes).digest('hex') };
  }
  const entries = info.isDirectory()
    ? await listFolder(path, '', [])
    : [await readEntry(path, basename(path), info.mode)];
  if (entries.length === 0) throw new UsageError(`${what}: ${path} is an empty folder.`);
  const unpackedBytes = entries.reduce((sum, { contents }) => sum + contents.byteLength, 0);
  if (unpackedBytes > MAX_UNPACKED_BYTES) {
    throw new OperationError(`${what}: ${path} holds ${unpackedBytes} bytes; Lambda takes ${MAX_UNPACKED_BYTES}.`, {
      hint: 'Leave out what the function does not need, or bundle it.',
    });
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { bytes: await zip(entries), hash: hashOf(entries) };
}

/** @param above the real paths of the folders that lead here: a link back into one of them would never end */
async function listFolder(folder: string, prefix: string, above: readonly string[]): Promise<Entry[]> {
  const real = await realpath(folder);
  if (above.includes(real)) return [];
  const entries: Entry[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const info = await stat(path);
    if (info.isDirectory()) entries.push(...(await listFolder(path, `${prefix}${name}/`, [...above, real])));
    else if (info.isFile()) entries.push(await readEntry(path, prefix + name, info.mode));
  }
  return entries;
}

const readEntry = async (path: string, name: string, mode: number): Promise<Entry> => ({
  name,
  contents: await readFile(path),
  isExecutable: (mode & 0o100) !== 0,
});

/** Two modes only, or the umask of whoever checked the files out would make another zip. */
async function zip(entries: readonly Entry[]): Promise<Uint8Array> {
  const file = new ZipFile();
  for (const { name, contents, isExecutable } of entries) {
    file.addBuffer(contents, name, {
      mtime: FIXED_TIME,
      forceDosTimestamp: true,
      mode: isExecutable ? 0o100755 : 0o100644,
    });
  }
  file.end();
  return buffer(file.outputStream as NodeJS.ReadableStream);
}

function hashOf(entries: readonly Entry[]): string {
  const hash = createHash('sha256');
  for (const { name, contents, isExecutable } of entries) {
    hash.update(`${name}\0${isExecutable ? 'x' : '-'}\0${contents.byteLength}\0`);
    hash.update(contents);
  }
  return hash.digest('hex');
}
