import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { FailMode } from '../../project/fail-mode.js';
import type { RecorderSpec } from '../../project/project-file.js';
import type { Clock } from '../../shared/clock.js';
import { OperationError } from '../../shared/errors.js';
import { createFailures } from './create-failures.js';
import { readRows } from './read-rows.js';

/** One request that the recorder did not simply take, for the diagnosis. */
export interface Refusal {
  atMs: number;
  /** What was answered; 0 when the connection was cut or left without an answer. */
  status: number;
  /** A sentence. */
  why: string;
  /** Whether the check asked for it (`fail`), or the request was wrong. */
  asked: boolean;
}

export interface RecorderOptions {
  name: string;
  spec: RecorderSpec & { token?: string };
  clock: Clock;
  /** Where the pipeline finds this machine; 127.0.0.1 when left out. For anything but loopback the recorder listens on every interface. */
  reachableAt?: RecorderAddress;
}

/** What `--recorder-host` says: a host, a host and a port, or a URL (a tunnel's) whose requests end up at `port`. */
export interface RecorderAddress {
  base: string | undefined;
  host: string;
  port: number | undefined;
}

/** A real HTTP server that a pipeline posts its events to. */
export interface Recorder {
  readonly name: string;
  /** Whole, with the path: what the pipeline is to be told. */
  readonly url: string;
  /** Requests taken, refused ones not counted. */
  readonly taken: number;
  readonly refusals: readonly Refusal[];
  /** Calls back for each row (NDJSON line, JSON document) that is taken. The answer stops that. */
  onRow(listener: (text: string, takenAtMs: number) => void): () => void;
  /** Fails so from now on. */
  fail(modes: readonly FailMode[]): void;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 32 * 1024 * 1024;
const MAX_REFUSALS = 1000;

/** @throws OperationError when the port is taken */
export async function startRecorder({ name, spec, clock, reachableAt }: RecorderOptions): Promise<Recorder> {
  const listeners = new Set<(text: string, takenAtMs: number) => void>();
  const refusals: Refusal[] = [];
  const sockets = new Set<Socket>();
  let failures = createFailures(spec.fail);
  let taken = 0;

  const refuse = (response: ServerResponse, status: number, why: string, asked = false): void => {
    if (refusals.length < MAX_REFUSALS) refusals.push({ atMs: clock.now(), status, why, asked });
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify({ error: why })}\n`);
  };
  const take = (rows: readonly string[]): void => {
    const now = clock.now();
    taken += 1;
    for (const row of rows) for (const listener of listeners) listener(row, now);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://recorder').pathname;
    const body = await readBody(request);
    if (body === undefined) return refuse(response, 413, `the body is larger than ${MAX_BODY_BYTES} bytes`);
    if (path !== spec.path) return refuse(response, 404, `events go to ${spec.path}, not to ${path}`);
    if (request.method !== 'POST') return refuse(response, 405, `events come by POST, not by ${request.method}`);
    if (spec.token !== undefined && request.headers.authorization !== `Bearer ${spec.token}`)
      return refuse(response, 403, 'the request has no "Authorization: Bearer" with the token of this check');
    const read = readRows(body, request.headers['content-encoding'], spec.format);
    if ('broken' in read) return refuse(response, 400, read.broken);

    const failure = failures.next();
    if (!failure) {
      take(read.rows);
      response.writeHead(202, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify({ successful_rows: read.rows.length, quarantined_rows: 0 })}\n`);
      return;
    }
    if (failure.when === 'after') take(read.rows);
    if (failure.kind === 'answer') return refuse(response, failure.status, 'refused on purpose by this check', true);
    refusals.push({
      atMs: clock.now(),
      status: 0,
      why: failure.kind === 'reset' ? 'cut on purpose' : 'left unanswered on purpose',
      asked: true,
    });
    if (failure.kind === 'reset') request.socket.destroy();
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const port = reachableAt?.port;
      reject(
        cause.code === 'EADDRINUSE'
          ? new OperationError(`Port ${port} is taken, so the recorder ${name} cannot listen there.`, {
              hint: 'Give --recorder-host another port.',
              cause,
            })
          : cause,
      );
    });
    server.listen(reachableAt?.port ?? 0, isLoopback(reachableAt?.host) ? '127.0.0.1' : undefined, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const base = reachableAt?.base ?? `http://${reachableAt?.host ?? '127.0.0.1'}:${port}`;

  return {
    name,
    url: `${base.replace(/\/$/, '')}${spec.path}`,
    get taken() {
      return taken;
    },
    refusals,
    onRow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    fail(modes) {
      failures = createFailures(modes);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const isLoopback = (host: string | undefined): boolean =>
  host === undefined || host === '127.0.0.1' || host === 'localhost';

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}
