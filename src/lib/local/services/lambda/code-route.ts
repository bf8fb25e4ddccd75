import type { PlainRoute } from '../../wire/dispatch.js';
import type { WireReply } from '../../wire/wire-request.js';
import type { LambdaStore } from './lambda-store.js';

export const CODE_PATH = '/_pipectl/code/';

/**
 * Hands out packages as they were uploaded: what `Code.Location` and a layer's `Content.Location` lead to, as AWS's presigned URLs do.
 * Who does not have the package does not know its name, a SHA-256.
 */
export function codeRoute(store: LambdaStore): PlainRoute {
  return ({ method, path }) => {
    if (method !== 'GET' || !path.startsWith(CODE_PATH)) return undefined;
    return { openTo: 'direct', reply: () => answer(store, path.slice(CODE_PATH.length)) };
  };
}

async function answer(store: LambdaStore, name: string): Promise<WireReply> {
  try {
    const body = await store.code.zip(decodeURIComponent(name));
    return { status: 200, headers: { 'content-type': 'application/zip' }, body };
  } catch {
    return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'There is no such package.\n' };
  }
}
