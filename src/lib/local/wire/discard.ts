import { Readable } from 'node:stream';
import type { WireReply } from './wire-request.js';

/**
 * Ends a body that nobody will read, so that what feeds it stops and its file is closed. A stream is destroyed: the iterator of one that
 * has not begun to be read does nothing when it is told to return.
 */
export async function discard(body: WireReply['body']): Promise<void> {
  if (body instanceof Readable) body.destroy();
  else if (isStream(body)) await body[Symbol.asyncIterator]().return?.();
}

export const isStream = (body: WireReply['body']): body is AsyncIterable<Uint8Array> =>
  typeof body === 'object' && !(body instanceof Uint8Array);
