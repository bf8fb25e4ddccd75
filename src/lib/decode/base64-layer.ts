import { unpackBareSnappy } from './bare-snappy.js';
import { detectCompression } from './decompress.js';
import { isKplAggregate } from './kpl-aggregate.js';
import { readableText } from './utf8-text.js';

// Four characters carry three bytes; shorter words than this are too often base64 by accident.
const SHORTEST = 12;
const SHORTEST_UNPADDED = 20;
const STANDARD = /^[A-Za-z0-9+/]+={0,2}$/;
const URL_SAFE = /^[A-Za-z0-9_-]+={0,2}$/;

/**
 * The bytes behind base64 text, in either alphabet, line breaks allowed. Many plain words are valid base64 by accident, so it answers only when what
 * comes out makes sense: compressed data, an aggregate, or readable text.
 */
export function unwrapBase64(text: string, maxBytes: number): Uint8Array | undefined {
  if (text.length < SHORTEST) return undefined;
  const compact = /\s/.test(text) ? text.replace(/[\r\n]+/g, '') : text;
  const alphabet = STANDARD.test(compact) ? 'base64' : URL_SAFE.test(compact) ? 'base64url' : undefined;
  if (!alphabet || compact.length % 4 === 1) return undefined;
  if (compact.length % 4 !== 0 && (compact.endsWith('=') || compact.length < SHORTEST_UNPADDED)) return undefined;
  const bytes = Buffer.from(compact, alphabet);
  const compression = detectCompression(bytes);
  // Of random letters one in a thousand begins like zlib; what programs write begins with an x.
  if (compression !== undefined && (compression !== 'zlib' || bytes[0] === 0x78)) return bytes;
  if (isKplAggregate(bytes)) return bytes;
  return readableText(bytes) !== undefined || unpackBareSnappy(bytes, maxBytes) !== undefined ? bytes : undefined;
}
