// HTTP/1.1 and HTTP/2 behind one port. Which of them a connection speaks is told by ALPN where TLS has it, else by its first bytes.
import {
  createServer as createHttp1,
  type Server as Http1Server,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import {
  createServer as createHttp2,
  createSecureServer,
  type Http2SecureServer,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { boundSessions } from './bound-sessions.js';

export type Request = IncomingMessage | Http2ServerRequest;
export type Response = ServerResponse | Http2ServerResponse;

type Listener = (request: Request, response: Response) => void;

const HTTP2_PREFACE = 'PRI';
export const KEEP_ALIVE_MS = 72_000;

/** In clear text: clients with prior knowledge of HTTP/2 open with its preface. */
export function createClearServer(listener: Listener, timeouts: { headersTimeout: number }): Http1Server {
  const http1 = createHttp1(timeouts, listener);
  const http2: Http2Server = createHttp2(listener);
  http2.on('sessionError', () => {});
  boundSessions(http2, { firstMs: timeouts.headersTimeout, idleMs: KEEP_ALIVE_MS });
  const asHttp1 = http1.listeners('connection');
  http1.removeAllListeners('connection');
  http1.on('connection', (socket: Socket) => {
    byFirstBytes(socket, timeouts.headersTimeout, (isHttp2) => {
      if (isHttp2) http2.emit('connection', socket);
      else for (const handle of asHttp1) handle.call(http1, socket);
    });
  });
  return http1;
}

/** Under TLS. The AWS SDK for Java speaks HTTP/2 to Kinesis without asking for it by ALPN, and so does the KCL, which rests on it. */
export function createTlsServer(
  listener: Listener,
  timeouts: { headersTimeout: number },
  secret: { key: string; cert: string },
): Http2SecureServer {
  const handshakeTimeout = timeouts.headersTimeout;
  const server = createSecureServer({ ...secret, ...timeouts, handshakeTimeout, allowHTTP1: true }, listener);
  boundSessions(server, { firstMs: timeouts.headersTimeout, idleMs: KEEP_ALIVE_MS });
  const byAlpn = server.listeners('secureConnection');
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    const serve = (): void => {
      for (const handle of byAlpn) handle.call(server, socket);
    };
    if (socket.alpnProtocol !== false) serve();
    else {
      byFirstBytes(socket, timeouts.headersTimeout, (isHttp2) => {
        if (isHttp2) socket.alpnProtocol = 'h2'; // what Node's server goes by
        serve();
      });
    }
  });
  return server;
}

/** Calls `decide` when enough bytes are there to tell; they are still to be read then. */
function byFirstBytes(socket: Socket, timeoutMs: number, decide: (isHttp2: boolean) => void): void {
  // A connection that says nothing is closed like one whose headers never end.
  const silent = setTimeout(() => socket.destroy(), timeoutMs);
  socket.on('error', () => {});
  socket.once('close', () => clearTimeout(silent));
  const onEnd = (): void => void socket.destroy(); // without a word
  let seen: Buffer = Buffer.alloc(0);
  const onReadable = (): void => {
    const part: Buffer | null = socket.read();
    if (!part) return;
    seen = seen.length === 0 ? part : Buffer.concat([seen, part]);
    const start = seen.toString('latin1', 0, HTTP2_PREFACE.length);
    if (start.length < HTTP2_PREFACE.length && HTTP2_PREFACE.startsWith(start)) return;
    clearTimeout(silent);
    socket.off('readable', onReadable);
    socket.off('end', onEnd);
    socket.unshift(seen);
    const isHttp2 = start === HTTP2_PREFACE;
    // HTTP/1.1 servers accept half-open connections; a session of HTTP/2 would never learn that its client left.
    if (isHttp2) socket.allowHalfOpen = false;
    decide(isHttp2);
  };
  socket.on('readable', onReadable);
  socket.on('end', onEnd);
}
