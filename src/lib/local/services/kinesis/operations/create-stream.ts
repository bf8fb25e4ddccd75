import { RECORD_KIB, RESHARD } from '../../../../stream/capacity.js';
import { defineOperation } from '../../../define-operation.js';
import { addTags } from '../../../kit/tags.js';
import type { Constraints } from '../../../wire/validate.js';
import { inUse, invalidArgument, limitExceeded } from '../aws-errors.js';
import { STREAM_NAME, TAG_MAP } from '../constraints.js';
import type { KinesisState } from '../kinesis-state.js';
import { scaleWithTraffic } from '../on-demand-scaling.js';
import { checkOnDemandLimit, checkShardLimit } from '../shard-limit.js';
import { Stream } from '../stream.js';
import { tagRules } from '../tags.js';
import { checkWarmThroughput, WARM_MIBPS, warmShards } from '../warm-throughput.js';
import { LARGEST_INTEGER } from '../whole-numbers.js';

const CONSTRAINTS: Constraints = {
  StreamName: STREAM_NAME,
  ShardCount: { range: [1, LARGEST_INTEGER] },
  StreamModeDetails: { members: { StreamMode: { enum: ['PROVISIONED', 'ON_DEMAND'] } } },
  Tags: TAG_MAP,
  WarmThroughputMiBps: WARM_MIBPS,
  MaxRecordSizeInKiB: { range: [RECORD_KIB.min, RECORD_KIB.max] },
  RecordDistributionStrategy: { enum: ['AUTO', 'USER_PARTITION_KEY'] },
};
/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
const MAX_CREATING = 5;

/** CreateStream: CREATING at once, ACTIVE a moment later. */
export const createStream = defineOperation('kinesis', 'CreateStream').as({
  constraints: CONSTRAINTS,
  run(state: KinesisState, input, context) {
    const region = state.region(context.region);
    // Without a mode, a number of shards makes the difference; AWS makes 4 shards on demand where neither is said.
    const mode = input.StreamModeDetails?.StreamMode ?? (input.ShardCount === undefined ? 'ON_DEMAND' : 'PROVISIONED');
    const distribution = input.RecordDistributionStrategy ?? 'USER_PARTITION_KEY';
    if (mode === 'ON_DEMAND' && input.ShardCount !== undefined) {
      throw invalidArgument('ShardCount must not be provided when creating a stream in ON_DEMAND mode.');
    }
    if (mode === 'PROVISIONED' && input.ShardCount === undefined) {
      throw invalidArgument('ShardCount must be provided when creating a stream in PROVISIONED mode.');
    }
    if (mode === 'PROVISIONED' && distribution === 'AUTO') {
      throw invalidArgument('RecordDistributionStrategy AUTO is only supported for streams in ON_DEMAND mode.');
    }
    if (region.streams.has(input.StreamName)) {
      throw inUse(`Stream ${input.StreamName} under account ${context.accountId} already exists.`);
    }
    const creating = [...region.streams.values()].filter((stream) => stream.status === 'CREATING');
    if (creating.length >= MAX_CREATING) {
      throw limitExceeded(
        `Can't have more than ${MAX_CREATING} streams in the CREATING state at a time under account ${context.accountId}.`,
      );
    }
    if (input.WarmThroughputMiBps !== undefined) {
      checkWarmThroughput(state, mode, input.WarmThroughputMiBps, context.region);
    }
    const shardCount = input.ShardCount ?? warmShards(input.WarmThroughputMiBps ?? 0);
    if (mode === 'PROVISIONED' && shardCount > RESHARD.maxShards) {
      throw limitExceeded(`A stream cannot have more than ${RESHARD.maxShards} shards. Requested: ${shardCount}.`);
    }
    if (mode === 'PROVISIONED') checkShardLimit(region, shardCount, context);
    else checkOnDemandLimit(region, context);
    const tags = new Map<string, string>();
    if (input.Tags) addTags(tags, input.Tags, tagRules('add tags to', input.StreamName, context.accountId));
    const stream = new Stream({
      name: input.StreamName,
      arn: state.arnOf(input.StreamName, context.region),
      shardCount,
      mode,
      distribution,
      maxRecordKib: input.MaxRecordSizeInKiB,
      warmMiBps: input.WarmThroughputMiBps,
      tags,
      clock: state.environment.clock,
      memory: state.memory,
      limited: state.limited,
    });
    region.streams.set(stream.name, stream);
    state.settle(stream, () => {
      stream.addFirstShards();
      if (mode === 'ON_DEMAND') scaleWithTraffic(state, stream);
    });
    return {};
  },
});
