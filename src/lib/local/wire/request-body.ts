// A request's body: bounded in size and time, out of its aws-chunked or gzip framing.
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';
import { decodeAwsChunked } from './aws-chunked.js';
import { AwsError } from './aws-error.js';
import { asSerializationError, BadInput } from './bad-input.js';
import { headerOf } from './wire-request.js';

const gunzip = promisify(gunzipCallback);

export interface RequestBody {
  /** @throws AwsError when it is larger than `limitBytes`, slower than allowed, cut off, or badly framed */
  whole(limitBytes: number): Promise<Buffer>;
  stream(): Readable;
}

export function requestBody(source: Readable, headers: IncomingHttpHeaders, timeoutMs: number): RequestBody {
  let whole: Promise<Buffer> | undefined;
  let stream: Readable | undefined;
  const open = (): Readable => (stream ??= unframe(source, headers));
  return {
    stream: open,
    whole(limitBytes) {
      const announced = Number(headers['content-length'] ?? 0);
      if (announced > limitBytes) return Promise.reject(tooLarge(limitBytes));
      whole ??= collect(open(), source, limitBytes, timeoutMs).then((bytes) =>
        isGzip(headers) ? unzip(bytes, limitBytes) : bytes,
      );
      return whole;
    },
  };
}

function unframe(source: Readable, headers: IncomingHttpHeaders): Readable {
  const encoding = headerOf(headers, 'content-encoding') ?? '';
  const isChunked =
    encoding.includes('aws-chunked') || headerOf(headers, 'x-amz-content-sha256')?.startsWith('STREAMING-') === true;
  return isChunked ? Readable.from(decodeAwsChunked(source), { objectMode: false }) : source;
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
    const onClose = (): void =>
      settle(new AwsError('IncompleteBody', 'The request ended before its body did', { status: 400 }));
    stream.on('data', onData);
    stream.on('end', onEnd);
    stream.on('close', onClose);
    stream.on('error', settle);
    source.on('aborted', onClose);
  });
}

const slow = (): AwsError => new AwsError('RequestTimeout', 'The request body did not arrive in time', { status: 408 });
