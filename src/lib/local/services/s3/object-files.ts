// Objects' bytes on disk. File names are made up here; a key never becomes part of a path.
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Algorithm, createDigest } from './checksums.js';
import { s3Error } from './s3-error.js';

/** Bytes that are whole on disk. */
export interface StoredBody {
  file: string;
  sizeBytes: number;
  md5: Buffer;
  /** The sums that were asked for, each in base64. */
  checksums: Partial<Record<Algorithm, string>>;
  sha256: string | undefined;
}

export class ObjectFiles {
  readonly #folder: string;
  #made: Promise<unknown> | undefined;

  constructor(dataDir: string) {
    this.#folder = join(dataDir, 's3');
  }

  /**
   * Writes a body as it arrives, never holding more than a piece of it. Nothing is left behind when it does not arrive whole.
   * @param options.hexSha256 compute the SHA-256 in hex too, to hold against the signature's
   */
  async write(
    body: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
    options: { algorithms?: readonly Algorithm[]; hexSha256?: boolean; expectedBytes?: number | undefined } = {},
  ): Promise<StoredBody> {
    const file = await this.#newFile();
    const md5 = createDigest('MD5');
    const sums = (options.algorithms ?? []).map((algorithm) => [algorithm, createDigest(algorithm)] as const);
    const sha256 = options.hexSha256 ? createDigest('SHA256') : undefined;
    let sizeBytes = 0;
    try {
      await pipeline(
        async function* () {
          for await (const part of body) {
            const bytes = typeof part === 'string' ? Buffer.from(part) : part;
            sizeBytes += bytes.byteLength;
            md5.update(bytes);
            sha256?.update(bytes);
            for (const [, digest] of sums) digest.update(bytes);
            yield bytes;
          }
        },
        createWriteStream(file, { flags: 'wx' }),
      );
      if (options.expectedBytes !== undefined && sizeBytes !== options.expectedBytes) throw s3Error('IncompleteBody');
    } catch (error) {
      await rm(file, { force: true });
      throw isCutOff(error) ? s3Error('IncompleteBody') : error;
    }
    return {
      file,
      sizeBytes,
      md5: md5.sum(),
      checksums: Object.fromEntries(sums.map(([algorithm, digest]) => [algorithm, digest.sum().toString('base64')])),
      sha256: sha256?.sum().toString('hex'),
    };
  }

  /** Opens a part of a file for reading; it can be read to its end even when the object is replaced or deleted meanwhile. */
  async read(file: string, range: { start: number; end: number }): Promise<Readable> {
    if (range.end < range.start) return Readable.from([]);
    const handle = await open(file, 'r');
    return handle.createReadStream({ start: range.start, end: range.end });
  }

  /** One file of several, in order. */
  concatenate(files: readonly string[], algorithms: readonly Algorithm[] = []): Promise<StoredBody> {
    const { read } = this;
    async function* all(): AsyncGenerator<Uint8Array> {
      for (const file of files) yield* await read(file, { start: 0, end: Number.MAX_SAFE_INTEGER });
    }
    return this.write(all(), { algorithms });
  }

  async copy(file: string): Promise<string> {
    const to = await this.#newFile();
    await copyFile(file, to);
    return to;
  }

  /** Removes files that nothing refers to any more. */
  async remove(files: Iterable<string>): Promise<void> {
    await Promise.all([...files].map((file) => rm(file, { force: true })));
  }

  async #newFile(): Promise<string> {
    await (this.#made ??= mkdir(this.#folder, { recursive: true }));
    return join(this.#folder, randomUUID());
  }
}

const isCutOff = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_STREAM_PREMATURE_CLOSE' || error.code === 'ECONNRESET');
