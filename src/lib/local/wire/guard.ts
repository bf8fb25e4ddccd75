// Who may talk to the endpoint. It listens on loopback, but a web page can make a browser on this machine send requests there:
// straight (which carries an Origin), or under a host name of its own that it points at 127.0.0.1 (DNS rebinding, a foreign Host).
import type { IncomingHttpHeaders } from 'node:http';
import { isLoopbackName } from '../../shared/loopback.js';
import { headerOf } from './wire-request.js';

/** `example.com:4566` -> `example.com`, lower case. */
export function hostName(host: string): string {
  const lower = host.toLowerCase();
  const colon = lower.lastIndexOf(':');
  return colon > lower.lastIndexOf(']') ? lower.slice(0, colon) : lower;
}

/**
 * Why a request is refused, or undefined when it is welcome.
 * @param allowedHosts further names this endpoint is reached by, such as `host.docker.internal`
 */
export function refusal(
  host: string,
  headers: IncomingHttpHeaders,
  allowedHosts: ReadonlySet<string>,
): string | undefined {
  if (headers.origin !== undefined) {
    return `requests from web pages are refused (Origin: ${headerOf(headers, 'origin')})`;
  }
  const site = headerOf(headers, 'sec-fetch-site');
  if (site !== undefined && site !== 'none' && site !== 'same-origin') {
    return `requests from web pages are refused (Sec-Fetch-Site: ${site})`;
  }
  if (isLoopbackName(host) || allowedHosts.has(host)) return undefined;
  return `the host "${host}" is not this endpoint's; it answers to localhost, 127.0.0.1, names below localhost, and those of --allow-host`;
}
