import { defineOperation } from '../../../define-operation.js';
import type { Constraints } from '../../../wire/validate.js';
import { ONE_STREAM, SHARD_ID } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { describeShard } from '../shard-description.js';

const CONSTRAINTS: Constraints = { ...ONE_STREAM, Limit: { range: [1, 10_000] }, ExclusiveStartShardId: SHARD_ID };
const MOST_SHARDS = 100;

/** DescribeStream: settings and a page of up to 100 shards. */
export const describeStream = defineOperation('kinesis', 'DescribeStream').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    const after = input.ExclusiveStartShardId;
    const shards = after === undefined ? stream.shards : stream.shards.filter((shard) => shard.id > after);
    const page = shards.slice(0, Math.min(input.Limit ?? MOST_SHARDS, MOST_SHARDS));
    return {
      StreamDescription: {
        StreamName: stream.name,
        StreamARN: stream.arn,
        StreamStatus: stream.status,
        StreamModeDetails: { StreamMode: stream.mode },
        Shards: page.map(describeShard),
        HasMoreShards: page.length < shards.length,
        RetentionPeriodHours: stream.retentionHours,
        StreamCreationTimestamp: new Date(stream.createdMs),
        EnhancedMonitoring: [{ ShardLevelMetrics: [...stream.metrics] }],
        EncryptionType: stream.encryption,
        ...(stream.keyId !== undefined && { KeyId: stream.keyId }),
      },
    };
  },
});
