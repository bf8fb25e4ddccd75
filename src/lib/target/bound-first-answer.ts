// An endpoint may take a connection and then say nothing: a process that is stopped, another program on the port, a firewall. The SDK
// would wait with it for ever.

/** Nothing came back, not even a status. Its message is for `explainSdkError` to write, which knows where. */
export class NoAnswer extends Error {
  /** `ListStreams`, or `GET /path` where the protocol does not name its operations. */
  readonly call: string;
  readonly afterMs: number;

  constructor(call: string, afterMs: number) {
    super(`no answer to ${call} within ${afterMs} ms`);
    this.name = 'NoAnswer';
    this.call = call;
    this.afterMs = afterMs;
  }
}

export interface AnswerBounds {
  /** From the call to the first line of its answer. What comes after that, a stream of events above all, may take its time. */
  firstAnswerMs: number;
  /** Told once, when an answer is late and still waited for. */
  onLate?: (() => void) | undefined;
}

/** A cloud answers within a second or two; a LocalStack that loads a service for its first call, within twenty. */
export const FIRST_ANSWER_MS = 30_000;
const LATE_MS = 5000;
/** Synchronous invocations answer when the function has ended: 15 minutes at most, and what a cold start takes. */
const INVOCATION_MS = 16 * 60_000;
/** An upload is answered when all of it has arrived: it gets the time that a slow line takes. */
const SLOW_LINE_BYTES_PER_MS = 64;

interface OutgoingRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
}

interface RequestHandler {
  handle(request: OutgoingRequest, options?: { abortSignal?: AbortSignal }): Promise<unknown>;
}

/** Makes a client's calls reject with NoAnswer where the SDK would wait on; they are not tried again, which would only wait longer. */
export function boundFirstAnswer(client: { config: { requestHandler: RequestHandler } }, bounds: AnswerBounds): void {
  const handler = client.config.requestHandler;
  const handle = handler.handle.bind(handler);
  handler.handle = (request, options) => {
    const withinMs = timeFor(request, bounds.firstAnswerMs);
    const onLate = withinMs > bounds.firstAnswerMs ? undefined : bounds.onLate;
    return answeredWithin(nameOf(request), { firstAnswerMs: withinMs, onLate }, options?.abortSignal, (abortSignal) =>
      handle(request, { ...options, abortSignal }),
    );
  };
}

/**
 * What `ask` resolves with.
 * @param ask is told by the signal's abort to let go
 * @throws NoAnswer when that takes too long
 */
export async function answeredWithin<T>(
  call: string,
  { firstAnswerMs, onLate }: AnswerBounds,
  signal: AbortSignal | undefined,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const giveUp = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = onLate && setTimeout(onLate, LATE_MS);
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new NoAnswer(call, firstAnswerMs));
      giveUp.abort();
    }, firstAnswerMs);
  });
  try {
    return await Promise.race([ask(signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal), silence]);
  } finally {
    clearTimeout(timer);
    clearTimeout(late);
  }
}

function timeFor({ path, headers }: OutgoingRequest, firstAnswerMs: number): number {
  if (path.endsWith('/invocations') || path.endsWith('/response-streaming-invocations')) return INVOCATION_MS;
  const bodyBytes = Number(headers['content-length'] ?? headers['Content-Length'] ?? 0);
  return firstAnswerMs + Math.round(bodyBytes / SLOW_LINE_BYTES_PER_MS);
}

function nameOf({ method, path, headers }: OutgoingRequest): string {
  const target = headers['x-amz-target'] ?? headers['X-Amz-Target'];
  return target?.split('.').at(-1) ?? `${method} ${path}`;
}
