/** How far one shard has been read: what a checkpoint keeps, and where an iterator starts. */
export type ShardPosition =
  | { after: string }
  | { at: string }
  | { since: number }
  | { oldest: true }
  | { latest: true }
  | { ended: true };

/** The iterator's input for a position. */
export function iteratorAt(position: Exclude<ShardPosition, { ended: true }>): {
  ShardIteratorType: string;
  StartingSequenceNumber?: string;
  Timestamp?: number;
} {
  if ('after' in position)
    return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: position.after };
  if ('at' in position) return { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: position.at };
  if ('since' in position) return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: position.since / 1000 };
  return { ShardIteratorType: 'oldest' in position ? 'TRIM_HORIZON' : 'LATEST' };
}
