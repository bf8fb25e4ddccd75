// One block of Snappy. Our own, because snappyjs 0.7 can loop for ever on hostile lengths: every length here is checked before use.
// https://github.com/google/snappy/blob/main/format_description.txt

/**
 * Unpacks a block, which must end exactly where its announced length says.
 * @throws Error in one sentence when it is broken or announces more than `maxBytes`
 */
export function unpackSnappyBlock(packed: Uint8Array, maxBytes: number): Uint8Array {
  const { length, at: start } = announcedLength(packed);
  if (length > maxBytes) throw new RangeError('it unpacks to more than is allowed');
  // Three bytes unpack to 64 at best; believing more would let a few bytes ask for the whole bound.
  if (length > (packed.length - start) * 22 + 64) throw new Error('it is cut short');
  const out = new Uint8Array(length);
  let at = start;
  let filled = 0;
  while (at < packed.length) {
    const tag = packed[at++] ?? 0;
    const kind = tag & 3;
    if (kind === 0) {
      let size = (tag >> 2) + 1;
      if (size > 60) {
        const sizeBytes = size - 60;
        size = littleEndian(packed, at, sizeBytes) + 1;
        at += sizeBytes;
      }
      if (at + size > packed.length || filled + size > length) throw new Error('it is cut short');
      out.set(packed.subarray(at, at + size), filled);
      at += size;
      filled += size;
      continue;
    }
    const size = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const offsetBytes = kind === 1 ? 1 : kind === 2 ? 2 : 4;
    const offset = littleEndian(packed, at, offsetBytes) + (kind === 1 ? (tag >> 5) << 8 : 0);
    at += offsetBytes;
    if (at > packed.length || filled + size > length) throw new Error('it is cut short');
    if (offset === 0 || offset > filled) throw new Error('it refers to bytes before its start');
    // A copy may overlap what it writes, so it goes byte by byte.
    for (const end = filled + size; filled < end; filled++) out[filled] = out[filled - offset] ?? 0;
  }
  if (filled !== length) throw new Error('it is cut short');
  return out;
}

function announcedLength(packed: Uint8Array): { length: number; at: number } {
  let length = 0;
  for (let at = 0; at < 5; at++) {
    const byte = packed[at];
    if (byte === undefined) break;
    length += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { length, at: at + 1 };
  }
  throw new Error('its length is not valid');
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = 0; index < count; index++) value += (bytes[at + index] ?? 0) * 256 ** index;
  return value;
}
