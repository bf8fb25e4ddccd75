import { defineOperation } from '../../../define-operation.js';
import { ONE_STREAM } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';

/** DescribeStreamSummary: settings and counts, without the shards. */
export const describeStreamSummary = defineOperation('kinesis', 'DescribeStreamSummary').as({
  constraints: ONE_STREAM,
  run(state: KinesisState, input, context) {
    const stream = state.stream(input, context);
    return {
      StreamDescriptionSummary: {
        StreamName: stream.name,
        StreamARN: stream.arn,
        StreamStatus: stream.status,
        StreamModeDetails: { StreamMode: stream.mode },
        RetentionPeriodHours: stream.retentionHours,
        StreamCreationTimestamp: new Date(stream.createdMs),
        EnhancedMonitoring: [{ ShardLevelMetrics: [...stream.metrics] }],
        EncryptionType: stream.encryption,
        ...(stream.keyId !== undefined && { KeyId: stream.keyId }),
        OpenShardCount: stream.openShards.length,
        ConsumerCount: stream.consumers.size,
        MaxRecordSizeInKiB: stream.maxRecordKib,
        ...(stream.warmMiBps !== undefined && {
          WarmThroughput: { TargetMiBps: stream.warmMiBps, CurrentMiBps: stream.openShards.length },
        }),
        ...(stream.mode === 'ON_DEMAND' && { RecordDistributionStrategy: stream.distribution }),
      },
    };
  },
});
