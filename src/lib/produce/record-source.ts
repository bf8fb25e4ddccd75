/** The record a source has just made: one object, filled again for the next, so that millions of records make no garbage. */
export interface RecordDraft {
  /** The record's number: its place in the run, over all workers. */
  n: number;
  /** The data are `bytes` from `start` up to `end`; valid until the source is asked again. */
  bytes: Buffer;
  start: number;
  end: number;
  partitionKey: string;
  /** For data that carry their own pace: milliseconds after the start. */
  dueMs: number | undefined;
}

/** `ready`: the draft holds a record. `wait`: more is being read, see `refill`. `end`: there are no more. */
export type SourceState = 'ready' | 'wait' | 'end';

export interface RecordSource {
  /** @param dueMs when the record is due by the schedule, milliseconds after the start */
  next(draft: RecordDraft, dueMs: number): SourceState;
  /** Resolves when asking again is worth while. */
  refill(): Promise<void>;
  close(): Promise<void>;
}

export const emptyDraft = (): RecordDraft => ({
  n: 0,
  bytes: Buffer.alloc(0),
  start: 0,
  end: 0,
  partitionKey: '',
  dueMs: undefined,
});

/** What a source of lines tells of those that are no records. */
export interface InputHooks {
  onRejected(input: RejectedInput): void;
  /** A line with nothing in it. */
  onBlank(): void;
}

/** A line of the input that cannot be sent, and why. */
export interface RejectedInput {
  line: number;
  reason: string;
  /** The line as it was, in base64; undefined where it was too long to be kept. */
  data: string | undefined;
}
