import { ON_DEMAND_SHARDS } from '../../../stream/capacity.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Constraint } from '../../wire/validate.js';
import type { KinesisState } from './kinesis-state.js';

/** Up to 10 GiB/s. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamWarmThroughput.html */
export const WARM_MIBPS: Constraint = { range: [0, 10_240] };

/** @throws AwsError ValidationException where AWS does not offer warm throughput: provisioned streams, and accounts without the commitment */
export function checkWarmThroughput(state: KinesisState, mode: string, regionName: string): void {
  if (mode !== 'ON_DEMAND') {
    throw new AwsError('ValidationException', 'WarmThroughput is only supported for streams in ON_DEMAND mode.');
  }
  if (!state.hasCommitment(regionName)) {
    throw new AwsError(
      'ValidationException',
      'WarmThroughput requires MinimumThroughputBillingCommitment to be enabled for the account (UpdateAccountSettings).',
    );
  }
}

/** Shards that take this many MiB/s. */
export const warmShards = (mibPerSecond: number): number => Math.max(ON_DEMAND_SHARDS, Math.ceil(mibPerSecond));
