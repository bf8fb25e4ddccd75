import type { PlainRoute } from '../../wire/dispatch.js';
import type { LambdaStore } from './lambda-store.js';

export const CODE_PATH = '/_pipectl/code/';

/** Hands out packages as they were uploaded: what `Code.Location` and a layer's `Content.Location` lead to. */
export function codeRoute(store: LambdaStore): PlainRoute {
  return ({ method, path }) => {
    if (method !== 'GET' || !path.startsWith(CODE_PATH)) return undefined;
    const sha256 = decodeURIComponent(path.slice(CODE_PATH.length));
    return store.code.zip(sha256).then(
      (body) => ({ status: 200, headers: { 'content-type': 'application/zip' }, body }),
      () => ({ status: 404, headers: { 'content-type': 'text/plain' }, body: 'There is no such package.\n' }),
    );
  };
}
