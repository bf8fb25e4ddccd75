// Partition keys are short and nearly always ASCII, and for a dozen characters a loop is faster than a call into Node.

const LAST_ASCII = 0x7f;

/** The bytes of a key in UTF-8. */
export function keyByteLength(key: string): number {
  for (let index = 0; index < key.length; index++)
    if (key.charCodeAt(index) > LAST_ASCII) return Buffer.byteLength(key);
  return key.length;
}

/** Writes a key in UTF-8. @returns where it ends */
export function writeKey(buffer: Buffer, start: number, key: string): number {
  for (let index = 0; index < key.length; index++) {
    const code = key.charCodeAt(index);
    if (code > LAST_ASCII) return start + buffer.write(key, start, 'utf8');
    buffer[start + index] = code;
  }
  return start + key.length;
}
