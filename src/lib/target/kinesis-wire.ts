// Kinesis without the SDK's client, for the calls that come by the thousand: bodies are ready-made bytes, answers are bytes, and one call
// costs a quarter of the CPU. Credentials, region and endpoint are the SDK's, refreshed as it refreshes them.
import { type Dispatcher, Pool } from 'undici';
import type { Clients } from './clients.js';
import { RequestSigner } from './sign-request.js';

const TARGET_PREFIX = 'Kinesis_20131202.';
const CONTENT_TYPE = 'application/x-amz-json-1.1';
/** A clock that is off by more is what AWS refuses. */
const TOLERATED_SKEW_MS = 4 * 60_000;

export interface WireAnswer {
  status: number;
  body: Buffer;
}

export interface KinesisWire {
  /**
   * One call, tried once. Rejects with the network's error; an error of the service is an answer with its status.
   * @param body the operation's input as JSON
   */
  call(operation: string, body: Uint8Array | string, signal?: AbortSignal): Promise<WireAnswer>;
  close(): Promise<void>;
}

/** @param connections the most calls at the same time; more of them wait */
export async function openKinesisWire(
  clients: Clients,
  options: { connections: number; timeoutMs?: number },
): Promise<KinesisWire> {
  const { target } = clients;
  const { config } = await clients.kinesis();
  const endpoint = new URL(
    target.endpointUrl ?? config.endpointProvider({ Region: target.region, UseFIPS: false, UseDualStack: false }).url,
  );
  const timeoutMs = options.timeoutMs ?? 30_000;
  const pool = new Pool(endpoint.origin, {
    connections: options.connections,
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    ...(target.certificate !== undefined && { connect: { ca: target.certificate } }),
  });
  const signer = new RequestSigner({
    region: target.region,
    service: 'kinesis',
    host: endpoint.host,
    contentType: CONTENT_TYPE,
  });
  let skewMs = 0;

  const attempt = async (operation: string, body: Uint8Array | string, signal?: AbortSignal): Promise<Answer> => {
    const credentials = await config.credentials();
    const headers = signer.sign(TARGET_PREFIX + operation, body, credentials, new Date(Date.now() + skewMs));
    return send(pool, headers, body, signal);
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
    close: () => pool.destroy(),
  };
}

interface Answer extends WireAnswer {
  date: string | undefined;
}

function send(
  pool: Pool,
  headers: Record<string, string>,
  body: Uint8Array | string,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let date: string | undefined;
    let onAbort: (() => void) | undefined;
    const settle = (): void => {
      if (onAbort) signal?.removeEventListener('abort', onAbort);
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        if (!signal) return;
        if (signal.aborted) return controller.abort(abortError(signal));
        onAbort = () => controller.abort(abortError(signal));
        signal.addEventListener('abort', onAbort, { once: true });
      },
      onResponseStart(_controller, statusCode, answerHeaders) {
        status = statusCode;
        date = typeof answerHeaders.date === 'string' ? answerHeaders.date : undefined;
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        settle();
        resolve({ status, date, body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) });
      },
      onResponseError(_controller, error) {
        settle();
        reject(error);
      },
    };
    pool.dispatch({ method: 'POST', path: '/', headers, body }, handler);
  });
}

const abortError = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason });
