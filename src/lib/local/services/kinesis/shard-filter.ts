import type { ShardFilterType } from '@aws-sdk/client-kinesis';
import type { Constraint } from '../../wire/validate.js';
import { invalidArgument } from './aws-errors.js';
import { SHARD_ID } from './constraints.js';
import type { KinesisState } from './kinesis-state.js';
import type { Page } from './paging.js';
import type { Shard } from './shard.js';
import type { Stream } from './stream.js';

const FILTER_TYPES: readonly ShardFilterType[] = [
  'AFTER_SHARD_ID',
  'AT_TRIM_HORIZON',
  'FROM_TRIM_HORIZON',
  'AT_LATEST',
  'AT_TIMESTAMP',
  'FROM_TIMESTAMP',
];
export const SHARD_FILTER: Constraint = { members: { Type: { enum: FILTER_TYPES }, ShardId: SHARD_ID } };

/**
 * Which shards a filter picks; all of them without one.
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html
 * @throws AwsError InvalidArgumentException when the filter lacks what belongs to its type, has what does not, or is in the future
 */
export function pickedBy(filter: Page['filter'], stream: Stream, state: KinesisState): (shard: Shard) => boolean {
  if (!filter) return () => true;
  checkFilter(filter);
  const horizonMs = Math.max(stream.horizonMs, stream.createdMs);
  const wasOpenAt = (ms: number) => (shard: Shard) =>
    shard.createdMs <= ms && (shard.closed === undefined || shard.closed.atMs >= ms);
  switch (filter.type as ShardFilterType) {
    case 'AFTER_SHARD_ID': {
      const { shardId = '' } = filter;
      return (shard) => shard.id > shardId;
    }
    case 'AT_LATEST':
      return (shard) => shard.open;
    case 'AT_TRIM_HORIZON':
      return wasOpenAt(horizonMs);
    case 'FROM_TRIM_HORIZON':
      return () => true;
    case 'AT_TIMESTAMP':
      return wasOpenAt(Math.max(timestampOf(filter, state), horizonMs));
    case 'FROM_TIMESTAMP': {
      const fromMs = Math.max(timestampOf(filter, state), horizonMs);
      return (shard) => shard.closed === undefined || shard.closed.atMs >= fromMs;
    }
  }
}

/** ShardId belongs to one type of filter, Timestamp to two: these must have them, and the others must not. */
function checkFilter({ type, shardId, timestampMs }: NonNullable<Page['filter']>): void {
  const parts = [
    { name: 'ShardId', given: shardId !== undefined, wanted: type === 'AFTER_SHARD_ID' },
    { name: 'Timestamp', given: timestampMs !== undefined, wanted: type.endsWith('_TIMESTAMP') },
  ];
  for (const { name, given, wanted } of parts) {
    if (given !== wanted)
      throw invalidArgument(`${name} must ${wanted ? '' : 'not '}be provided with the ${type} filter type.`);
  }
}

function timestampOf({ timestampMs = 0, type }: NonNullable<Page['filter']>, state: KinesisState): number {
  if (timestampMs > state.nowMs) {
    throw invalidArgument(
      `The Timestamp of the ${type} filter cannot be in the future. Timestamp: ${timestampMs}, now: ${state.nowMs}`,
    );
  }
  return timestampMs;
}
