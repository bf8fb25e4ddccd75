// Who may talk to the endpoint. It listens on loopback, but a web page or a link can make a browser on this machine send requests there:
// straight, or under a host name that the page's owner points at 127.0.0.1 (DNS rebinding). Signatures are not verified here, because
// there are no secrets; their form is, because a browser sends no Authorization or other such header without asking first (a CORS
// preflight), and no preflight is ever answered with leave. https://fetch.spec.whatwg.org/#cors-safelisted-request-header
import type { IncomingHttpHeaders } from 'node:http';
import { isLoopbackName } from '../../shared/loopback.js';
import { isPresigned, isSigned } from './signature-form.js';
import { headerOf, type WireReply, type WireRequest } from './wire-request.js';

/**
 * What may have sent a request, the most trusted first:
 * - `program`: it carries what neither a page nor a link can send
 * - `direct`: curl without a signature, or a browser's address bar
 * - `link`: a web page leads the browser's window here; or a browser does not say what it asks for, as none does to a plain-http host
 *   beyond loopback. Neither can see the answer.
 * - `page`: a web page asks, or embeds the answer
 */
export type Sender = 'program' | 'direct' | 'link' | 'page';

const SENDERS: readonly Sender[] = ['program', 'direct', 'link', 'page'];

/** Whether what is open to `openTo`, and to every sender trusted more, is open to `sender`. */
export const isOpenTo = (openTo: Sender, sender: Sender): boolean => SENDERS.indexOf(sender) <= SENDERS.indexOf(openTo);

export function senderOf(request: WireRequest): Sender {
  const { headers } = request;
  if (headers.origin !== undefined) return 'page';
  const site = headers['sec-fetch-site'];
  if (site === 'none') return 'direct';
  const mode = headers['sec-fetch-mode'];
  // Node's own fetch sends this mode, and no site; every browser that sends a mode sends a site.
  if (site !== undefined || (mode !== undefined && mode !== 'cors')) {
    return mode === 'navigate' && headers['sec-fetch-dest'] === 'document' ? 'link' : 'page';
  }
  if (isBeyondPages(headers)) return 'program';
  return headers['user-agent']?.startsWith(BROWSER) ? 'link' : 'direct';
}

/** How every browser begins its name, and no page can change that without asking. */
const BROWSER = 'Mozilla/';

/** For curl: any value does. */
const OWN_HEADER = 'x-pipectl';
/** The SDKs send the last two with every request, unsigned ones too. */
const ASKED_HEADERS = ['x-amz-target', 'smithy-protocol', OWN_HEADER, 'amz-sdk-invocation-id', 'amz-sdk-request'];
const ASKED_TYPE = /^application\/(x-amz-(json|cbor)-|cbor\b)/i;

const isBeyondPages = (headers: IncomingHttpHeaders): boolean =>
  isSigned(headers) ||
  ASKED_HEADERS.some((name) => headers[name] !== undefined) ||
  ASKED_TYPE.test(headers['content-type'] ?? '');

/** Methods that a page and a link may send without asking, and those of S3 that a browser asks leave for. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const WRITES: ReadonlySet<string> = new Set(['PUT', 'DELETE']);

/** Reads that a presigned GET may do: they change nothing, and a page that leads there cannot see the answer. */
const PRESIGNED_READS: Readonly<Record<string, Sender>> = {
  's3.GetObject': 'link',
  's3.HeadObject': 'link',
  // Amazon EKS and Vault prove who somebody is by it; it always answers the same.
  'sts.GetCallerIdentity': 'direct',
};

/** What a service may open to everybody, object by object; it asks itself. */
const PUBLIC_READS: ReadonlySet<string> = new Set(['s3.GetObject', 's3.HeadObject']);

/** Whether nothing that `mayRun` allows can have this method and sender: such a request is refused before anything of it is read. */
export const isHopeless = (sender: Sender, { method }: Pick<WireRequest, 'method'>): boolean =>
  sender === 'page' || (sender !== 'program' && !READS.has(method) && !WRITES.has(method));

/** Whether an operation is carried out for this sender, or only `if-public`: where its service says that everybody may. */
export function mayRun(point: string, sender: Sender, { method, query }: WireRequest): boolean | 'if-public' {
  if (sender === 'program') return true;
  if (isHopeless(sender, { method })) return false;
  // Anybody can make up a signed query. It counts beside a method that a browser asks leave for.
  if (WRITES.has(method)) return point.startsWith('s3.') && isPresigned(query);
  const openTo = PRESIGNED_READS[point];
  if (openTo !== undefined && isOpenTo(openTo, sender) && isPresigned(query)) return true;
  return PUBLIC_READS.has(point) && 'if-public';
}

/**
 * `example.com:4566` -> `example.com`, lower case. A whole URL, as some clients send it in `Host` and AWS takes it, is read for its host.
 * What is none of these comes back as it is, and is nobody's name.
 */
export function hostName(host: string): string {
  const lower = host.toLowerCase();
  const bare = lower.startsWith('http') ? lower.replace(/^https?:\/\/([^/?#]*).*$/, '$1') : lower;
  return /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(bare)?.[1] ?? lower;
}

/** @param allowedHosts further names this endpoint is reached by, such as `host.docker.internal` */
export const isOwnHost = (host: string, allowedHosts: ReadonlySet<string>): boolean =>
  isLoopbackName(host) || allowedHosts.has(host) || EXECUTE_API.test(host);

/** Names of APIs on AWS, whose clients may be led here: AWS alone says where they point, so no page's owner can point one here. */
const EXECUTE_API = /^[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

export const foreignHost = (host: string): string =>
  `the host "${host}" is not this endpoint's; it answers to localhost, 127.0.0.1, names below localhost, and those of --allow-host`;

/** Why a sender is refused, and what to do about it. */
export function refusal(sender: Sender, headers: IncomingHttpHeaders): string {
  if (sender !== 'direct') {
    const name = SIGNS.find((sign) => headers[sign.toLowerCase()] !== undefined) ?? 'Host';
    return `requests from web pages are refused (${name}: ${headerOf(headers, name.toLowerCase())})`;
  }
  return 'the request is not signed, so a link or a web page can send it. Sign it, as the AWS CLI and the SDKs do, or add a header that web pages cannot send: -H "X-Pipectl: 1"';
}

/** What a browser is known by. */
const SIGNS = ['Origin', 'Sec-Fetch-Site', 'Sec-Fetch-Mode', 'User-Agent'];

/**
 * Makes an answer one that no browser turns into a page of this endpoint's origin: stored HTML would be one that may send any header.
 * Policies add up, so a function's own can only be stricter. https://www.w3.org/TR/CSP3/#multiple-policies
 */
export function disarm(reply: WireReply): WireReply {
  const { headers } = reply;
  const own = headers['content-security-policy'];
  headers['content-security-policy'] = own === undefined ? 'sandbox' : `sandbox, ${own}`;
  headers['x-content-type-options'] = 'nosniff';
  headers['cross-origin-resource-policy'] = 'same-origin';
  return reply;
}
