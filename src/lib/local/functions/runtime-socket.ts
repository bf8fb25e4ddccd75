import type { Socket } from 'node:net';
import { SYNC_PAYLOAD_BYTES } from '../../shared/payload-limit.js';
import type { Invocation } from './function-spec.js';
import {
  initErrorPath,
  isReset,
  nextPath,
  REPORT_PATH,
  type RuntimeApi,
  type RuntimeApiEvents,
} from './runtime-api.js';

/** A head that is longer than this is none of our bootstraps': whoever writes it has lost its right to be heard. */
const HEAD_BYTES = 65_536;
const END_OF_HEAD = '\r\n\r\n';
const ACCEPTED = 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n';
const TOO_LARGE = 'HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n';
const NOT_FOUND = 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n';

interface Request {
  method: string;
  path: string;
  head: string;
  /** Undefined where the body was above the payload limit; it is then skipped, not kept. */
  body: Buffer | undefined;
  bodyBytes: number;
}

/**
 * The Runtime API over the socket that our own bootstraps inherit: the same requests and answers, read by what knows how these clients
 * write them. That is less work than a server does that must understand everybody, and a wake-up over such a socket costs half of one
 * over TCP.
 */
export function serveRuntimeSocket(socket: Socket, events: RuntimeApiEvents): RuntimeApi {
  let waiting = false;
  let handed = false;
  let untaken = false;
  /** Answers that leave with the next one: a bootstrap that asked for work already waits for that alone. */
  let owed = '';

  const take = ({ method, path, head, body, bodyBytes }: Request): void => {
    handed = false;
    if (method === 'GET' && path === nextPath) {
      waiting = true;
      events.onNext();
      return;
    }
    const errorType = headerOf(head, 'Lambda-Runtime-Function-Error-Type') ?? 'Unhandled';
    const [, requestId, kind] = REPORT_PATH.exec(path) ?? [];
    owed += requestId === undefined && path !== initErrorPath ? NOT_FOUND : body === undefined ? TOO_LARGE : ACCEPTED;
    if (path === initErrorPath) events.onInitError(body ?? Buffer.from('{}'), errorType);
    if (requestId === undefined) return;
    const log = { loggedBytes: numberOf(head, 'Pipectl-Logged-Bytes'), peakKb: numberOf(head, 'Pipectl-Peak-Kb') };
    const contentType = headerOf(head, 'Content-Type') ?? 'application/json';
    if (body === undefined) events.onReport({ kind: 'too-large', requestId, payloadBytes: bodyBytes, ...log });
    else if (kind === 'error') events.onReport({ kind, requestId, payload: body, errorType, ...log });
    else events.onReport({ kind: 'response', requestId, payload: body, contentType, ...log });
  };

  const read = createRequestReader(take);
  socket.on('data', (chunk) => {
    if (!read(chunk)) {
      socket.destroy();
      return;
    }
    if (waiting || owed === '') return;
    socket.write(owed, 'latin1');
    owed = '';
  });
  socket.on('error', (error) => {
    untaken ||= handed && isReset(error);
  });
  return {
    hand(invocation, deadlineMs) {
      if (!waiting) return;
      waiting = false;
      handed = true;
      const head = owed + nextHead(invocation, deadlineMs);
      owed = '';
      const headBytes = Buffer.byteLength(head, 'latin1');
      const { payload } = invocation;
      const whole = Buffer.allocUnsafe(headBytes + payload.byteLength);
      whole.write(head, 0, 'latin1');
      whole.set(payload, headBytes);
      socket.write(whole);
    },
    get untaken() {
      return untaken;
    },
    close: () => void socket.destroy(),
  };
}

function nextHead({ payload, requestId, invokedArn, traceId, clientContext }: Invocation, deadlineMs: number): string {
  let head = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${payload.byteLength}\r\nLambda-Runtime-Aws-Request-Id: ${requestId}\r\nLambda-Runtime-Deadline-Ms: ${Math.round(deadlineMs)}\r\nLambda-Runtime-Invoked-Function-Arn: ${invokedArn}\r\nLambda-Runtime-Trace-Id: ${oneLine(traceId)}\r\n`;
  if (clientContext !== undefined) head += `Lambda-Runtime-Client-Context: ${oneLine(clientContext)}\r\n`;
  return `${head}\r\n`;
}

/** What callers give must not write headers of its own. */
const oneLine = (text: string): string => text.replace(/[\r\n]/g, ' ');

function headerOf(head: string, name: string): string | undefined {
  const mark = `\r\n${name}: `;
  const at = head.indexOf(mark);
  if (at < 0) return undefined;
  const from = at + mark.length;
  const end = head.indexOf('\r\n', from);
  return head.slice(from, end < 0 ? undefined : end);
}

function numberOf(head: string, name: string): number | undefined {
  const text = headerOf(head, name);
  return text === undefined ? undefined : Number(text);
}

/** Reads requests out of chunks as they come. The answer is false once the bytes are no requests. */
function createRequestReader(onRequest: (request: Request) => void): (chunk: Buffer) => boolean {
  let unread: Buffer = Buffer.alloc(0);
  let open: (Request & { filled: number }) | undefined;

  const fill = (request: Request & { filled: number }, chunk: Buffer): Buffer => {
    const taken = Math.min(chunk.length, request.bodyBytes - request.filled);
    if (request.body) chunk.copy(request.body, request.filled, 0, taken);
    request.filled += taken;
    return chunk.subarray(taken);
  };

  return (chunk) => {
    let rest = chunk;
    for (;;) {
      if (open) {
        rest = fill(open, rest);
        if (open.filled < open.bodyBytes) return true;
        const whole = open;
        open = undefined;
        onRequest(whole);
      }
      if (rest.length === 0) return true;
      if (unread.length > 0) rest = Buffer.concat([unread, rest]);
      unread = Buffer.alloc(0);
      const end = rest.indexOf(END_OF_HEAD);
      if (end < 0) {
        unread = rest;
        return rest.length <= HEAD_BYTES;
      }
      const head = rest.toString('latin1', 0, end);
      const [method = '', path = ''] = head.slice(0, head.indexOf('\r\n')).split(' ');
      const bodyBytes = numberOf(head, 'Content-Length') ?? 0;
      if (!Number.isSafeInteger(bodyBytes) || bodyBytes < 0) return false;
      const body = bodyBytes > SYNC_PAYLOAD_BYTES ? undefined : Buffer.allocUnsafe(bodyBytes);
      open = { method, path, head, body, bodyBytes, filled: 0 };
      rest = rest.subarray(end + END_OF_HEAD.length);
    }
  };
}
