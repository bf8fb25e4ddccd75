import type { WireReply } from './wire-request.js';

/** https://www.rfc-editor.org/rfc/rfc9110#section-5.1 and 5.5: a token, and text of ISO-8859-1 without line breaks. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const FOREIGN = /[^\t\x20-\x7e\x80-\xff]/;

/** The first header of a reply that HTTP cannot carry. Node throws on it, in the middle of an answer. */
export function unsendable({ headers, cookies = [] }: Pick<WireReply, 'headers' | 'cookies'>): string | undefined {
  for (const name in headers) if (!NAME.test(name) || FOREIGN.test(headers[name] ?? '')) return name;
  return cookies.some((cookie) => FOREIGN.test(cookie)) ? 'set-cookie' : undefined;
}
