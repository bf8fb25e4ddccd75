import { AwsError } from '../../wire/aws-error.js';

/** Ends a request that would succeed and asked for no more than to know that. */
export function refuseDryRun(dryRun: boolean | undefined): void {
  if (dryRun) {
    throw new AwsError('DryRunOperationException', 'Request would have succeeded, but DryRun flag is set.');
  }
}
