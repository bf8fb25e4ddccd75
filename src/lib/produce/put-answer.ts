import type { WireAnswer } from '../target/kinesis-wire.js';

/** What became of one entry of a PutRecords call. */
export type EntryOutcome = { shardId: string } | { code: string; message: string };

/** What became of a call: an outcome for each entry, or an error for all of them. */
export type CallOutcome =
  | { kind: 'answered'; failedCount: number; entries: EntryAnswer[] }
  | { kind: 'refused'; code: string; message: string; retryable: boolean };

interface EntryAnswer {
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
    return { kind: 'refused', code: 'UnreadableAnswer', message, retryable: answer.status >= 500 };
  }
  if (answer.status !== 200) {
    const code = (parsed.__type ?? `HTTP ${answer.status}`).replace(/^.*#/, '');
    const retryable = answer.status >= 500 ? answer.status !== 501 : RETRYABLE.has(code);
    return { kind: 'refused', code, message: parsed.message ?? parsed.Message ?? code, retryable };
  }
  const entries = parsed.Records ?? [];
  if (entries.length !== entryCount) {
    const message = `the answer tells of ${entries.length} records, the call had ${entryCount}`;
    return { kind: 'refused', code: 'UnreadableAnswer', message, retryable: false };
  }
  return { kind: 'answered', failedCount: parsed.FailedRecordCount ?? 0, entries };
}

/** The shard that a throttled entry names: "Rate exceeded for shard shardId-000000000000 in stream …". */
export const shardInMessage = (message: string): string | undefined => /shardId-\d{12}/.exec(message)?.[0];
