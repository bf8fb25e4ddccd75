import type { InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { OperationError } from '../shared/errors.js';
import { withoutHead } from './stack-lines.js';

export interface InvocationRequest {
  /** Name, `name:qualifier`, partial ARN or ARN. */
  functionName: string;
  /** JSON. */
  payload: string;
  /** `event` hands the payload over and does not wait for the function. */
  mode: 'request' | 'event';
  /** Ask for the end of the invocation's log (4 KB); only with `request`. */
  tail?: boolean;
}

/** One invocation and what came of it. */
export interface Invocation {
  functionName: string;
  statusCode: number;
  executedVersion: string | undefined;
  requestId: string | undefined;
  /** From the call to its answer, milliseconds. */
  durationMs: number;
  /** What the function returned: parsed where it is JSON, else its text; undefined where nothing came. */
  result: unknown;
  /** The text as it came. */
  payload: string;
  error: FunctionError | undefined;
  /** The end of the log, where it was asked for. */
  logTail: string | undefined;
}

/** What went wrong in the function itself; the invocation as such succeeded. */
export interface FunctionError {
  /** `Unhandled`, or `Handled` from old runtimes. */
  kind: string;
  type: string;
  message: string;
  /** The stack, a line each, as the runtime gave it. */
  trace: string[];
}

/** Invokes a function once. Calls are not repeated: whether the first one ran cannot be known. */
export async function invokeFunction(
  lambda: LambdaClient,
  request: InvocationRequest,
  signal?: AbortSignal,
): Promise<Invocation> {
  const { InvokeCommand } = await import('@aws-sdk/client-lambda');
  const startedAt = performance.now();
  const answer = await lambda.send(
    new InvokeCommand({
      FunctionName: request.functionName,
      InvocationType: request.mode === 'event' ? 'Event' : 'RequestResponse',
      Payload: Buffer.from(request.payload),
      ...(request.tail && request.mode === 'request' && { LogType: 'Tail' }),
    }),
    { ...(signal && { abortSignal: signal }) },
  );
  return readAnswer(request, answer, Math.round((performance.now() - startedAt) * 1000) / 1000);
}

function readAnswer(request: InvocationRequest, answer: InvokeCommandOutput, durationMs: number): Invocation {
  const payload = Buffer.from(answer.Payload ?? []).toString();
  const result = parseJson(payload);
  return {
    functionName: request.functionName,
    statusCode: answer.StatusCode ?? 0,
    executedVersion: answer.ExecutedVersion,
    requestId: answer.$metadata.requestId,
    durationMs,
    result,
    payload,
    error: answer.FunctionError === undefined ? undefined : readError(answer.FunctionError, result, payload),
    logTail: answer.LogResult === undefined ? undefined : Buffer.from(answer.LogResult, 'base64').toString(),
  };
}

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Node says `trace`, Python and Java `stackTrace`; some have lines in it, some whole paragraphs. */
function readError(kind: string, result: unknown, payload: string): FunctionError {
  const body = (typeof result === 'object' && result !== null ? result : {}) as Record<string, unknown>;
  const trace = Array.isArray(body.trace) ? body.trace : Array.isArray(body.stackTrace) ? body.stackTrace : [];
  return {
    kind,
    type: typeof body.errorType === 'string' ? body.errorType : kind,
    message: typeof body.errorMessage === 'string' ? body.errorMessage : payload,
    trace: trace.flatMap((line) => String(line).trimEnd().split('\n')),
  };
}

/** A function's error as an error of the command: exit 1, with the stack trace as far as the runtime gave one. */
export function functionErrorOf(functionName: string, { type, message, trace }: FunctionError): OperationError {
  const head = `${type}: ${message}`;
  return new OperationError([`${functionName} failed: ${head}`, ...withoutHead(trace, head)].join('\n'));
}
