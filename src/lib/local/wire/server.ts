// One port for every service and protocol: HTTP/1.1 and HTTP/2 side by side, in clear text or under TLS.
import type { Server as Http1Server } from 'node:http';
import type { Http2SecureServer } from 'node:http2';
import type { Socket } from 'node:net';
import { type Clock, systemClock } from '../../shared/clock.js';
import type { AllServices } from '../calls.js';
import type { FaultHooks } from '../faults.js';
import { answer, isClosed } from './answer.js';
import { createDispatch, type Dispatch, type PlainRoute } from './dispatch.js';
import { hostName } from './guard.js';
import { createClearServer, createTlsServer, KEEP_ALIVE_MS, type Request, type Response } from './http-versions.js';
import { listenOn, ownAddresses } from './listen-on.js';
import { refuseBrokenHttp } from './refuse-broken-http.js';
import { requestBody } from './request-body.js';
import type { WireRequest } from './wire-request.js';

export interface ServerOptions {
  port: number;
  /** An address to listen on beside loopback. */
  host?: string;
  tls: boolean;
  accountId: string;
  faults: FaultHooks;
  signal: AbortSignal;
  log(line: string): void;
  clock?: Clock;
  /** Further host names the endpoint is reached by, such as `host.docker.internal`. */
  allowedHosts?: readonly string[];
  /** Plain HTTP beside the services, asked before them. The array may grow while the server runs. */
  plainRoutes?: readonly PlainRoute[];
  /** How long headers, and after them a body, may take to arrive. */
  headersTimeoutMs?: number;
  bodyTimeoutMs?: number;
}

export interface Server {
  url: string;
  port: number;
  /** With TLS: the self-made certificate, in PEM. */
  certificate?: string;
  close(): Promise<void>;
}

/**
 * Listens on loopback, and on `host` where one is given.
 * @throws the listening error, `EADDRINUSE` among them
 */
export async function startServer(services: AllServices, options: ServerOptions): Promise<Server> {
  const clock = options.clock ?? systemClock;
  const bodyTimeoutMs = options.bodyTimeoutMs ?? 60_000;
  const dispatch = createDispatch(services, {
    accountId: options.accountId,
    faults: options.faults,
    allowedHosts: new Set([...(options.allowedHosts ?? []), ...ownAddresses(options.host)]),
    plainRoutes: options.plainRoutes ?? [],
    sleep: (ms, signal) => clock.sleep(ms, signal),
    log: options.log,
  });
  const listener = (request: Request, response: Response): void => {
    serve(dispatch, request, response, bodyTimeoutMs, options.signal).catch((error: unknown) => {
      options.log(`an answer was cut off: ${error instanceof Error ? error.message : error}`);
      response.destroy();
    });
  };
  const headersTimeoutMs = options.headersTimeoutMs ?? 20_000;
  const timeouts = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: 0, // bodies have their own, because uploads to functions and buckets may take their time
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(1_000, headersTimeoutMs),
  };
  const secret = options.tls ? await certificate() : undefined;
  const server = secret ? createTlsServer(listener, timeouts, secret) : createClearServer(listener, timeouts);
  const http1 = server as Http1Server; // the one for TLS is that too, for clients that do not ask for HTTP/2
  http1.maxHeadersCount = 0; // their size is bounded; Node would drop those after the thousandth in silence
  refuseBrokenHttp(http1);
  const sockets = trackSockets(server);
  const { port, close } = await listenOn(server, options);
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    ...(secret && { certificate: secret.cert }),
    close: () =>
      new Promise((resolve) => {
        close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function certificate(): Promise<{ key: string; cert: string }> {
  const { makeCertificate } = await import('./certificate.js');
  return makeCertificate();
}

type AnyServer = Http1Server | Http2SecureServer;

function trackSockets(server: AnyServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

async function serve(
  dispatch: Dispatch,
  request: Request,
  response: Response,
  bodyTimeoutMs: number,
  closing: AbortSignal,
): Promise<void> {
  const wireRequest = toWireRequest(request, bodyTimeoutMs, () => abortedWith(response, closing));
  await answer(request, response, await dispatch(wireRequest));
}

/** A signal that aborts when the answer's connection closes or the endpoint does, and leaves nothing behind on either. */
function abortedWith(response: Response, closing: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => {
    closing.removeEventListener('abort', abort);
    response.off('close', abort);
    controller.abort(new Error(closing.aborted ? 'the endpoint is closing' : 'the client went away'));
  };
  if (closing.aborted || isClosed(response)) abort();
  else {
    closing.addEventListener('abort', abort);
    response.once('close', abort);
  }
  return controller.signal;
}

function toWireRequest(request: Request, bodyTimeoutMs: number, makeSignal: () => AbortSignal): WireRequest {
  let signal: AbortSignal | undefined;
  const { host, url } = placeOf(request);
  const mark = url.indexOf('?');
  const body = requestBody(request, request.headers, bodyTimeoutMs);
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    rawQuery: mark < 0 ? '' : url.slice(mark + 1),
    query: mark < 0 ? [] : [...new URLSearchParams(url.slice(mark + 1))],
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    host: hostName(host),
    body: body.whole,
    stream: body.stream,
    signal: () => (signal ??= makeSignal()),
  };
}

/** Node keeps the first of several and drops the rest in silence; several are nobody's name (RFC 9112, 3.2). */
function hostHeaders({ rawHeaders }: Request): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host');
}

/** The host that is asked, and for what: a request line may hold a whole URL, and that counts before the Host header (RFC 9112, 3.2.2). */
function placeOf(request: Request): { host: string; url: string } {
  const named = request.headers[':authority'] ?? hostHeaders(request).join(', ');
  const host = Array.isArray(named) ? (named[0] ?? '') : named;
  const url = request.url ?? '/';
  const whole = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(url);
  if (!whole) return { host, url };
  const [, authority = '', path = ''] = whole;
  return { host: authority, url: path.startsWith('/') ? path : `/${path}` };
}
