import { createWriteStream } from 'node:fs';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { type Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';

/** A deployment package, unpacked, with its layers. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const UNPACKED_BYTES = 262_144_000;
/** Ours: AWS is bounded by the bytes alone, but empty files cost a disk too. */
const ENTRIES = 100_000;
const LINK_BYTES = 4096;
/** Ours: what can be unpacked must also fit where it is moved to, below longer folders. */
const NAME_BYTES = 1024;

const FILE_TYPE = 0o170000;
const LINK = 0o120000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;

const STORED = 0;
const DEFLATED = 8;

/** A zip that is not unpacked, in a sentence for who uploaded it. */
export class ZipError extends Error {}

/**
 * Unpacks a zip into a folder, and nothing outside of it. The answer is how many bytes came out.
 * @throws ZipError for what is no zip, names that climb out, links that lead out, special files, too many bytes or entries
 */
export async function unpackZip(bytes: Uint8Array, into: string): Promise<number> {
  const { fromBufferPromise } = await import('yauzl'); // loaded with the first package, to keep the start short
  let zip: ZipFile;
  try {
    zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
      lazyEntries: true,
      autoClose: false,
    });
  } catch {
    throw new ZipError('Could not unzip uploaded file. Please check your file, then try to upload again.');
  }
  if (zip.entryCount === 0) throw new ZipError('Uploaded file must be a non-empty zip');
  if (zip.entryCount > ENTRIES)
    throw new ZipError(`The zip has ${zip.entryCount} entries; at most ${ENTRIES} are taken.`);
  await mkdir(into, { recursive: true });
  const budget = { leftBytes: UNPACKED_BYTES };
  const links: { name: string; target: string }[] = [];
  try {
    for await (const entry of zip.eachEntry()) await unpackEntry(zip, entry, into, budget, links);
    // Made last, so that no file of the zip can be written through one of its links.
    const linked = new Set(links.map(({ name }) => posix.normalize(name)));
    for (const { name, target } of links) await makeLink(into, name, target, linked);
  } catch (error) {
    throw asZipError(error);
  } finally {
    zip.close();
  }
  return UNPACKED_BYTES - budget.leftBytes;
}

async function unpackEntry(
  zip: ZipFile,
  entry: Entry,
  into: string,
  budget: { leftBytes: number },
  links: { name: string; target: string }[],
): Promise<void> {
  const name = entry.fileName;
  // yauzl refuses absolute names and names with .. itself; what is left is a NUL or a device.
  if (name.includes('\0')) throw new ZipError(`The zip names a file with a NUL character.`);
  if (Buffer.byteLength(name) > NAME_BYTES)
    throw new ZipError(`The zip has a name of ${Buffer.byteLength(name)} bytes; at most ${NAME_BYTES} are taken.`);
  const path = join(into, name);
  const mode = entry.externalFileAttributes >>> 16;
  const type = mode & FILE_TYPE;
  if (name.endsWith('/') || type === FOLDER) {
    await mkdir(path, { recursive: true });
    return;
  }
  if (type !== 0 && type !== REGULAR && type !== LINK)
    throw new ZipError(`${name} in the zip is no file, folder or link.`);
  if (entry.uncompressedSize > budget.leftBytes) throw tooLarge();
  const body = await openEntry(zip, entry);
  if (type === LINK) {
    if (entry.uncompressedSize > LINK_BYTES)
      throw new ZipError(`${name} in the zip is a link with a target that is too long.`);
    const parts: Buffer[] = [];
    const gather = new Writable({
      write(chunk: Buffer, _encoding, done) {
        parts.push(chunk);
        done();
      },
    });
    await pipeline([...body, gather]);
    links.push({ name, target: Buffer.concat(parts).toString('utf8') });
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  // The sizes in a zip are its author's word: what comes out is counted.
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      budget.leftBytes -= chunk.length;
      if (budget.leftBytes < 0) done(tooLarge());
      else done(null, chunk);
    },
  });
  await pipeline([...body, counted, createWriteStream(path, { mode: 0o644 })]);
  if (mode & 0o111) await chmod(path, 0o755);
}

/**
 * An entry's bytes, as the streams of a pipeline. Inflated here and not by yauzl, whose own inflater has nobody who listens once its reader
 * is gone: a broken zip would end the whole process.
 */
async function openEntry(zip: ZipFile, entry: Entry): Promise<[Readable] | [Readable, Transform]> {
  if (entry.isEncrypted()) throw new ZipError(`${entry.fileName} in the zip is encrypted.`);
  if (entry.compressionMethod === STORED) return [await zip.openReadStreamPromise(entry)];
  if (entry.compressionMethod !== DEFLATED) {
    throw new ZipError(
      `${entry.fileName} in the zip is compressed in a way that is not known (${entry.compressionMethod}).`,
    );
  }
  return [await zip.openReadStreamPromise(entry, { decompress: false }), createInflateRaw()];
}

async function makeLink(into: string, name: string, target: string, linked: ReadonlySet<string>): Promise<void> {
  const path = name.split('/').filter((part) => part !== '' && part !== '.');
  if (target.includes('\0') || target.startsWith('/') || !staysInside(path.slice(0, -1), target.split('/'), linked)) {
    throw new ZipError(`${name} in the zip is a link that leads out of it.`);
  }
  await mkdir(dirname(join(into, ...path)), { recursive: true });
  await symlink(target, join(into, ...path));
}

/**
 * Follows a link's target step by step, as the system will. A way over another link is refused whatever it reaches: `..` behind one
 * leads elsewhere than it reads, and no packager writes such chains.
 */
function staysInside(from: readonly string[], steps: readonly string[], linked: ReadonlySet<string>): boolean {
  const at = [...from];
  if (at.some((_, index) => linked.has(at.slice(0, index + 1).join('/')))) return false;
  for (const [index, step] of steps.entries()) {
    if (step === '' || step === '.') continue;
    if (step !== '..') at.push(step);
    else if (at.pop() === undefined) return false;
    const last = index === steps.length - 1;
    if (!last && linked.has(at.join('/'))) return false;
  }
  return true;
}

const TWICE = 'two entries have the same name';
const REFUSED_NAMES: Readonly<Record<string, string>> = {
  EEXIST: TWICE,
  ENOTDIR: TWICE,
  EISDIR: TWICE,
  ENAMETOOLONG: 'a name is too long',
  ENOENT: 'a link leads nowhere',
};

/** What the system refuses is a matter of the zip's names, and its own message would name the endpoint's folders. */
function asZipError(error: unknown): ZipError {
  if (error instanceof ZipError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = REFUSED_NAMES[code] ?? (error instanceof Error ? error.message : String(error));
  return new ZipError(`Could not unzip uploaded file: ${why}`);
}

const tooLarge = (): ZipError => new ZipError(`Unzipped size must be smaller than ${UNPACKED_BYTES} bytes`);
