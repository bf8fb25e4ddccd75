import type { OperationContext } from '../../wire/handlers.js';
import { limitExceeded } from './aws-errors.js';
import type { KinesisRegion } from './kinesis-state.js';

/** Shards an account may have in a region, the default quota of the largest regions. */
export const SHARD_LIMIT = 20_000;
/** On-demand streams an account may have in a region. */
export const ON_DEMAND_STREAM_LIMIT = 50;

export function provisionedShardCount(region: KinesisRegion): number {
  let count = 0;
  for (const stream of region.streams.values()) if (stream.mode === 'PROVISIONED') count += stream.plannedShards;
  return count;
}

/** @throws AwsError LimitExceededException when `added` more shards would exceed the account's quota in the region */
export function checkShardLimit(region: KinesisRegion, added: number, context: OperationContext): void {
  const count = provisionedShardCount(region);
  if (count + added > SHARD_LIMIT) {
    throw limitExceeded(
      `This request would exceed the shard limit for the account ${context.accountId} in ${context.region}. ` +
        `Current shard count for the account: ${count}. Limit: ${SHARD_LIMIT}. ` +
        `Number of additional shards that would have resulted from this request: ${added}. ` +
        'Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) ' +
        'for current limits and how to request higher limits.',
    );
  }
}

export const onDemandStreamCount = (region: KinesisRegion): number =>
  [...region.streams.values()].filter((stream) => stream.mode === 'ON_DEMAND').length;

/** @throws AwsError LimitExceededException when there are as many on-demand streams as an account may have in a region */
export function checkOnDemandLimit(region: KinesisRegion, context: OperationContext): void {
  if (onDemandStreamCount(region) >= ON_DEMAND_STREAM_LIMIT) {
    throw limitExceeded(
      `This request would exceed the limit of ${ON_DEMAND_STREAM_LIMIT} on-demand streams for the account ${context.accountId} in ${context.region}.`,
    );
  }
}
