import { AwsError } from '../../wire/aws-error.js';
import type { Item } from './value.js';

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/** DynamoDB's own beginning of a sentence about the values of a request. */
export const invalidValues = (detail: string): AwsError =>
  invalid(`One or more parameter values were invalid: ${detail}`);

export const tableNotFound = (name: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);

export const keyMismatch = (): AwsError => invalid('The provided key element does not match the schema');

/** What operations on items say of a table that is not there, or not yet. */
export const notFound = (): AwsError => new AwsError('ResourceNotFoundException', 'Requested resource not found');

export const inUse = (message: string): AwsError => new AwsError('ResourceInUseException', message);

/** @param item the item as it is, where the request asked for it */
export const conditionFailed = (item?: Item): AwsError =>
  new AwsError('ConditionalCheckFailedException', 'The conditional request failed', {
    members: item === undefined ? {} : { Item: item },
  });
