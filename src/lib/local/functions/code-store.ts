import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareNodeFolder } from './node-packages.js';
import { unpackZip } from './unpack-zip.js';

/** A deployment package or a layer, kept: the zip as uploaded, and unpacked. */
export interface StoredCode {
  /** Of the zip, base64. */
  sha256: string;
  zipBytes: number;
}

/** Below it lies the code of every function of an endpoint. */
export const codeFolder = (dataDir: string): string => join(dataDir, 'functions');

/** Code by content: what is uploaded twice is kept once. */
export class CodeStore {
  readonly #root: string;
  readonly #stored = new Map<string, Promise<StoredCode>>();
  readonly #placed = new Map<string, Promise<string>>();
  #last = 0;

  constructor(dataDir: string) {
    this.#root = codeFolder(dataDir);
  }

  /**
   * Keeps a zip and unpacks it.
   * @throws ZipError
   */
  store(zip: Uint8Array): Promise<StoredCode> {
    const hash = createHash('sha256').update(zip).digest();
    const sha256 = hash.toString('base64');
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
    try {
      await unpackZip(zip, join(scratch, 'code'));
      await writeFile(join(scratch, 'code.zip'), zip);
      await mkdir(join(this.#root, 'packages'), { recursive: true });
      await rename(scratch, folder);
    } catch (error) {
      await rm(scratch, { recursive: true, force: true });
      throw error;
    }
    return { sha256, zipBytes: zip.byteLength };
  }

  /** The zip as it was uploaded. */
  zip(sha256: string): Promise<Buffer> {
    return readFile(join(this.#folder(sha256), 'code.zip'));
  }

  /**
   * A function's code where it can run: LAMBDA_TASK_ROOT, and the merged layers (`/opt`) when there are any, later layers over earlier.
   */
  async place(sha256: string, layers: readonly string[]): Promise<{ codeDir: string; layersDir?: string }> {
    const home =
      layers.length === 0 ? 'plain' : createHash('sha256').update(layers.join('\n')).digest('hex').slice(0, 32);
    const folder = join(this.#root, home);
    await this.#once(folder, async () => {
      const opt = join(folder, 'opt');
      for (const layer of layers)
        await cp(join(this.#folder(layer), 'code'), opt, { recursive: true, verbatimSymlinks: true });
      await prepareNodeFolder(folder, layers.length === 0 ? undefined : join(opt, 'nodejs', 'node_modules'));
    });
    const codeDir = join(folder, fileName(sha256));
    await this.#once(codeDir, () =>
      cp(join(this.#folder(sha256), 'code'), codeDir, { recursive: true, verbatimSymlinks: true }),
    );
    return layers.length === 0 ? { codeDir } : { codeDir, layersDir: join(folder, 'opt') };
  }

  async #once(path: string, make: () => Promise<void>): Promise<void> {
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

const fileName = (sha256: string): string => Buffer.from(sha256, 'base64').toString('hex');
