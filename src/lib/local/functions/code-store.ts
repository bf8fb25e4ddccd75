import { createHash } from 'node:crypto';
import { renameSync } from 'node:fs';
import { cp, lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeTree } from '../../shared/remove-tree.js';
import { prepareNodeFolder } from './node-packages.js';
import { unpackZip } from './unpack-zip.js';

/** A deployment package or a layer, kept: the zip as uploaded, and unpacked. */
export interface StoredCode {
  /** Of the zip, base64. */
  sha256: string;
  zipBytes: number;
  unpackedBytes: number;
}

/** What a function's version, or with no layers a layer's version, is made of: hashes of packages. */
export interface CodeUse {
  codeSha256: string;
  layers: readonly string[];
}

/** What was asked for this long ago may be on its way to a function that is just being made. */
const KEEP_MS = 60_000;

/** Below it lies the code of every function of an endpoint. */
export const codeFolder = (dataDir: string): string => join(dataDir, 'functions');

/** Code by content: what is uploaded twice is kept once, and no longer than somebody needs it. */
export class CodeStore {
  readonly #root: string;
  readonly #keepMs: number;
  readonly #stored = new Map<string, Promise<StoredCode>>();
  readonly #placed = new Map<string, Promise<string>>();
  /** When a package, by its hash, or a place was last asked for. */
  readonly #askedMs = new Map<string, number>();
  #last = 0;

  constructor(dataDir: string, keepMs = KEEP_MS) {
    this.#root = codeFolder(dataDir);
    this.#keepMs = keepMs;
  }

  /**
   * Keeps a zip and unpacks it.
   * @throws ZipError
   */
  store(zip: Uint8Array): Promise<StoredCode> {
    const hash = createHash('sha256').update(zip).digest();
    const sha256 = hash.toString('base64');
    this.#askedMs.set(sha256, performance.now());
    let stored = this.#stored.get(sha256);
    if (!stored) {
      this.#stored.set(sha256, (stored = this.#unpack(zip, sha256)));
      stored.catch(() => this.#stored.delete(sha256));
    }
    return stored;
  }

  async #unpack(zip: Uint8Array, sha256: string): Promise<StoredCode> {
    const folder = this.#folder(sha256);
    const scratch = join(this.#root, `unpacking-${++this.#last}`);
    let unpackedBytes: number;
    try {
      unpackedBytes = await unpackZip(zip, join(scratch, 'code'));
      await writeFile(join(scratch, 'code.zip'), zip);
      await mkdir(join(this.#root, 'packages'), { recursive: true });
      await rename(scratch, folder);
    } catch (error) {
      await removeTree(scratch);
      throw error;
    }
    return { sha256, zipBytes: zip.byteLength, unpackedBytes };
  }

  /** The zip as it was uploaded. */
  zip(sha256: string): Promise<Buffer> {
    return readFile(join(this.#folder(sha256), 'code.zip'));
  }

  /**
   * A function's code where it can run: LAMBDA_TASK_ROOT, and the merged layers (`/opt`) when there are any, later layers over earlier.
   */
  async place(sha256: string, layers: readonly string[]): Promise<{ codeDir: string; layersDir?: string }> {
    const folder = this.#home(layers);
    await this.#once(folder, async () => {
      const opt = join(folder, 'opt');
      for (const layer of layers)
        await cp(join(this.#folder(layer), 'code'), opt, { recursive: true, verbatimSymlinks: true, filter: makeWay });
      await prepareNodeFolder(folder, layers.length === 0 ? undefined : opt);
    });
    const codeDir = join(folder, fileName(sha256));
    await this.#once(codeDir, () =>
      cp(join(this.#folder(sha256), 'code'), codeDir, { recursive: true, verbatimSymlinks: true }),
    );
    return layers.length === 0 ? { codeDir } : { codeDir, layersDir: join(folder, 'opt') };
  }

  /**
   * Removes what nobody needs any more, so that a function that is updated all day does not fill the disk.
   * @param running the code folders of processes, which may be those of versions that are gone
   */
  async sweep(uses: Iterable<CodeUse>, running: Iterable<string>): Promise<void> {
    const needed = new Set<string>();
    const need = (codeDir: string): void => void needed.add(codeDir).add(dirname(codeDir));
    for (const { codeSha256, layers } of uses) {
      for (const sha256 of [codeSha256, ...layers]) needed.add(sha256);
      need(join(this.#home(layers), fileName(codeSha256)));
    }
    for (const codeDir of running) need(codeDir);
    const isOld = (name: string): boolean => performance.now() - (this.#askedMs.get(name) ?? 0) >= this.#keepMs;
    const removed: Promise<void>[] = [];
    for (const [names, pathOf] of [
      [this.#placed, (path: string) => path],
      [this.#stored, (sha256: string) => this.#folder(sha256)],
    ] as const) {
      for (const name of [...names.keys()]) {
        if (needed.has(name) || !isOld(name)) continue;
        names.delete(name);
        this.#askedMs.delete(name);
        removed.push(this.#remove(pathOf(name)));
      }
    }
    await Promise.all(removed);
  }

  /** Out of the way at once, for the same code may be uploaded again; then gone. */
  #remove(path: string): Promise<void> {
    const trash = join(this.#root, `removing-${++this.#last}`);
    try {
      renameSync(path, trash);
    } catch {
      return Promise.resolve(); // with the folder it was in
    }
    return removeTree(trash);
  }

  /** Below it all functions with the same layers have their code. */
  #home(layers: readonly string[]): string {
    if (layers.length === 0) return join(this.#root, 'plain');
    return join(this.#root, createHash('sha256').update(layers.join('\n')).digest('hex').slice(0, 32));
  }

  async #once(path: string, make: () => Promise<void>): Promise<void> {
    this.#askedMs.set(path, performance.now());
    let placed = this.#placed.get(path);
    if (!placed) {
      this.#placed.set(path, (placed = make().then(() => path)));
      placed.catch(() => this.#placed.delete(path));
    }
    await placed;
  }

  #folder(sha256: string): string {
    return join(this.#root, 'packages', fileName(sha256));
  }
}

/** A later layer's file may have the name of an earlier layer's folder or link, which a copy does not replace by itself. */
async function makeWay(from: string, to: string): Promise<boolean> {
  const there = await lstat(to).catch(() => undefined);
  if (!there) return true;
  const coming = await lstat(from);
  const isLink = there.isSymbolicLink() || coming.isSymbolicLink();
  if (isLink || there.isDirectory() !== coming.isDirectory()) await removeTree(to);
  return true;
}

const fileName = (sha256: string): string => Buffer.from(sha256, 'base64').toString('hex');
