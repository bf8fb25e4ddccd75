import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Bytes of a file or a stream, piece by piece. */
export interface Chunks {
  /**
   * What is left of the piece before, with the next piece behind it; undefined at the end. What was handed out before is overwritten.
   * @param rest of the piece before: a line that goes on
   */
  after(rest: Buffer): Promise<Buffer | undefined>;
  close(): void;
}

const CHUNK_BYTES = 1024 * 1024;
/** Room in front of what is read, for the line that the piece before broke off; one that is longer is put together elsewhere. */
const ROOM_BYTES = 64 * 1024;

/** The pieces of a file, or of a pipe that has a name: read into two buffers by turns, one while the other is worked on. */
export function fileChunks(path: string): Chunks {
  return new FileChunks(path);
}

class FileChunks implements Chunks {
  readonly #path: string;
  readonly #buffers = [0, 1].map(() => Buffer.allocUnsafeSlow(ROOM_BYTES + CHUNK_BYTES));
  #turn = 0;
  #file: Promise<FileHandle> | undefined;
  #coming: Promise<number> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async after(rest: Buffer): Promise<Buffer | undefined> {
    this.#coming ??= this.#read();
    const bytes = await this.#coming;
    this.#coming = undefined;
    if (bytes === 0) return undefined;
    const buffer = this.#buffers[this.#turn] as Buffer;
    const end = ROOM_BYTES + bytes;
    let whole: Buffer;
    if (rest.length <= ROOM_BYTES) {
      rest.copy(buffer, ROOM_BYTES - rest.length);
      whole = buffer.subarray(ROOM_BYTES - rest.length, end);
    } else whole = Buffer.concat([rest, buffer.subarray(ROOM_BYTES, end)]);
    this.#turn = 1 - this.#turn;
    this.#coming = this.#read();
    this.#coming.catch(() => {}); // told by the call that waits for it
    return whole;
  }

  close(): void {
    // A read of a pipe may never end: nobody waits for it.
    this.#file?.then((file) => file.close()).catch(() => {});
  }

  async #read(): Promise<number> {
    this.#file ??= open(this.#path);
    const file = await this.#file;
    const { bytesRead } = await file.read(this.#buffers[this.#turn] as Buffer, ROOM_BYTES, CHUNK_BYTES, null);
    return bytesRead;
  }
}

/** The pieces of a file, of a pipe that has a name, or of stdin (`-`). */
export function openChunks(path: string, gzip: boolean): Chunks {
  if (!gzip) return path === '-' ? streamChunks(process.stdin) : fileChunks(path);
  const compressed = path === '-' ? process.stdin : createReadStream(path);
  const plain = createGunzip();
  compressed.on('error', (error: Error) => plain.destroy(error));
  compressed.pipe(plain);
  const chunks = streamChunks(plain);
  return {
    ...chunks,
    close() {
      compressed.destroy();
      chunks.close();
    },
  };
}

/** The pieces of a stream, as they come. */
function streamChunks(stream: Readable): Chunks {
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let coming: Promise<IteratorResult<Buffer>> | undefined;
  return {
    async after(rest) {
      coming ??= pieces.next();
      const { done, value } = await coming;
      coming = undefined;
      if (done) return undefined;
      // The next piece is on its way while this one is worked on.
      coming = pieces.next();
      coming.catch(() => {}); // told by the call that waits for it
      return rest.length === 0 ? value : Buffer.concat([rest, value]);
    },
    close: () => void stream.destroy(),
  };
}
