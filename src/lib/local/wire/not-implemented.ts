import { AwsError } from './aws-error.js';

/** What an operation without a handler answers: a 501 that names it. */
export const notImplemented = (service: string, operation: string): AwsError =>
  new AwsError('NotImplementedException', `${service} ${operation} is not implemented by pipectl's local endpoint`, {
    status: 501,
  });
