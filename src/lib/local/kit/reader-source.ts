import type { ShardStart } from '../../stream/shard-position.js';
import { type FailureKind, ReadFailure } from '../../stream/shard-source.js';
import type { ReadFrom, ShardSource } from '../ports.js';
import { AwsError } from '../wire/aws-error.js';

/**
 * A source of the endpoint as the reader of streams takes it: what fails is told by what it means for reading.
 * @param open opens an iterator, where that is more than asking the source
 */
export const readerSource = (
  source: ShardSource,
  open: (shardId: string, position: ShardStart) => Promise<string | undefined> = (shardId, position) =>
    source.iterator(shardId, readFrom(position)),
) => ({
  list: () =>
    failing('iterator', async () => {
      const shards = await source.list();
      const end = { EndingSequenceNumber: '' };
      return shards.map(({ isClosed, ...shard }) => ({ ...shard, SequenceNumberRange: isClosed ? end : undefined }));
    }),
  iterator: (shardId: string, position: ShardStart) =>
    failing('iterator', async () => (await open(shardId, position)) ?? ''),
  records: (shardId: string, iterator: string) =>
    failing('records', async () => {
      const { records, next } = await source.records(shardId, iterator);
      return { records, next, behindMs: records.length > 0 ? 1 : 0, children: undefined };
    }),
});

/** A position as sources take it. */
function readFrom(position: ShardStart): ReadFrom {
  if ('after' in position) return { type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: position.after };
  if ('since' in position) return { type: 'AT_TIMESTAMP', timestampMs: position.since };
  return { type: 'latest' in position ? 'LATEST' : 'TRIM_HORIZON' };
}

async function failing<T>(call: 'iterator' | 'records', run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof AwsError ? new ReadFailure(kindOf(error.code, call), error) : error;
  }
}

function kindOf(code: string, call: 'iterator' | 'records'): FailureKind {
  if (code === 'ResourceNotFoundException') return 'gone';
  const invalid = code === 'InvalidArgumentException';
  if (call === 'records') return invalid || code === 'ExpiredIteratorException' ? 'expired' : 'passing';
  // A shard that does not know the record read last is another stream's: of that name too, a new one was made.
  return invalid ? 'gone' : 'passing';
}
