import { decompress, detectCompression } from '../decode/decompress.js';
import { withoutMarkers } from './plain-markers.js';

/**
 * Runs of base64, in both alphabets, that are long enough to hold the shortest marker; also in lines of up to 76 letters, as MIME breaks them.
 * https://datatracker.ietf.org/doc/html/rfc2045#section-6.8
 */
const BASE64 = /(?:[A-Za-z0-9+/]{60,76}\r?\n)+[A-Za-z0-9+/]*={0,2}|[A-Za-z0-9+/_-]{22,}={0,2}/g;
const MAX_UNPACKED_BYTES = 8 * 1024 * 1024;

/**
 * What is written in base64 in a text, decoded one layer deep and unpacked if it is compressed: a field of a JSON document, say, or a line of
 * a log. What is not base64 but looks like it comes out as nonsense, which holds no marker. No occurrence comes out twice.
 */
export function encodedTexts(text: string): string[] {
  const found: string[] = [];
  // A marker would be taken for base64 itself, and most texts hold nothing else that is so long.
  for (const [run] of withoutMarkers(text).matchAll(BASE64)) {
    const letters = run.includes('\n') ? run.replace(/[\r\n]+/g, '') : run;
    // Letters before it may belong to something else, as those of a path do; then it begins at one of four places.
    for (let start = 0; start < 4; start += 1) found.push(decode(letters.slice(start)));
  }
  return found;
}

function decode(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  const compression = detectCompression(bytes);
  if (compression === undefined) return bytes.toString('latin1');
  try {
    return Buffer.from(decompress(bytes, compression, MAX_UNPACKED_BYTES)).toString('latin1');
  } catch {
    return bytes.toString('latin1'); // It only looked so.
  }
}
