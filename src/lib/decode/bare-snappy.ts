import { detectCompression } from './decompress.js';
import { isKplAggregate } from './kpl-aggregate.js';
import { unpackSnappyBlock } from './snappy-block.js';
import { readableText } from './utf8-text.js';

/**
 * What a bare block of Snappy holds. It has no signature, so it is believed only when the whole of the bytes is one block, from start to end, and sense comes
 * out: readable text, an aggregate, or compressed data (not zlib, whose two bytes prove little).
 */
export function unpackBareSnappy(bytes: Uint8Array, maxBytes: number): Uint8Array | undefined {
  let plain: Uint8Array;
  try {
    plain = unpackSnappyBlock(bytes, maxBytes);
  } catch {
    return undefined;
  }
  if (plain.length === 0) return undefined;
  const inner = detectCompression(plain);
  const makesSense =
    (inner !== undefined && inner !== 'zlib') || isKplAggregate(plain) || readableText(plain) !== undefined;
  return makesSense ? plain : undefined;
}
