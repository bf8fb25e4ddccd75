import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FailMode } from '../../project/fail-mode.js';
import type { Clock } from '../../shared/clock.js';
import { createFailures } from './create-failures.js';
import { readRows } from './read-rows.js';
import type { RunningRecorder } from './recorder.js';

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

export interface HttpRecorderSpec {
  kind: 'path';
  /** The path that requests must come to; the query is free. */
  path: string;
  /** `ndjson`: one event a line. `json`: one event, or an array of them. */
  format: 'ndjson' | 'json';
  /** If set, requests must carry `Authorization: Bearer TOKEN`. */
  token?: string;
  fail: FailMode[];
}

/** What a pipeline posts its events to, whatever server it stands on; its URL is whole, with the path. */
export interface HttpRecorder extends RunningRecorder {
  readonly kind: 'path';
  /** Requests taken, refused ones not counted. */
  readonly taken: number;
  /** Undefined when none was. */
  readonly lastTakenAtMs: number | undefined;
  readonly refusals: readonly Refusal[];
  /** Calls back for each row (NDJSON line, JSON document) that is taken, also between two listeners. The answer stops that. */
  onRow(listener: (text: string, takenAtMs: number) => void): () => void;
  /** Fails so from now on. */
  fail(modes: readonly FailMode[]): void;
  /** How many more requests are to fail, of the modes that have a count. */
  failuresLeft(): number;
}

/** A recorder with the side of it that its server calls. */
export interface AnsweringRecorder extends HttpRecorder {
  /** Whether a request with this path is for it. */
  listensAt(path: string): boolean;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

const MAX_BODY_BYTES = 32 * 1024 * 1024;
/** Rows that are kept between two passes. */
const MAX_BACKLOG = 10_000;
/** The newest are kept. */
const MAX_REFUSALS = 1000;

/**
 * @param base the URL that the pipeline reaches its server by, without a slash at its end. A tunnel or proxy may take the path of that URL
 * away before it hands a request on, or leave it: the recorder listens at both.
 */
export function createHttpRecorder(
  name: string,
  spec: HttpRecorderSpec,
  base: string,
  clock: Clock,
): AnsweringRecorder {
  const url = `${base}${spec.path}`;
  const paths = new Set([spec.path, new URL(url).pathname]);
  const listeners = new Set<(text: string, takenAtMs: number) => void>();
  const refusals: Refusal[] = [];
  /** What comes while nobody listens, once somebody has: between two passes. */
  let backlog: { row: string; atMs: number }[] | undefined;
  let failures = createFailures(spec.fail);
  let taken = 0;
  let lastTakenAtMs: number | undefined;

  const note = (refusal: Omit<Refusal, 'atMs'>): void => {
    if (refusals.length === MAX_REFUSALS) refusals.shift();
    refusals.push({ atMs: clock.now(), ...refusal });
  };
  const refuse = (response: ServerResponse, status: number, why: string, asked = false): void => {
    note({ status, why, asked });
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify({ error: why })}\n`);
  };
  const take = (rows: readonly string[]): void => {
    const now = clock.now();
    taken += 1;
    lastTakenAtMs = now;
    for (const row of rows) {
      if (listeners.size === 0 && backlog && backlog.length < MAX_BACKLOG) backlog.push({ row, atMs: now });
      for (const listener of listeners) listener(row, now);
    }
  };

  return {
    kind: 'path',
    name,
    url,
    get taken() {
      return taken;
    },
    get lastTakenAtMs() {
      return lastTakenAtMs;
    },
    refusals,
    onRow(listener) {
      listeners.add(listener);
      for (const { row, atMs } of backlog ?? []) listener(row, atMs);
      backlog = [];
      return () => listeners.delete(listener);
    },
    fail(modes) {
      failures = createFailures(modes);
    },
    failuresLeft: () => failures.left(),
    listensAt: (path) => paths.has(path),
    async answer(request, response) {
      const path = pathOf(request);
      const body = await readBody(request);
      if (body === undefined) return refuse(response, 413, `the body is larger than ${MAX_BODY_BYTES} bytes`);
      if (!paths.has(path)) return refuse(response, 404, `events go to ${[...paths].join(' or ')}, not to ${path}`);
      if (request.method !== 'POST') return refuse(response, 405, `events come by POST, not by ${request.method}`);
      if (spec.token !== undefined && request.headers.authorization !== `Bearer ${spec.token}`)
        return refuse(response, 403, 'the request has no "Authorization: Bearer" with the token of this check');
      const read = readRows(body, request.headers['content-encoding'], spec.format);
      if ('broken' in read) return refuse(response, 400, read.broken);

      const failure = failures.next(read.rows);
      if (!failure) {
        take(read.rows);
        response.writeHead(202, { 'content-type': 'application/json' });
        response.end(`${JSON.stringify({ successful_rows: read.rows.length, quarantined_rows: 0 })}\n`);
        return;
      }
      if (failure.when === 'after') take(read.rows);
      if (failure.kind === 'answer') return refuse(response, failure.status, 'refused on purpose by this check', true);
      note({ status: 0, why: failure.kind === 'reset' ? 'cut on purpose' : 'left unanswered on purpose', asked: true });
      if (failure.kind === 'reset') request.socket.destroy();
    },
  };
}

export const pathOf = (request: IncomingMessage): string =>
  URL.canParse(request.url ?? '/', 'http://recorder') ? new URL(request.url ?? '/', 'http://recorder').pathname : '/';

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}
