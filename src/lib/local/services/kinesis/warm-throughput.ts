import { AwsError } from '../../wire/aws-error.js';
import type { KinesisRegion } from './kinesis-state.js';

/** @throws AwsError ValidationException where AWS does not offer warm throughput: provisioned streams, and accounts without the commitment */
export function checkWarmThroughput(mode: string, region: KinesisRegion): void {
  if (mode !== 'ON_DEMAND') {
    throw new AwsError('ValidationException', 'WarmThroughput is only supported for streams in ON_DEMAND mode.');
  }
  if (!region.commitment || region.commitment.endedMs !== undefined) {
    throw new AwsError(
      'ValidationException',
      'WarmThroughput requires MinimumThroughputBillingCommitment to be enabled for the account (UpdateAccountSettings).',
    );
  }
}
