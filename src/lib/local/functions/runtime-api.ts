import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Invocation, SYNC_PAYLOAD_BYTES } from './function-spec.js';

/** What a runtime says through the Runtime API. */
export type RuntimeReport =
  | { kind: 'response'; requestId: string; payload: Buffer; contentType: string }
  | { kind: 'error'; requestId: string; payload: Buffer; errorType: string }
  | { kind: 'too-large'; requestId: string; payloadBytes: number };

export interface RuntimeApiEvents {
  /** The runtime asks for work; the first time, its init is over. */
  onNext(): void;
  onReport(report: RuntimeReport): void;
  onInitError(payload: Buffer, errorType: string): void;
}

/**
 * The Lambda Runtime API for one process, on a loopback port of its own: a runtime can reach only its own invocations, and clients that
 * know no path prefix (Rust's) work. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export interface RuntimeApi {
  /** `127.0.0.1:PORT`, for AWS_LAMBDA_RUNTIME_API. */
  address: string;
  /** Answers the runtime's waiting request. Call only after `onNext`. */
  hand(invocation: Invocation, deadlineMs: number): void;
  close(): void;
}

const PREFIX = '/2018-06-01/runtime/';

export async function startRuntimeApi(events: RuntimeApiEvents): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  let address = '';
  const server = createServer(
    { noDelay: true, keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 },
    (req, res) => {
      // A web page must not be able to take an invocation, so what a browser sends is refused.
      if (req.headers.origin !== undefined || req.headers.host !== address) return answer(res, 403, 'Forbidden');
      const path = req.url ?? '';
      if (!path.startsWith(PREFIX)) return answer(res, 404, 'Not Found');
      const route = path.slice(PREFIX.length);
      if (req.method === 'GET' && route === 'invocation/next') {
        waiting = res;
        res.once('close', () => {
          if (waiting === res) waiting = undefined;
        });
        return events.onNext();
      }
      if (req.method !== 'POST') return answer(res, 404, 'Not Found');
      readBody(req, (payload, payloadBytes) => {
        const errorType = String(req.headers['lambda-runtime-function-error-type'] ?? 'Unhandled');
        if (route === 'init/error') {
          answer(res, 202, 'OK');
          return events.onInitError(payload ?? Buffer.from('{}'), errorType);
        }
        const match = /^invocation\/([^/]+)\/(response|error)$/.exec(route);
        const requestId = match?.[1];
        if (!match || requestId === undefined) return answer(res, 404, 'Not Found');
        if (payload === undefined) {
          answer(
            res,
            413,
            'RequestEntityTooLarge',
            `Exceeded maximum allowed payload size (${SYNC_PAYLOAD_BYTES} bytes).`,
          );
          return events.onReport({ kind: 'too-large', requestId, payloadBytes });
        }
        answer(res, 202, 'OK');
        return match[2] === 'response'
          ? events.onReport({
              kind: 'response',
              requestId,
              payload,
              contentType: String(req.headers['content-type'] ?? 'application/json'),
            })
          : events.onReport({ kind: 'error', requestId, payload, errorType });
      });
    },
  );
  server.on('clientError', (_error, socket) => socket.destroy());
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
      waiting = undefined;
      if (!res) return;
      const { payload } = invocation;
      const headers: Record<string, string> = {
        'Content-Type': 'application/json',
        'Content-Length': String(payload.byteLength),
        'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
        'Lambda-Runtime-Deadline-Ms': String(Math.round(deadlineMs)),
        'Lambda-Runtime-Invoked-Function-Arn': invocation.invokedArn,
      };
      if (invocation.traceId !== undefined) headers['Lambda-Runtime-Trace-Id'] = invocation.traceId;
      if (invocation.clientContext !== undefined) headers['Lambda-Runtime-Client-Context'] = invocation.clientContext;
      res.writeHead(200, headers);
      res.end(payload);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
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

function answer(res: ServerResponse, status: number, word: string, message?: string): void {
  const body = JSON.stringify(
    status === 202 ? { status: word } : { errorMessage: message ?? word, errorType: word.replaceAll(' ', '') },
  );
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) });
  res.end(body);
}
