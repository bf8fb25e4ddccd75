// The errors that several operations share, in AWS's words.
import { shardIdOf } from '../../../stream/sequence-number.js';
import { AwsError } from '../../wire/aws-error.js';
import { shardIndexIn } from './shard-index.js';

export const invalidArgument = (message: string): AwsError => new AwsError('InvalidArgumentException', message);

export const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message);

export const inUse = (message: string): AwsError => new AwsError('ResourceInUseException', message);

export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceededException', message);

export const streamNotFound = (name: string, accountId: string): AwsError =>
  notFound(`Stream ${name} under account ${accountId} not found.`);

/** AWS says it in two ways: one of a shard that is not there, and one of what can be no shard's id. */
export const shardNotFound = (shardId: string, streamName: string, accountId: string): AwsError => {
  const index = shardIndexIn(shardId);
  return notFound(
    index === undefined
      ? `Could not find shard ${shardId} in stream ${streamName} under account ${accountId}.`
      : `Shard ${shardIdOf(index)} in stream ${streamName} under account ${accountId} does not exist`,
  );
};

export const streamNotActive = (
  name: string,
  accountId: string,
  status: string,
  wanted: 'ACTIVE' | 'ACTIVE or UPDATING',
): AwsError => inUse(`Stream ${name} under account ${accountId} not ${wanted}, instead in state ${status}`);

export const rateExceeded = (shardId: string, streamName: string, accountId: string): string =>
  `Rate exceeded for shard ${shardId} in stream ${streamName} under account ${accountId}.`;

export const throughputExceeded = (shardId: string, streamName: string, accountId: string): AwsError =>
  new AwsError('ProvisionedThroughputExceededException', rateExceeded(shardId, streamName, accountId));
