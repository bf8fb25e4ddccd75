import type { PlainRoute } from './wire/dispatch.js';
import type { WireReply } from './wire/wire-request.js';

/**
 * `POST /_pipectl/shutdown`: answers 202, then calls `shutDown`; 409 where nobody said how to. It wants a signature or an `X-Pipectl` header.
 */
export function shutdownRoute(shutDown: (() => void) | undefined): PlainRoute {
  return ({ method, path }) => {
    if (path !== '/_pipectl/shutdown' || method !== 'POST') return undefined;
    return { openTo: 'program', reply: () => close(shutDown) };
  };
}

function close(shutDown: (() => void) | undefined): WireReply {
  const headers = { 'content-type': 'application/json' };
  if (!shutDown) {
    const message = 'This endpoint runs inside another program, which closes it.';
    return { status: 409, headers, body: JSON.stringify({ message }) };
  }
  // After the answer has left.
  setTimeout(shutDown, 50);
  return { status: 202, headers, body: JSON.stringify({ message: 'closing' }) };
}
