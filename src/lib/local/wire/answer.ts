// Sends a reply over HTTP/1.1 or HTTP/2.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { discard, isStream } from './discard.js';
import type { WireReply } from './wire-request.js';

/** How long the rest of a body that nobody reads may still come, so that a client reads its answer before the connection ends. */
const DRAIN_MS = 2_000;

const NOTHING = Buffer.alloc(0);

/** Resolves when the reply is handed over, or when the client has gone away; ends its body in any case. */
export async function answer(
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
  { status, headers, cookies, body }: WireReply,
): Promise<void> {
  if (isClosed(response)) return discard(body);
  const isHttp1 = request.httpVersionMajor === 1;
  if (!request.complete) finishUnread(request, isHttp1 ? headers : undefined);
  if (cookies && cookies.length > 0) response.setHeader('set-cookie', [...cookies]);
  if (!isStream(body)) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    if (request.method !== 'HEAD' && status !== 204 && status !== 304) {
      headers['content-length'] = String(bytes?.byteLength ?? 0);
    }
    response.writeHead(status, headers);
    if (request.method === 'HEAD' || bytes === undefined) response.end();
    else response.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return;
  }
  try {
    response.writeHead(status, headers);
  } catch (error) {
    await discard(body);
    throw error;
  }
  if (request.method === 'HEAD') {
    response.end();
    return discard(body);
  }
  // At once, although the first piece may be long in coming. HTTP/1.1's flushHeaders would write ISO-8859-1 as UTF-8.
  if (!('stream' in response)) response.write(NOTHING);
  try {
    await pipeline(Readable.from(body, { objectMode: false }), response);
  } catch (error) {
    // A client that goes away in the middle of an answer is its own business.
    if (!isGone(error)) throw error;
  }
}

/** Whether the client has gone. HTTP/2's answers do not say so themselves, their streams do. */
export const isClosed = (response: ServerResponse | Http2ServerResponse): boolean =>
  'stream' in response ? response.stream.destroyed : response.destroyed;

function isGone(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return (
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    code === 'ERR_HTTP2_INVALID_STREAM'
  );
}

/** Answers early: the rest of the body is let through for a moment, then the connection ends. */
function finishUnread(
  request: IncomingMessage | Http2ServerRequest,
  http1Headers: WireReply['headers'] | undefined,
): void {
  if (http1Headers) http1Headers.connection = 'close';
  const timer = setTimeout(() => request.destroy(), DRAIN_MS);
  timer.unref();
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
  request.on('error', () => {});
  request.resume();
}
