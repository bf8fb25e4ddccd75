import { isNetworkError, UNREADABLE_ANSWER } from '../target/kinesis-call.js';
import type { WireAnswer } from '../target/kinesis-wire.js';

/** What became of a call: all entries taken, an outcome for each, or an error for all of them. */
export type CallOutcome =
  /** The number in the id of the shard that took each entry. */
  | { kind: 'taken'; shardIndexes: Int32Array }
  | { kind: 'mixed'; entries: EntryAnswer[] }
  | { kind: 'refused'; code: string; message: string; retryable: boolean; failed?: Failed };

/** How a call failed that was not refused for what was in it: nobody answered, or the service has an error of its own. */
export type Failed = 'no-answer' | 'server-error' | undefined;

export interface EntryAnswer {
  ShardId?: string;
  ErrorCode?: string;
  ErrorMessage?: string;
}

const RETRYABLE = new Set([
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'Throttling',
  'ThrottlingException',
  'KMSThrottlingException',
  'InternalFailure',
  'InternalFailureException',
  'InternalServerError',
  'ServiceUnavailable',
  'RequestTimeout',
  'RequestTimeoutException',
]);

/** Reads the answer to PutRecords. A 400 that is not a throttle will be a 400 again, so it is not worth a second try. */
export function readPutAnswer(answer: WireAnswer, entryCount: number): CallOutcome {
  if (answer.status === 200) {
    const shardIndexes = readTaken(answer.body, entryCount);
    if (shardIndexes) return { kind: 'taken', shardIndexes };
  }
  const failed: Failed = answer.status >= 500 && answer.status !== 501 ? 'server-error' : undefined;
  let parsed: {
    FailedRecordCount?: number;
    Records?: EntryAnswer[];
    __type?: string;
    message?: string;
    Message?: string;
  };
  try {
    parsed = JSON.parse(answer.body.toString('latin1'));
  } catch {
    const message = `HTTP ${answer.status}: ${answer.body.toString('utf8', 0, 200)}`;
    return { kind: 'refused', code: UNREADABLE_ANSWER, message, retryable: failed !== undefined, failed };
  }
  if (answer.status !== 200) {
    const code = (parsed.__type ?? `HTTP ${answer.status}`).replace(/^.*#/, '');
    const retryable = failed !== undefined || RETRYABLE.has(code);
    return { kind: 'refused', code, message: parsed.message ?? parsed.Message ?? code, retryable, failed };
  }
  const entries = parsed.Records ?? [];
  if (entries.length !== entryCount) {
    const message = `the answer tells of ${entries.length} records, the call had ${entryCount}`;
    return { kind: 'refused', code: UNREADABLE_ANSWER, message, retryable: false };
  }
  return { kind: 'mixed', entries };
}

const ALL_TAKEN = /"FailedRecordCount":\s*0[,}]/;
const SHARD = '"ShardId":"shardId-';
const SHARD_DIGITS = 12;

/**
 * The shards of an answer without failures, read by position: 500 entries of sequence numbers would be 500 objects for one number each.
 * @returns undefined when the answer is of any other form; it is then read as JSON
 */
function readTaken(body: Buffer, entryCount: number): Int32Array | undefined {
  const text = body.toString('latin1');
  if (!ALL_TAKEN.test(text) || text.includes('"ErrorCode":"')) return undefined;
  const shardIndexes = new Int32Array(entryCount);
  let found = 0;
  for (let at = text.indexOf(SHARD); at !== -1; at = text.indexOf(SHARD, at)) {
    if (found === entryCount) return undefined;
    at += SHARD.length;
    let index = 0;
    for (const end = at + SHARD_DIGITS; at < end; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (!(digit >= 0 && digit <= 9)) return undefined;
      index = index * 10 + digit;
    }
    shardIndexes[found++] = index;
  }
  return found === entryCount ? shardIndexes : undefined;
}

/** The shard that a throttled entry names: "Rate exceeded for shard shardId-000000000000 in stream …". */
export const shardInMessage = (message: string): string | undefined => /shardId-\d{12}/.exec(message)?.[0];

/** Errors of a connection that was never made: nothing of the call can have been carried out. */
const NEVER_ARRIVED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNTIMEOUT', // our own: no connection within the time a call may take
]);

/** What became of a call that got no answer, and whether it may have been carried out all the same. */
export function failedCall(error: unknown): { outcome: CallOutcome; mayHaveArrived: boolean } {
  const code = (error as { code?: string }).code ?? (error as Error).name;
  const message = (error as Error).message;
  return {
    outcome: { kind: 'refused', code, message, retryable: isNetworkError(error), failed: 'no-answer' },
    mayHaveArrived: !NEVER_ARRIVED.has(code),
  };
}
