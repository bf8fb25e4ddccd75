import { GET_RECORDS } from '../../../../stream/capacity.js';
import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Constraints } from '../../../wire/validate.js';
import { invalidArgument, shardNotFound } from '../aws-errors.js';
import { STREAM_BY_ARN } from '../constraints.js';
import { deliver, millisBehind } from '../delivery.js';
import { refuseDryRun } from '../dry-run.js';
import type { KinesisState } from '../kinesis-state.js';
import { describeChildren } from '../shard-description.js';
import { openIterator, sealIterator } from '../shard-iterator.js';

const CONSTRAINTS: Constraints = {
  ...STREAM_BY_ARN,
  ShardIterator: { min: 1, max: 512 },
  Limit: { range: [1, GET_RECORDS.maxRecords] },
};

/** GetRecords: up to 10,000 records or 10 MiB from where the iterator stands, and the iterator that goes on behind them. */
export const getRecords = defineOperation('kinesis', 'GetRecords').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const iterator = openIterator(state, input.ShardIterator);
    const stream = state.region(context.region).streams.get(iterator.streamName);
    if (!stream || stream.id !== iterator.streamId) {
      throw shardNotFound(iterator.shardId, iterator.streamName, context.accountId);
    }
    if (input.StreamARN !== undefined && input.StreamARN !== stream.arn) {
      throw invalidArgument(`ShardIterator does not belong to ${input.StreamARN}.`);
    }
    const shard = stream.shard(iterator.shardId);
    if (!shard) throw shardNotFound(iterator.shardId, stream.name, context.accountId);
    refuseDryRun(input.DryRun);

    const nowMs = state.nowMs;
    if (!shard.admitRead(context.origin === 'wire', nowMs)) {
      // Worded unlike the same exception of every other operation.
      throw new AwsError(
        'ProvisionedThroughputExceededException',
        `Rate exceeded for Shard - ${context.accountId}/${stream.name}/${shard.id}`,
      );
    }
    const from = Math.max(iterator.ordinal, shard.log.first);
    const { records, bytes, full } = shard.log.read(from, input.Limit ?? GET_RECORDS.maxRecords, GET_RECORDS.maxBytes);
    shard.countRead(bytes, full);
    const next = from + records.length;
    const atEnd = shard.closed !== undefined && next >= shard.log.next;
    return {
      Records: deliver(shard, records),
      MillisBehindLatest: millisBehind(shard, next, nowMs),
      ...(atEnd
        ? { ChildShards: describeChildren(shard) }
        : { NextShardIterator: sealIterator(state, stream, shard, next) }),
    };
  },
});
