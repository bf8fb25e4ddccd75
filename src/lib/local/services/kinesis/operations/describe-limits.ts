import { defineOperation } from '../../../define-operation.js';
import type { KinesisState } from '../kinesis-state.js';
import { ON_DEMAND_STREAM_LIMIT, onDemandStreamCount, provisionedShardCount, SHARD_LIMIT } from '../shard-limit.js';

/** DescribeLimits: the default quotas of the largest regions, and what is used of them. */
export const describeLimits = defineOperation('kinesis', 'DescribeLimits').as({
  run(state: KinesisState, _input, context) {
    const region = state.region(context.region);
    return {
      ShardLimit: SHARD_LIMIT,
      OpenShardCount: provisionedShardCount(region),
      OnDemandStreamCount: onDemandStreamCount(region),
      OnDemandStreamCountLimit: ON_DEMAND_STREAM_LIMIT,
    };
  },
});
