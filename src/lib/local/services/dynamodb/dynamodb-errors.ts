import { AwsError } from '../../wire/aws-error.js';

export const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/** DynamoDB's own beginning of a sentence about the values of a request. */
export const invalidValues = (detail: string): AwsError =>
  invalid(`One or more parameter values were invalid: ${detail}`);

export const tableNotFound = (name: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
