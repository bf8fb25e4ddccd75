// What services hand each other beyond their operations. Small, typed, handed in at start-up.

/** Kinesis tells readers in this process that a stream has something new, so that none of them needs to poll. */
export interface StreamChanges {
  /** Calls `notify` soon after records arrive on the stream, and when its shards or its status change. The answer unsubscribes. */
  onChange(streamArn: string, notify: () => void): () => void;
}
