import { shardIdOf } from '../../../stream/sequence-number.js';
import type { OperationContext } from '../../wire/handlers.js';
import { invalidArgument, notFound } from './aws-errors.js';
import type { Shard } from './shard.js';
import { shardIndexIn } from './shard-index.js';
import type { Stream } from './stream.js';

/**
 * The shard to split or merge.
 * @throws AwsError ResourceNotFoundException when there is no such shard, InvalidArgumentException when it is closed
 */
export function openShard(stream: Stream, shardId: string, context: OperationContext): Shard {
  const shard = stream.shard(shardId);
  if (!shard) {
    const index = shardIndexIn(shardId);
    const id = index === undefined ? shardId : shardIdOf(index);
    throw notFound(`Could not find shard ${id} in stream ${stream.name} under account ${context.accountId}.`);
  }
  if (!shard.open) {
    throw invalidArgument(
      `Shard ${shard.id} in stream ${stream.name} under account ${context.accountId} has already been merged or split, ` +
        'and thus is not eligible for merging or splitting.',
    );
  }
  return shard;
}
