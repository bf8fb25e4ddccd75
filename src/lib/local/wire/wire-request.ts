import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** A request as the router and the protocols see it, whatever carried it. */
export interface WireRequest {
  method: string;
  /** Still percent-encoded. */
  path: string;
  /** As it was sent, still percent-encoded, without the question mark. */
  rawQuery: string;
  query: [name: string, value: string][];
  /** Lower-case names. */
  headers: IncomingHttpHeaders;
  /** Names and values in turn, as they were sent. */
  rawHeaders: readonly string[];
  /** Without the port, lower case. */
  host: string;
  /** The whole body, bounded and without aws-chunked or gzip framing. @throws AwsError when it is too large or too slow */
  body(limitBytes: number): Promise<Buffer>;
  /** The body as it arrives, without aws-chunked framing. */
  stream(): Readable;
  /** Aborts when the client goes away or the endpoint closes; made on first use. */
  signal(): AbortSignal;
}

/** What goes back. */
export interface WireReply {
  status: number;
  headers: Record<string, string>;
  /** The one header that must not be folded into one line: `Set-Cookie`, once for each. */
  cookies?: readonly string[];
  body: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
}

/** A header's one value. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
