/** A record on its way through a delivery stream. */
export interface HoseRecord {
  data: Uint8Array;
  /** When the delivery stream, or the stream that it reads, took it. */
  arrivedMs: number;
  /** Where in a Kinesis stream it comes from; undefined for one that was put. */
  kinesis?: KinesisOrigin | undefined;
  /** Its keys of dynamic partitioning. */
  partition?: Readonly<Record<string, string>> | undefined;
}

export interface KinesisOrigin {
  sequenceNumber: string;
  subsequenceNumber: number;
  partitionKey: string;
  shardId: string;
}

/** One station of a delivery stream: takes records, and hands them on in batches of its own. */
export interface Stage {
  push(record: HoseRecord): void;
  /** Hands on what waits, without waiting for its interval; resolves when all of it is where it belongs, or lost. */
  drain(): Promise<void>;
  /** Bytes that are here or under way. */
  readonly heldBytes: number;
}
