import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { shardNotFound, throughputExceeded } from '../aws-errors.js';
import { ITERATOR_TYPE, ONE_STREAM, SEQUENCE_NUMBER, SHARD_ID } from '../constraints.js';
import { refuseDryRun } from '../dry-run.js';
import { accountIn, type KinesisState, nameIn } from '../kinesis-state.js';
import { sealIterator } from '../shard-iterator.js';
import { resolvePosition } from '../starting-position.js';

const CONSTRAINTS: Constraints = {
  ...ONE_STREAM,
  ShardId: SHARD_ID,
  ShardIteratorType: ITERATOR_TYPE,
  StartingSequenceNumber: SEQUENCE_NUMBER,
};

/** GetShardIterator: an opaque position, good for five minutes. */
export const getShardIterator = defineOperation('kinesis', 'GetShardIterator').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.findStream(input, context);
    const shard = stream?.shard(input.ShardId);
    // Of a stream that is not there AWS says that its shard is not there.
    if (!stream || !shard) throw shardNotFound(input.ShardId, nameIn(input), accountIn(input, context));
    const ordinal = resolvePosition(shard, {
      type: input.ShardIteratorType,
      sequenceNumber: input.StartingSequenceNumber,
      timestampMs: input.Timestamp?.getTime(),
      nowMs: state.nowMs,
      operation: 'GetShardIterator',
      streamName: stream.name,
      accountId: context.accountId,
    });
    refuseDryRun(input.DryRun);
    if (state.ratesLimited && context.origin === 'wire' && !shard.admitIterator(state.nowMs)) {
      throw throughputExceeded(shard.id, stream.name, context.accountId);
    }
    return { ShardIterator: sealIterator(state, stream, shard, ordinal) };
  },
});
