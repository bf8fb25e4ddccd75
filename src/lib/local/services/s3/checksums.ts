import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The checksums that are computed here. CRC64NVME is stored and given back as it came. */
export type Algorithm = 'CRC32' | 'CRC32C' | 'SHA1' | 'SHA256';
export const ALGORITHMS: readonly Algorithm[] = ['CRC32', 'CRC32C', 'SHA1', 'SHA256'];

export interface Digest {
  update(bytes: Uint8Array): void;
  /** The finished sum; call once. */
  sum(): Buffer;
}

export function createDigest(algorithm: Algorithm | 'MD5'): Digest {
  if (algorithm === 'CRC32') return crcDigest((bytes, value) => crc32(bytes, value));
  if (algorithm === 'CRC32C') return crcDigest(crc32c);
  const hash = createHash(algorithm.toLowerCase());
  return { update: (bytes) => void hash.update(bytes), sum: () => hash.digest() };
}

function crcDigest(step: (bytes: Uint8Array, value: number) => number): Digest {
  let value = 0;
  return {
    update: (bytes) => {
      value = step(bytes, value);
    },
    sum() {
      const sum = Buffer.alloc(4);
      sum.writeUInt32BE(value);
      return sum;
    },
  };
}

/** Castagnoli's polynomial, reflected. */
const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

function crc32c(bytes: Uint8Array, previous: number): number {
  let value = ~previous >>> 0;
  for (const byte of bytes) value = (CRC32C_TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}
