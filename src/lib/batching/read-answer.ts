import type { BatchRecord, Delivery, FunctionResponse } from './batch.js';
import type { WindowTurn } from './tumbling-window.js';

/** What a function answered when it was called with a batch. */
export interface Answer {
  requestId: string;
  payload: Uint8Array;
  response: FunctionResponse;
}

/** What an answer means for its batch: an error, a missing window state and a reported record are failures. */
export function readAnswer(
  { requestId, payload, response }: Answer,
  records: readonly BatchRecord[],
  reportsItemFailures: boolean,
  turn?: WindowTurn,
): Delivery {
  const failed = { kind: 'failed', requestId, response } as const;
  if (response.functionError !== undefined) return { ...failed, from: 0 };
  const state = turn && stateIn(payload);
  if (turn && state === undefined) return { ...failed, from: 0 };
  const from = reportsItemFailures ? firstFailure(payload, records) : undefined;
  return from === undefined ? { kind: 'ok', state } : { ...failed, from, state };
}

/** The state that a function of windows must answer with; undefined when it does not. */
function stateIn(payload: Uint8Array): unknown {
  try {
    return (JSON.parse(Buffer.from(payload).toString('utf8')) as { state?: unknown } | null)?.state;
  } catch {
    return undefined;
  }
}

/**
 * The first record of a batch that its function reports as failed; undefined for none. An answer that cannot be understood is a failure
 * of the whole batch. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
function firstFailure(payload: Uint8Array, records: readonly BatchRecord[]): number | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return 0;
  }
  if (answer === null || answer === undefined) return undefined;
  if (typeof answer !== 'object' || Array.isArray(answer)) return 0;
  const failures = (answer as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return undefined;
  if (!Array.isArray(failures)) return 0;
  let first: number | undefined;
  for (const failure of failures) {
    const id = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    const at =
      typeof id === 'string' && id !== '' ? records.findIndex(({ sequenceNumber }) => sequenceNumber === id) : -1;
    if (at < 0) return 0;
    first = Math.min(first ?? at, at);
  }
  return first;
}
