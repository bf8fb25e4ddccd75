/** A record as it came out of the stream. */
export interface StreamRecord {
  shardId: string;
  sequenceNumber: string;
  partitionKey: string;
  /** When Kinesis took it, milliseconds since the epoch. */
  arrivedMs: number;
  data: Buffer;
}

/** Records of one shard, in order. */
export interface Delivery {
  shardId: string;
  records: StreamRecord[];
  /** How far behind the newest record the shard's reader is. */
  behindMs: number;
}

/**
 * Takes a delivery; resolves when there is room for the next.
 * @returns how many of its records were taken: fewer than all when nothing more is wanted
 */
export type Deliver = (delivery: Delivery) => Promise<number>;
