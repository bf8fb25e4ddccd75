import { isAscii } from 'node:buffer';
import type { KinesisWire } from './kinesis-wire.js';

/** An error that Kinesis answered, in the form of the SDK's, so that it is explained as those are. */
export class KinesisError extends Error {
  readonly code: string;
  readonly status: number;
  readonly $fault: 'client' | 'server';
  readonly $metadata: { httpStatusCode: number };

  constructor(code: string, message: string, status: number) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.$fault = status >= 500 ? 'server' : 'client';
    this.$metadata = { httpStatusCode: status };
  }
}

export const isKinesisError = (error: unknown, code: string): error is KinesisError =>
  error instanceof KinesisError && error.code === code;

/** What answered does not speak AWS's JSON: a web page, say. */
export const UNREADABLE_ANSWER = 'UnreadableAnswer';

const THROTTLES = new Set([
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'Throttling',
  'ThrottlingException',
  'KMSThrottlingException',
]);

export const isThrottle = (error: unknown): boolean => error instanceof KinesisError && THROTTLES.has(error.code);

/** Worth another try: the service failed, or the connection did. */
export const isPassing = (error: unknown): boolean =>
  error instanceof KinesisError ? error.status >= 500 && error.status !== 501 : isNetworkError(error);

/** Errors of the connection (ECONNRESET) are worth another try; errors of this program (ERR_INVALID_ARG_TYPE) are not. */
export const isNetworkError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code);

/** One call with a JSON answer. @throws KinesisError, or the network's error */
export async function callKinesis<Output>(
  wire: KinesisWire,
  operation: string,
  input: object,
  signal?: AbortSignal,
): Promise<Output> {
  const answer = await wire.call(operation, JSON.stringify(input), signal);
  const { status, body } = answer;
  if (status === 200 && body.length === 0) return {} as Output; // of the operations that answer nothing
  // Everything in these answers but partition keys is ASCII, and latin1 is read several times faster.
  const text = body.toString(isAscii(body) ? 'latin1' : 'utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new KinesisError(UNREADABLE_ANSWER, `HTTP ${status}: ${text.slice(0, 200)}`, status || 500);
  }
  if (status === 200) return parsed as Output;
  const { __type = 'UnknownError', message, Message } = Object(parsed) as Record<string, string | undefined>;
  throw new KinesisError(__type.replace(/^.*#/, ''), message ?? Message ?? '', status);
}
