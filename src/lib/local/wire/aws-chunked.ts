import { AwsError } from './aws-error.js';

const MAX_LINE_BYTES = 16 * 1024;

/**
 * Takes the framing off an aws-chunked body (S3's streaming signatures and trailing checksums):
 * `size[;chunk-signature=…]` CRLF data CRLF … `0` CRLF trailers.
 * @throws AwsError when the framing is broken or the body ends before its last chunk
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string> = new Map(),
): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  let left = 0;
  let state = 'size' as 'size' | 'data' | 'end-of-data' | 'trailers';
  for await (const part of source) {
    pending = pending.length > 0 ? Buffer.concat([pending, part]) : part;
    for (;;) {
      if (state === 'data') {
        if (pending.length === 0) break;
        const data = pending.subarray(0, left);
        pending = pending.subarray(data.length);
        left -= data.length;
        yield data;
        if (left > 0) break;
        state = 'end-of-data';
      }
      const end = pending.indexOf('\r\n');
      if (end < 0) {
        if (pending.length > MAX_LINE_BYTES) throw broken('a line has no end');
        break;
      }
      const line = pending.subarray(0, end).toString('latin1');
      pending = pending.subarray(end + 2);
      if (state === 'end-of-data') {
        if (line !== '') throw broken('a chunk is longer than its size');
        state = 'size';
      } else if (state === 'size') {
        left = sizeOf(line);
        state = left > 0 ? 'data' : 'trailers';
      } else if (state === 'trailers') {
        const colon = line.indexOf(':');
        if (colon > 0) trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
      }
    }
  }
  if (state !== 'trailers') throw broken('it ends before its last chunk');
}

function sizeOf(line: string): number {
  const [text = ''] = line.split(';');
  if (!/^[0-9a-fA-F]{1,12}$/.test(text)) throw broken(`"${text}" is no size`);
  return Number.parseInt(text, 16);
}

const broken = (why: string): AwsError =>
  new AwsError('IncompleteBody', `The aws-chunked framing of the body is broken: ${why}`, { status: 400 });

const trailersByStream = new WeakMap<object, ReadonlyMap<string, string>>();

/** Marks a body as one whose trailers will be known at its end. */
export const keepTrailers = (body: object, trailers: ReadonlyMap<string, string>): void => {
  trailersByStream.set(body, trailers);
};

/** The trailers of a body that has been read to its end, by lower-case name; undefined for one that was not aws-chunked. */
export const trailersOf = (body: unknown): ReadonlyMap<string, string> | undefined =>
  typeof body === 'object' && body !== null ? trailersByStream.get(body) : undefined;
