import { detectCompression } from './decompress.js';
import { isKplAggregate } from './kpl-aggregate.js';
import { isReadable, utf8Text } from './utf8-text.js';

// Four characters carry three bytes; shorter words than this are too often base64 by accident.
const SHORTEST = 12;
const STANDARD = /^[A-Za-z0-9+/]+={0,2}$/;
const URL_SAFE = /^[A-Za-z0-9_-]+={0,2}$/;

/**
 * The bytes behind base64 text, in either alphabet, line breaks allowed. Many plain words are valid base64 by accident, so it answers only when what
 * comes out makes sense: compressed data, an aggregate, or readable text.
 */
export function unwrapBase64(text: string): Uint8Array | undefined {
  if (text.length < SHORTEST) return undefined;
  const compact = /\s/.test(text) ? text.replace(/[\r\n]+/g, '') : text;
  const alphabet = STANDARD.test(compact) ? 'base64' : URL_SAFE.test(compact) ? 'base64url' : undefined;
  if (!alphabet || compact.length % 4 === 1) return undefined;
  // With padding the length must come out; without it only the URL-safe alphabet is customary.
  if (alphabet === 'base64' && compact.length % 4 !== 0) return undefined;
  const bytes = Buffer.from(compact, alphabet);
  if (detectCompression(bytes) !== undefined || isKplAggregate(bytes)) return bytes;
  const inner = utf8Text(bytes);
  return inner !== undefined && isReadable(inner) ? bytes : undefined;
}
