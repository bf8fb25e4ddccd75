import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** What unpacked bodies may grow to; a recorder is no place for a zip bomb. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/**
 * The rows of a request's body, each as its JSON text. The whole body is refused when one row of it is not JSON: half a batch taken would
 * make a retry look like duplication.
 */
export function readRows(
  body: Uint8Array,
  encoding: string | undefined,
  format: 'ndjson' | 'json',
): { rows: string[] } | { broken: string } {
  let text: string;
  try {
    text = unpack(body, encoding).toString('utf8');
  } catch (error) {
    return { broken: `the body is not ${encoding}: ${(error as Error).message}` };
  }
  if (format === 'json') {
    const document = parse(text);
    if (document === undefined) return { broken: `the body is not JSON: ${excerpt(text)}` };
    return { rows: Array.isArray(document) ? document.map((row) => JSON.stringify(row)) : [text] };
  }
  const rows = text.split('\n').filter((line) => line.trim() !== '');
  const broken = rows.findIndex((row) => parse(row) === undefined);
  return broken < 0
    ? { rows }
    : { broken: `line ${broken + 1} of the body is not JSON: ${excerpt(rows[broken] ?? '')}` };
}

function unpack(body: Uint8Array, encoding: string | undefined): Buffer {
  const options = { maxOutputLength: MAX_UNPACKED_BYTES };
  switch (encoding?.toLowerCase()) {
    case undefined:
    case 'identity':
      return Buffer.from(body);
    case 'gzip':
      return gunzipSync(body, options);
    case 'deflate':
      return inflateSync(body, options);
    case 'br':
      return brotliDecompressSync(body, options);
    default:
      throw new Error('this encoding is not known here');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const excerpt = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
