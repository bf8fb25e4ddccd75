import { gunzipSync, inflateSync } from 'node:zlib';

/** Long enough to hold a marker, which is longer than 16 letters. Both alphabets of base64. */
const BASE64 = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
/** Texts in texts in texts; nobody goes deeper on purpose. */
const MAX_DEPTH = 3;
const MAX_UNPACKED_BYTES = 8 * 1024 * 1024;

/**
 * What is written in base64 somewhere in a text, decoded, and unpacked where it is gzip or zlib: a field of a JSON document, say, or a line of
 * a log. What is not base64 but looks like it comes out as nonsense, which holds no marker.
 */
export function encodedTexts(text: string, depth = 1): string[] {
  const found: string[] = [];
  for (const [run] of text.matchAll(BASE64)) {
    // Letters before it may belong to something else, as those of a path do; then it begins at one of four places.
    for (let start = 0; start < 4; start += 1) {
      const inner = decode(run.slice(start));
      found.push(inner);
      if (depth < MAX_DEPTH) found.push(...encodedTexts(inner, depth + 1));
    }
  }
  return found;
}

function decode(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  const options = { maxOutputLength: MAX_UNPACKED_BYTES };
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes, options).toString('latin1');
    if (bytes[0] === 0x78 && bytes.readUInt16BE(0) % 31 === 0) return inflateSync(bytes, options).toString('latin1');
  } catch {
    // It only looked so.
  }
  return bytes.toString('latin1');
}
