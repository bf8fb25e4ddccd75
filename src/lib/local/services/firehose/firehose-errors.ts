import { AwsError } from '../../wire/aws-error.js';

export const invalidArgument = (message: string): AwsError => new AwsError('InvalidArgumentException', message);

export const noSuchStream = (name: string, accountId: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Firehose ${name} under account ${accountId} not found.`);

/** What a producer that is too fast gets, for a call as for one record of a batch. */
export const SLOW_DOWN = { code: 'ServiceUnavailableException', message: 'Slow down.' };
