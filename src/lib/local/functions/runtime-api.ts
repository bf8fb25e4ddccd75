import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { SYNC_PAYLOAD_BYTES } from '../../shared/payload-limit.js';
import type { Invocation } from './function-spec.js';

/** What a runtime says through the Runtime API. */
export type RuntimeReport = (
  | { kind: 'response'; payload: Buffer; contentType: string }
  | { kind: 'error'; payload: Buffer; errorType: string }
  | { kind: 'too-large'; payloadBytes: number }
) & {
  requestId: string;
  /** How much the process had written into its log by then. Only our own bootstraps say so. */
  loggedBytes?: number | undefined;
  /** The most memory it ever had. Only our own bootstraps say so, and only where the host cannot read it. */
  peakKb?: number | undefined;
};

export interface RuntimeApiEvents {
  /** The runtime asks for work; the first time, its init is over. */
  onNext(): void;
  onReport(report: RuntimeReport): void;
  onInitError(payload: Buffer, errorType: string): void;
}

/** The Lambda Runtime API for one process. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export interface RuntimeApi {
  /** Answers the runtime's waiting request. Call only after `onNext`. */
  hand(invocation: Invocation, deadlineMs: number): void;
  /** Whether the process went away without reading what it was handed: its end of the connection was reset, not closed. */
  readonly untaken: boolean;
  close(): void;
}

export interface RuntimeServer extends RuntimeApi {
  /** `127.0.0.1:PORT`, for AWS_LAMBDA_RUNTIME_API. */
  address: string;
}

export const nextPath = '/2018-06-01/runtime/invocation/next';
export const initErrorPath = '/2018-06-01/runtime/init/error';
export const REPORT_PATH = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;

/** On a loopback port of its own: a runtime can reach only its own invocations, and clients that know no path prefix (Rust's) work. */
export async function startRuntimeServer(events: RuntimeApiEvents): Promise<RuntimeServer> {
  let waiting: ServerResponse | undefined;
  let handedTo: Duplex | undefined;
  let untaken = false;
  let address = '';

  const next = (res: ServerResponse): void => {
    handedTo = undefined;
    waiting = res;
    res.once('close', () => {
      if (waiting === res) waiting = undefined;
    });
    events.onNext();
  };

  const report = (req: IncomingMessage, res: ServerResponse, requestId: string, kind: string): void => {
    readBody(req, (payload, payloadBytes) => {
      if (payload === undefined) {
        const limit = `Exceeded maximum allowed payload size (${SYNC_PAYLOAD_BYTES} bytes).`;
        answer(res, 413, { errorMessage: limit, errorType: 'RequestEntityTooLarge' });
        return events.onReport({ kind: 'too-large', requestId, payloadBytes });
      }
      answer(res, 202, { status: 'OK' });
      const late = req.trailers['lambda-runtime-function-error-type'];
      if (late !== undefined) return events.onReport({ kind: 'error', requestId, ...lateError(req, late) });
      if (kind === 'error') return events.onReport({ kind: 'error', requestId, payload, errorType: errorTypeOf(req) });
      const contentType = String(req.headers['content-type'] ?? 'application/json');
      return events.onReport({ kind: 'response', requestId, payload, contentType });
    });
  };

  const initError = (req: IncomingMessage, res: ServerResponse): void => {
    readBody(req, (payload) => {
      answer(res, 202, { status: 'OK' });
      events.onInitError(payload ?? Buffer.from('{}'), errorTypeOf(req));
    });
  };

  const timeouts = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 };
  const server = createServer({ noDelay: true, ...timeouts }, (req, res) => {
    // A web page must not be able to take an invocation, so what a browser sends is refused.
    if (req.headers.origin !== undefined || req.headers.host !== address) return answer(res, 403, FORBIDDEN);
    if (req.url === nextPath && req.method === 'GET') return next(res);
    if (req.url === initErrorPath && req.method === 'POST') return initError(req, res);
    const [, requestId, kind] = REPORT_PATH.exec(req.url ?? '') ?? [];
    if (requestId !== undefined && kind !== undefined && req.method === 'POST') {
      handedTo = undefined;
      return report(req, res, requestId, kind);
    }
    return answer(res, 404, NOT_FOUND);
  });
  server.on('clientError', (error, socket) => {
    untaken ||= socket === handedTo && isReset(error);
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  server.unref();
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    address,
    hand(invocation, deadlineMs) {
      const res = waiting;
      if (!res) return;
      waiting = undefined;
      handedTo = res.socket ?? undefined;
      const headers: Record<string, string> = {
        'Content-Type': 'application/json',
        'Content-Length': String(invocation.payload.byteLength),
        'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
        'Lambda-Runtime-Deadline-Ms': String(Math.round(deadlineMs)),
        'Lambda-Runtime-Invoked-Function-Arn': invocation.invokedArn,
        'Lambda-Runtime-Trace-Id': invocation.traceId,
      };
      if (invocation.clientContext !== undefined) headers['Lambda-Runtime-Client-Context'] = invocation.clientContext;
      res.writeHead(200, headers);
      res.end(invocation.payload);
    },
    get untaken() {
      return untaken;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What a connection ends with whose other end left bytes unread. */
export const isReset = (error: NodeJS.ErrnoException): boolean => error.code === 'ECONNRESET' || error.code === 'EPIPE';

const errorTypeOf = (req: IncomingMessage): string =>
  String(req.headers['lambda-runtime-function-error-type'] ?? 'Unhandled');

/** An error that a streaming runtime met after its answer had begun: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html */
function lateError(req: IncomingMessage, errorType: string): { errorType: string; payload: Buffer } {
  const body = Buffer.from(req.trailers['lambda-runtime-function-error-body'] ?? '', 'base64');
  return { errorType, payload: body.length > 0 ? body : Buffer.from(JSON.stringify({ errorType })) };
}

/** Gathers a body up to the payload limit; beyond it counts and forgets, and answers undefined. */
function readBody(req: IncomingMessage, done: (body: Buffer | undefined, bytes: number) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  req.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= SYNC_PAYLOAD_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  });
  req.on('end', () => {
    const only = chunks.length === 1 ? chunks[0] : undefined;
    done(bytes > SYNC_PAYLOAD_BYTES ? undefined : (only ?? Buffer.concat(chunks)), bytes);
  });
  req.on('error', () => {});
}

const FORBIDDEN = { errorMessage: 'Forbidden', errorType: 'Forbidden' };
const NOT_FOUND = { errorMessage: 'Not Found', errorType: 'NotFound' };

function answer(res: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)) });
  res.end(text);
}
