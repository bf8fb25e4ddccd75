// Snappy in its two dresses with a signature: the framing format ("sNaPpY"), and snappy-java's blocks ("SNAPPY").
// https://github.com/google/snappy/blob/main/framing_format.txt
import { unpackSnappyBlock } from './snappy-block.js';

const FRAMING = Buffer.from([0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]);
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

export const isSnappyFramed = (bytes: Uint8Array): boolean => startsWith(bytes, FRAMING);
export const isSnappyXerial = (bytes: Uint8Array): boolean => startsWith(bytes, XERIAL);

/** @throws Error in one sentence when a chunk is broken, or the whole would exceed `maxBytes` */
export function unframeSnappy(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = new Parts(maxBytes);
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) throw new Error('it is cut short');
    const type = bytes[at];
    const length = view.getUint32(at, true) >>> 8;
    const body = bytes.subarray(at + 4, at + 4 + length);
    if (body.length < length) throw new Error('it is cut short');
    if (type === 0x00 || type === 0x01) {
      if (length < 4) throw new Error('it is cut short');
      const packed = body.subarray(4);
      const plain = type === 0x00 ? unpackSnappyBlock(packed, parts.left) : packed;
      if (maskedCrc32c(plain) !== view.getUint32(at + 4, true)) throw new Error('its checksum does not match');
      parts.add(plain);
    } else if (type !== undefined && type >= 0x02 && type <= 0x7f) {
      throw new Error(`it has a chunk of the unknown type ${type}`);
    }
    at += 4 + length;
  }
  return parts.join();
}

/** @throws Error in one sentence when a block is broken, or the whole would exceed `maxBytes` */
export function unwrapXerial(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = new Parts(maxBytes);
  let at = XERIAL_HEADER_BYTES;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) throw new Error('it is cut short');
    const length = view.getUint32(at, false);
    const block = bytes.subarray(at + 4, at + 4 + length);
    if (block.length < length) throw new Error('it is cut short');
    parts.add(unpackSnappyBlock(block, parts.left));
    at += 4 + length;
  }
  return parts.join();
}

class Parts {
  readonly #parts: Uint8Array[] = [];
  left: number;
  constructor(maxBytes: number) {
    this.left = maxBytes;
  }
  add(part: Uint8Array): void {
    this.left -= part.length;
    if (this.left < 0) throw new Error('it unpacks to more than is allowed');
    this.#parts.push(part);
  }
  join(): Uint8Array {
    return this.#parts.length === 1 && this.#parts[0] ? this.#parts[0] : Buffer.concat(this.#parts);
  }
}

const CRC32C = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

export function maskedCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC32C[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const startsWith = (bytes: Uint8Array, prefix: Uint8Array): boolean =>
  bytes.length >= prefix.length && prefix.every((byte, index) => bytes[index] === byte);
