import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { formatByteSize } from '../shared/byte-size.js';
import { OperationError, UsageError } from '../shared/errors.js';

export interface ZippedCode {
  bytes: Uint8Array;
  /** SHA-256 over names, modes and contents, in hexadecimal: the same files give the same one whatever their dates, on any machine. */
  hash: string;
}

/** A file that goes into the zip, not read yet. */
interface Found {
  name: string;
  path: string;
  bytes: number;
  isExecutable: boolean;
}

interface Entry extends Found {
  contents: Buffer;
}

/** Local time, as zips have it: the same hour is written wherever this runs. */
const FIXED_TIME = new Date(2000, 0, 1);

/** What Lambda takes, unpacked, with its layers. */
const MAX_UNPACKED_BYTES = 250 * 1024 ** 2;

/** What tools leave behind in a source folder: no function needs it, and it would make every checkout another zip. */
const LEFT_OUT: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', '.DS_Store', 'Thumbs.db', '__pycache__']);

/**
 * A folder as a zip, or one file as a zip of itself; a `.zip` or `.jar` is taken as it is. The same files give the same bytes. Links are
 * followed; `.git`, `__pycache__` and the like stay out.
 * @param what names the resource in messages
 * @throws UsageError when the path, or a link in it, leads nowhere or to something that is no file; OperationError when it is more than
 * Lambda takes, before any of it is read
 */
export async function zipCode(path: string, what: string): Promise<ZippedCode> {
  const info = await look(path, what);
  const isFolder = info.isDirectory();
  const room = new Room(path, what);
  if (!isFolder && /\.(zip|jar)$/.test(path)) {
    room.take(info.size);
    const bytes = await readFile(path);
    return { bytes, hash: createHash('sha256').update(bytes).digest('hex') };
  }
  const found: Found[] = [];
  if (isFolder) await walk(path, '', [], found, room, what);
  else found.push(foundFile(path, basename(path), info, room, what));
  if (found.length === 0) throw new UsageError(`${what}: ${path} is an empty folder.`);
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  const entries: Entry[] = [];
  for (const file of found) entries.push({ ...file, contents: await readFound(file, what) });
  return { bytes: await zip(entries), hash: hashOf(entries) };
}

/** Counts what a folder holds while it is walked, so that the wrong folder (`/`, say) is noticed and not read. */
class Room {
  readonly #path: string;
  readonly #what: string;
  #bytes = 0;

  constructor(path: string, what: string) {
    this.#path = path;
    this.#what = what;
  }

  /** @throws OperationError when Lambda would not take it all */
  take(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= MAX_UNPACKED_BYTES) return;
    throw new OperationError(
      `${this.#what}: ${this.#path} holds more than ${formatByteSize(MAX_UNPACKED_BYTES)}, and Lambda takes no more.`,
      { hint: 'Leave out what the function does not need, or bundle it. Is it the right folder?' },
    );
  }
}

/** What a path leads to, links followed. */
async function look(path: string, what: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    const link = await readlink(path).catch(() => undefined);
    if (link !== undefined) {
      throw new UsageError(`${what}: ${path} is a link to ${link}, which leads nowhere.`, {
        hint: 'Remove the link, or make what it points to.',
        cause: error,
      });
    }
    throw unreadable(path, what, error);
  }
}

function unreadable(path: string, what: string, error: unknown): UsageError {
  const { code } = error as NodeJS.ErrnoException;
  return new UsageError(`${what}: ${path} ${code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`}.`, {
    hint: code === 'ENOENT' ? 'Paths in a template start at the folder the template is in.' : undefined,
    cause: error,
  });
}

/** @param above the real paths of the folders that lead here: a link back into one of them would never end */
async function walk(
  folder: string,
  prefix: string,
  above: readonly string[],
  found: Found[],
  room: Room,
  what: string,
): Promise<void> {
  const real = await realpath(folder);
  if (above.includes(real)) return;
  const names = await readdir(folder).catch((error: unknown) => {
    throw unreadable(folder, what, error);
  });
  for (const name of names) {
    if (LEFT_OUT.has(name)) continue;
    const path = join(folder, name);
    const info = await look(path, what);
    if (info.isDirectory()) await walk(path, `${prefix}${name}/`, [...above, real], found, room, what);
    else found.push(foundFile(path, prefix + name, info, room, what));
  }
}

function foundFile(path: string, name: string, info: Stats, room: Room, what: string): Found {
  if (!info.isFile()) {
    throw new UsageError(`${what}: ${path} is neither a file nor a folder.`, {
      hint: 'A zip cannot hold pipes, sockets or devices: move it out of the folder.',
    });
  }
  room.take(info.size);
  return { name, path, bytes: info.size, isExecutable: (info.mode & 0o100) !== 0 };
}

async function readFound({ path }: Found, what: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, what, error);
  }
}

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
