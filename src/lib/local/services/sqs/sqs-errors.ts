import { AwsError } from '../../wire/aws-error.js';

export const invalidValue = (message: string): AwsError => new AwsError('InvalidParameterValue', message);

export const noSuchQueue = (): AwsError => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');

export const invalidAttributeValue = (name: string): AwsError =>
  new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);

export const missing = (name: string): AwsError =>
  new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
