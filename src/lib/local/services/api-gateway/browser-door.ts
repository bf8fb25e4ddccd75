// APIs are what web pages may reach at this endpoint, each as far as its own CORS answers let them.
// https://fetch.spec.whatwg.org/#http-cors-protocol
import type { PlainAnswer } from '../../wire/dispatch.js';
import { headerOf, type WireReply, type WireRequest } from '../../wire/wire-request.js';

export interface Door {
  reply(): Promise<WireReply>;
  /** What the API answers to a preflight of this request. */
  preflight(): Promise<WireReply>;
}

/**
 * Lets programs in, and pages that ask by CORS: a browser keeps the answer from a page that the API does not name. Links, forms, images
 * and frames of pages ask for no leave and get none. A page may send a POST without asking; here the API is asked first, in the page's
 * stead, so that an API without CORS is never called by a page.
 */
export function browserDoor(request: WireRequest, { reply, preflight }: Door): PlainAnswer {
  const origin = headerOf(request.headers, 'origin');
  if (origin === undefined) return { openTo: 'direct', reply };
  const mode = request.headers['sec-fetch-mode'];
  if (mode !== undefined && mode !== 'cors') return { openTo: 'direct', reply };
  if (request.method !== 'POST' || !isUnasked(headerOf(request.headers, 'content-type'))) {
    return { openTo: 'page', reply };
  }
  return {
    openTo: 'page',
    async reply() {
      const { headers } = await preflight();
      const allowed = headers['access-control-allow-origin'];
      return allowed === '*' || allowed === origin ? reply() : refused(origin);
    },
  };
}

/** Whether a browser sends a body of this type to another origin without a preflight. */
const isUnasked = (type: string | undefined): boolean =>
  type === undefined || /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(;|$)/i.test(type);

const refused = (origin: string): WireReply => ({
  status: 403,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: `pipectl: the API's CORS settings do not allow ${origin}` }),
});

/** The preflight that stands for a request. */
export const asPreflight = (request: WireRequest): WireRequest => ({
  ...request,
  method: 'OPTIONS',
  headers: {
    host: request.headers.host,
    origin: request.headers.origin,
    'access-control-request-method': request.method,
  },
  body: async () => Buffer.alloc(0),
});
