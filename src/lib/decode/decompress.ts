// Compressed data is recognised by its first bytes and unpacked within a bound, so that a small hostile record cannot fill the memory.
import { gunzipSync, inflateSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import { isSnappyFramed, isSnappyXerial, unframeSnappy, unwrapXerial } from './snappy-frames.js';

export type Compression = 'gzip' | 'zlib' | 'zstd' | 'snappy';

/** Which compression the first bytes announce. A bare Snappy block announces nothing: see `unpackBareSnappy`. */
export function detectCompression(bytes: Uint8Array): Compression | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === undefined || second === undefined) return undefined;
  if (first === 0x1f && second === 0x8b) return 'gzip';
  if (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) return 'zstd';
  if (isSnappyFramed(bytes) || isSnappyXerial(bytes)) return 'snappy';
  // RFC 1950: deflate with a window of up to 32 KiB, and a header that divides by 31.
  if ((first & 0x0f) === 8 && first >> 4 <= 7 && ((first << 8) | second) % 31 === 0) return 'zlib';
  return undefined;
}

/** @throws Error in one sentence when the data are broken or would unpack to more than `maxBytes` */
export function decompress(bytes: Uint8Array, compression: Compression, maxBytes: number): Uint8Array {
  try {
    switch (compression) {
      case 'gzip':
        return gunzipSync(bytes, { maxOutputLength: maxBytes });
      case 'zlib':
        return inflateSync(bytes, { maxOutputLength: maxBytes });
      case 'zstd':
        return unpackZstd(bytes, maxBytes);
      case 'snappy':
        return isSnappyFramed(bytes) ? unframeSnappy(bytes, maxBytes) : unwrapXerial(bytes, maxBytes);
    }
  } catch (error) {
    throw new Error(explain(error), { cause: error });
  }
}

const WINDOW = 'window';

function unpackZstd(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  if (zstdWindowBytes(bytes) > Math.max(maxBytes, 8 * 1024 * 1024)) throw new RangeError(WINDOW);
  const stream = new Decompress((part) => {
    total += part.length;
    if (total > maxBytes) throw new RangeError('output');
    parts.push(part);
  });
  stream.push(bytes, true);
  return Buffer.concat(parts, total);
}

/** The memory that a frame's header asks for before a byte is unpacked (RFC 8878, 3.1.1.1). */
function zstdWindowBytes(bytes: Uint8Array): number {
  const descriptor = bytes[4] ?? 0;
  const singleSegment = (descriptor & 0x20) !== 0;
  if (!singleSegment) {
    const window = bytes[5] ?? 0;
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  const sizeFlag = descriptor >> 6;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = sizeFlag === 0 ? 1 : 2 ** sizeFlag;
  let size = 0;
  for (let index = 0; index < sizeBytes; index++) size += (bytes[5 + dictionaryBytes + index] ?? 0) * 256 ** index;
  return size;
}

function explain(error: unknown): string {
  if (error instanceof RangeError)
    return error.message === WINDOW
      ? 'unpacking it takes more memory than is allowed'
      : 'it unpacks to more than is allowed';
  const code = (error as { code?: unknown }).code;
  if (code === 'ERR_BUFFER_TOO_LARGE') return 'it unpacks to more than is allowed';
  if (code === 'Z_BUF_ERROR') return 'it is cut short';
  if (error instanceof Error && error.message === 'unexpected EOF') return 'it is cut short'; // fzstd's word for it
  return error instanceof Error ? error.message : String(error);
}
