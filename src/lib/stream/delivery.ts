/** A record as it came out of the stream. */
export interface StreamRecord {
  shardId: string;
  sequenceNumber: string;
  partitionKey: string;
  /** When Kinesis took it, milliseconds since the epoch. */
  arrivedMs: number;
  data: Buffer;
}

/** What a reader needs to know of a record, whatever else its source gives. */
export type ReadRecord = Pick<StreamRecord, 'sequenceNumber' | 'arrivedMs'>;

/** Records of one shard, in order. */
export interface Delivery<R extends ReadRecord = StreamRecord> {
  shardId: string;
  records: R[];
  /** How far behind the newest record the shard's reader is. */
  behindMs: number;
}

/**
 * Takes a delivery; resolves when there is room for the next.
 * @returns how many of its records were taken: fewer than all when nothing more is wanted
 */
export type Deliver<R extends ReadRecord = StreamRecord> = (delivery: Delivery<R>) => Promise<number>;
