import { ON_DEMAND_SHARDS } from '../../../stream/capacity.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Constraint } from '../../wire/validate.js';
import { limitExceeded } from './aws-errors.js';
import type { KinesisState } from './kinesis-state.js';
import { LARGEST_INTEGER } from './whole-numbers.js';

export const WARM_MIBPS: Constraint = { range: [0, LARGEST_INTEGER] };
/** 10 GiB/s. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamWarmThroughput.html */
const MOST_MIBPS = 10_240;

/**
 * @throws AwsError ValidationException where AWS does not offer warm throughput: provisioned streams, and accounts without the commitment;
 * LimitExceededException for more than a stream may have
 */
export function checkWarmThroughput(state: KinesisState, mode: string, mibPerSecond: number, regionName: string): void {
  if (mode !== 'ON_DEMAND') {
    throw new AwsError('ValidationException', 'WarmThroughput is only supported for streams in ON_DEMAND mode.');
  }
  if (!state.hasCommitment(regionName)) {
    throw new AwsError(
      'ValidationException',
      'WarmThroughput requires MinimumThroughputBillingCommitment to be enabled for the account (UpdateAccountSettings).',
    );
  }
  if (mibPerSecond > MOST_MIBPS) {
    throw limitExceeded(`WarmThroughputMiBps cannot be more than ${MOST_MIBPS}. Requested: ${mibPerSecond}.`);
  }
}

/** Shards that take this many MiB/s. */
export const warmShards = (mibPerSecond: number): number => Math.max(ON_DEMAND_SHARDS, Math.ceil(mibPerSecond));
