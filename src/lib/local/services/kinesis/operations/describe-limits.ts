import type { Handler } from '../../../wire/handlers.js';
import type { KinesisState } from '../kinesis-state.js';
import { ON_DEMAND_STREAM_LIMIT, onDemandStreamCount, provisionedShardCount, SHARD_LIMIT } from '../shard-limit.js';

/** DescribeLimits: the default quotas of the largest regions, and what is used of them. */
export const describeLimits =
  (state: KinesisState): Handler<'kinesis', 'DescribeLimits'> =>
  (_input, context) => {
    const region = state.region(context.region);
    return {
      ShardLimit: SHARD_LIMIT,
      OpenShardCount: provisionedShardCount(region),
      OnDemandStreamCount: onDemandStreamCount(region),
      OnDemandStreamCountLimit: ON_DEMAND_STREAM_LIMIT,
    };
  };
