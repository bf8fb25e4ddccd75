// The words of batching: what goes to a function, and what came of it.

/** What batching needs to know of a record. */
export interface BatchRecord {
  shardId: string;
  sequenceNumber: string;
  partitionKey: string;
  /** When the stream took it, milliseconds since the epoch. */
  arrivedMs: number;
}

/** What is the same in all events of one mapping or consumer. */
export interface EventAddress {
  eventSourceArn: string;
  region: string;
  /** The function's execution role. */
  roleArn: string;
}

/** How records become batches, and what happens to a batch that fails; may change while it runs. */
export interface BatchSettings {
  batchSize: number;
  windowSeconds: number;
  /** Batches of one shard that may be with the function at the same time; records of one key stay in order. */
  parallelization: number;
  /** Length of the windows that a function adds up a state over; 0 for none. */
  tumblingSeconds: number;
  /** -1: until the record expires. */
  maximumRetryAttempts: number;
  /** -1: as long as the stream keeps it. */
  maximumRecordAgeSeconds: number;
  bisect: boolean;
  reportsItemFailures: boolean;
}

/** AWS's. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const BATCH_DEFAULTS: BatchSettings = {
  batchSize: 100,
  windowSeconds: 0,
  parallelization: 1,
  tumblingSeconds: 0,
  maximumRetryAttempts: -1,
  maximumRecordAgeSeconds: -1,
  bisect: false,
  reportsItemFailures: false,
};

/** Least and most of each, AWS's. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const BATCH_RANGES = {
  batchSize: [1, 10_000],
  windowSeconds: [0, 300],
  parallelization: [1, 10],
  tumblingSeconds: [0, 900],
  maximumRetryAttempts: [-1, 10_000],
  maximumRecordAgeSeconds: [-1, 604_800],
} as const;

/** What came of handing a batch to the function once. */
export type Delivery =
  /** With the state of its window, where the batch has one. */
  | { kind: 'ok'; state?: unknown }
  /** The function failed; `from` is the first record that it did not process, 0 for the whole batch. */
  | { kind: 'failed'; from: number; requestId: string; response?: FunctionResponse | undefined; state?: unknown }
  /** The function could not be called: throttled, or not there. Does not count as a try. */
  | { kind: 'not-called'; why: string };

/** What a destination learns of the function's answer. */
export interface FunctionResponse {
  executedVersion: string;
  functionError: string | undefined;
}

/** The last one's name is ours. */
export type DiscardReason = 'RetryAttemptsExhausted' | 'RecordAgeExceeded' | 'RecordTooLarge';

/** A batch that is given up, and why. */
export interface Discarded<R extends BatchRecord = BatchRecord> {
  records: readonly R[];
  reason: DiscardReason;
  tries: number;
  last: Delivery | undefined;
}
