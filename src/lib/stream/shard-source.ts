import type { ReadRecord, StreamRecord } from './delivery.js';
import type { ShardOrigin } from './lineage.js';
import type { ShardStart } from './shard-position.js';

/** A shard as a list of all shards names it. */
export interface ListedShard extends ShardOrigin {
  SequenceNumberRange?: { EndingSequenceNumber?: string | undefined } | undefined;
  HashKeyRange?: { StartingHashKey: string; EndingHashKey: string } | undefined;
}

export interface ShardPage<R extends ReadRecord = StreamRecord> {
  records: R[];
  /** The iterator of the next read; undefined at the end of a closed shard. */
  next: string | undefined;
  behindMs: number;
  /** At the end of a closed shard, where the endpoint names them. */
  children: ShardOrigin[] | undefined;
}

/** A stream as its reader needs it. Every method rejects with a ReadFailure, or with an error that is a bug. */
export interface ShardSource<R extends ReadRecord = StreamRecord> {
  list(signal: AbortSignal): Promise<ListedShard[]>;
  iterator(shardId: string, position: ShardStart, signal: AbortSignal): Promise<string>;
  records(shardId: string, iterator: string, signal: AbortSignal): Promise<ShardPage<R>>;
}

export type FailureKind =
  /** The iterator is too old, or of an endpoint that has restarted since: a new one helps. */
  | 'expired'
  /** The stream does not know the sequence number. */
  | 'unknown-position'
  /** Others read the same shard: waiting helps. */
  | 'throttled'
  /** The service failed, or nobody answers: waiting may help. */
  | 'passing'
  /** The stream or the shard is not there. */
  | 'gone'
  /** Everything else that the service refuses. */
  | 'refused';

/** A call that failed, by what it means for a reader; `cause` is the error itself. */
export class ReadFailure extends Error {
  readonly kind: FailureKind;
  override readonly cause: unknown;

  constructor(kind: FailureKind, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause));
    this.name = 'ReadFailure';
    this.kind = kind;
    this.cause = cause;
  }
}

/** How reading a shard ended: it was closed and read to its end, or it was read as far as was wanted. */
export type ShardEnd = { kind: 'closed'; children: readonly ShardOrigin[] | undefined } | { kind: 'reached' };
