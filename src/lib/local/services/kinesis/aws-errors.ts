// The errors that several operations share, in AWS's words.
import { AwsError } from '../../wire/aws-error.js';

export const invalidArgument = (message: string): AwsError => new AwsError('InvalidArgumentException', message);

export const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message);

export const inUse = (message: string): AwsError => new AwsError('ResourceInUseException', message);

export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceededException', message);

export const streamNotFound = (name: string, accountId: string): AwsError =>
  notFound(`Stream ${name} under account ${accountId} not found.`);

export const shardNotFound = (shardId: string, streamName: string, accountId: string): AwsError =>
  notFound(`Shard ${shardId} in stream ${streamName} under account ${accountId} does not exist`);

export const rateExceeded = (shardId: string, streamName: string, accountId: string): string =>
  `Rate exceeded for shard ${shardId} in stream ${streamName} under account ${accountId}.`;
