// A request's body: bounded in size and time, out of its aws-chunked or gzip framing.
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';
import { decodeAwsChunked, keepTrailers } from './aws-chunked.js';
import { AwsError } from './aws-error.js';
import { asSerializationError, BadInput } from './bad-input.js';
import { headerOf } from './wire-request.js';

/** A sender that is slower holds a connection and a file for nothing. */
const LEAST_BYTES_PER_MS = 1.024;

const gunzip = promisify(gunzipCallback);

export interface RequestBody {
  /** @throws AwsError when it is larger than `limitBytes`, slower than allowed, cut off, or badly framed */
  whole(limitBytes: number): Promise<Buffer>;
  stream(): Readable;
}

export function requestBody(source: Readable, headers: IncomingHttpHeaders, timeoutMs: number): RequestBody {
  let whole: Promise<Buffer> | undefined;
  let stream: Readable | undefined;
  const unframed = (): Readable => {
    const bytes = watch(source, timeoutMs);
    if (!isAwsChunked(headers)) return Readable.from(bytes, { objectMode: false });
    const trailers = new Map<string, string>();
    const body = Readable.from(decodeAwsChunked(bytes, trailers), { objectMode: false });
    keepTrailers(body, trailers);
    return body;
  };
  return {
    stream: () => (stream ??= unframed()),
    whole(limitBytes) {
      const announced = Number(headers['content-length'] ?? 0);
      if (announced > limitBytes) return Promise.reject(tooLarge(limitBytes));
      whole ??= collect(isAwsChunked(headers) ? unframed() : source, source, limitBytes, timeoutMs).then((bytes) =>
        isGzip(headers) ? unzip(bytes, limitBytes) : bytes,
      );
      return whole;
    },
  };
}

const isAwsChunked = (headers: IncomingHttpHeaders): boolean =>
  headerOf(headers, 'content-encoding')?.includes('aws-chunked') === true ||
  headerOf(headers, 'x-amz-content-sha256')?.startsWith('STREAMING-') === true;

/**
 * The chunks of a body that is read as it comes. Only the time that its reader waits counts, so a slow reader is nobody's fault.
 * The connection is left open when the reader stops early: its answer is still to be sent.
 * @throws AwsError when the sender pauses for longer than `timeoutMs`, drips bytes for longer than that, or goes away
 */
async function* watch(source: Readable, timeoutMs: number): AsyncGenerator<Buffer> {
  const chunks = source.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  let timer: NodeJS.Timeout | undefined;
  let creditMs = timeoutMs;
  try {
    for (;;) {
      const sinceMs = performance.now();
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(slow()), Math.min(timeoutMs, creditMs));
      });
      const next = await Promise.race([chunks.next(), late]);
      clearTimeout(timer);
      if (next.done) return;
      creditMs += next.value.length / LEAST_BYTES_PER_MS - (performance.now() - sinceMs);
      yield next.value;
    }
  } catch (error) {
    throw error instanceof AwsError ? error : incomplete();
  } finally {
    clearTimeout(timer);
    chunks.return?.().catch(() => {});
  }
}

/** The SDKs compress large request bodies of operations that allow it, such as PutMetricData. */
const isGzip = (headers: IncomingHttpHeaders): boolean =>
  /(?:^|,\s*)gzip\s*(?:,|$)/.test(headerOf(headers, 'content-encoding') ?? '');

async function unzip(bytes: Buffer, limitBytes: number): Promise<Buffer> {
  try {
    return await gunzip(bytes, { maxOutputLength: limitBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(limitBytes);
    throw asSerializationError(new BadInput('the body is not valid gzip'));
  }
}

const tooLarge = (limitBytes: number): AwsError =>
  new AwsError('RequestEntityTooLargeException', `Request body is larger than ${limitBytes} bytes`, { status: 413 });

function collect(stream: Readable, source: Readable, limitBytes: number, timeoutMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => settle(slow()), timeoutMs);
    const settle = (error?: unknown): void => {
      clearTimeout(timer);
      stream.off('data', onData);
      stream.off('end', onEnd);
      stream.off('close', onClose);
      source.off('aborted', onClose);
      // A late error has nobody to go to, and must not end the process.
      stream.on('error', () => {});
      if (error !== undefined) reject(asSerializationError(error));
      else resolve(parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, size));
    };
    const onData = (part: Buffer): void => {
      size += part.length;
      if (size > limitBytes) settle(tooLarge(limitBytes));
      else parts.push(part);
    };
    const onEnd = (): void => settle();
    const onClose = (): void => settle(incomplete());
    stream.on('data', onData);
    stream.on('end', onEnd);
    stream.on('close', onClose);
    stream.on('error', settle);
    source.on('aborted', onClose);
  });
}

const incomplete = (): AwsError =>
  new AwsError('IncompleteBody', 'The request ended before its body did', { status: 400 });

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const slow = (): AwsError =>
  new AwsError(
    'RequestTimeout',
    'Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.',
    { status: 400 },
  );
