// Kinesis without the SDK's client: bodies are ready-made bytes, answers are bytes, and one call costs a quarter of the CPU. Credentials
// and the endpoint are the SDK's where it has to find them, refreshed as it refreshes them.
import http from 'node:http';
import https from 'node:https';
import { RequestSigner, type SigningCredentials } from './sign-request.js';
import type { Target } from './target.js';

const TARGET_PREFIX = 'Kinesis_20131202.';
const CONTENT_TYPE = 'application/x-amz-json-1.1';
/** A clock that is off by more is what AWS refuses. */
const TOLERATED_SKEW_MS = 4 * 60_000;
/** Without it the system waits two minutes for an address where nobody is. */
export const CONNECT_MS = 5000;

export interface WireAnswer {
  status: number;
  body: Buffer;
}

/** What signing and sending a request takes. */
export interface KinesisAccess {
  endpoint: URL;
  /** Fresh ones: whoever asks again after they expired gets others. */
  credentials(): Promise<SigningCredentials>;
}

export interface KinesisWire {
  /**
   * One call, tried once. Rejects with the network's error; an error of the service is an answer with its status.
   * @param body the operation's input as JSON
   */
  call(operation: string, body: Uint8Array | string, signal?: AbortSignal): Promise<WireAnswer>;
  close(): void;
}

/** @param options.connections the most calls at the same time; more of them wait */
export function openKinesisWire(
  target: Target,
  { endpoint, credentials }: KinesisAccess,
  options: { connections: number; timeoutMs?: number },
): KinesisWire {
  const secure = endpoint.protocol === 'https:';
  const sockets = { keepAlive: true, maxSockets: options.connections, scheduling: 'lifo' as const };
  const line: Line = {
    agent: secure ? new https.Agent({ ...sockets, ca: target.certificate }) : new http.Agent(sockets),
    request: secure ? https.request : http.request,
    host: endpoint.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: endpoint.port === '' ? undefined : Number(endpoint.port),
    path: endpoint.pathname.replace(/\/?$/, '/'), // with the SDK's slash at its end
    timeoutMs: options.timeoutMs ?? 30_000,
  };
  const signer = new RequestSigner({
    region: target.region,
    service: 'kinesis',
    host: endpoint.host,
    contentType: CONTENT_TYPE,
    path: line.path,
  });
  let skewMs = 0;

  const attempt = async (operation: string, body: Uint8Array | string, signal?: AbortSignal): Promise<Answer> => {
    const now = new Date(Date.now() + skewMs);
    const headers = signer.sign(TARGET_PREFIX + operation, body, await credentials(), now);
    return send(line, headers, body, signal);
  };

  return {
    async call(operation, body, signal) {
      const answer = await attempt(operation, body, signal);
      if (answer.status !== 400 && answer.status !== 403) return answer;
      const skew = answer.date === undefined ? 0 : Date.parse(answer.date) - Date.now();
      if (!(Math.abs(skew - skewMs) > TOLERATED_SKEW_MS)) return answer;
      skewMs = skew; // this machine's clock is wrong: the service's own time goes into the signature from now on
      return attempt(operation, body, signal);
    },
    close: () => line.agent.destroy(),
  };
}

interface Answer extends WireAnswer {
  date: string | undefined;
}

interface Line {
  agent: http.Agent;
  request: typeof http.request;
  host: string;
  port: number | undefined;
  path: string;
  timeoutMs: number;
}

function send(
  { agent, request, host, port, path, timeoutMs }: Line,
  headers: Record<string, string>,
  body: Uint8Array | string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(reasonOf(signal));
    const call = request({
      agent,
      host,
      port,
      method: 'POST',
      path,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    const onAbort = (): void => {
      call.destroy(signal && reasonOf(signal));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const fail = (error: Error): void => {
      signal?.removeEventListener('abort', onAbort);
      reject(error);
    };
    call.on('error', fail);
    call.setTimeout(timeoutMs, () => call.destroy(noAnswer(host, timeoutMs)));
    call.on('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => call.destroy(noConnection(host)), CONNECT_MS);
      for (const end of ['connect', 'close']) socket.once(end, () => clearTimeout(timer));
    });
    call.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', fail); // cut off in the middle, or destroyed
      answer.on('end', () => {
        signal?.removeEventListener('abort', onAbort);
        const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
        resolve({ status: answer.statusCode ?? 0, date: answer.headers.date, body: bytes });
      });
    });
    call.end(body);
  });
}

const noConnection = (host: string): Error =>
  Object.assign(new Error(`no connection to ${host} within ${CONNECT_MS} ms`), { code: 'ECONNTIMEOUT' });

/** Nothing moved for so long. */
const noAnswer = (host: string, afterMs: number): Error =>
  Object.assign(new Error(`no answer from ${host} for ${afterMs} ms`), { code: 'EANSWERTIMEOUT' });

const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason });
