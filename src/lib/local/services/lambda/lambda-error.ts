// The errors that several operations share, in AWS's words. Every modelled error of Lambda carries a `Type` beside its message.
import { AwsError } from '../../wire/aws-error.js';

const user = (code: string, message: string, status: number): AwsError =>
  new AwsError(code, message, { status, members: { Type: 'User' } });

export const invalidParameter = (message: string): AwsError => user('InvalidParameterValueException', message, 400);
export const conflict = (message: string): AwsError => user('ResourceConflictException', message, 409);
export const notFound = (message: string): AwsError => user('ResourceNotFoundException', message, 404);
export const functionNotFound = (arn: string): AwsError => notFound(`Function not found: ${arn}`);

export const staleRevision = (): AwsError =>
  user(
    'PreconditionFailedException',
    'The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve the latest RevisionId for your resource.',
    412,
  );

export const throttled = (reason: string): AwsError =>
  new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
    status: 429,
    members: { Type: 'User', Reason: reason },
  });

/** Something that AWS takes and the local endpoint does not: refused, so that nobody believes it works. */
export const omitted = (what: string): AwsError =>
  invalidParameter(`The local endpoint does not have ${what}. Leave it out, or run against AWS.`);
