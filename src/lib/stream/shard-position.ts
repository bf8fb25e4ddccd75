/** Where in a stream reading starts. */
export type Position =
  | { kind: 'latest' }
  | { kind: 'trim-horizon' }
  | { kind: 'time'; epochMs: number }
  | { kind: 'sequence'; shardId: string; sequenceNumber: string };

/** A place in one shard, where an iterator starts. */
export type ShardStart = { after: string } | { at: string } | { since: number } | { oldest: true } | { latest: true };

/** How far one shard has been read: what a checkpoint keeps. */
export type ShardPosition = ShardStart | { ended: true };

/** The iterator's input for a position; a time is in seconds. */
export function iteratorAt(position: ShardStart): {
  ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' | 'AT_SEQUENCE_NUMBER' | 'AT_TIMESTAMP' | 'TRIM_HORIZON' | 'LATEST';
  StartingSequenceNumber?: string;
  Timestamp?: number;
} {
  if ('after' in position)
    return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: position.after };
  if ('at' in position) return { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: position.at };
  if ('since' in position) return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: position.since / 1000 };
  return { ShardIteratorType: 'oldest' in position ? 'TRIM_HORIZON' : 'LATEST' };
}
