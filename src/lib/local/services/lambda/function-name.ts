import { type ArnPlace, arnOf, globalArnOf } from '../../kit/arn.js';
import { AwsError } from '../../wire/aws-error.js';
import type { OperationContext } from '../../wire/handlers.js';
import { invalidParameter } from './lambda-error.js';

/** A function as a caller names it. */
export interface FunctionReference {
  region: string;
  name: string;
  /** A version, an alias, `$LATEST`, or none. */
  qualifier: string | undefined;
}

const REFERENCE =
  /^(?:arn:aws[a-zA-Z-]*:lambda:(?<region>[a-z0-9-]+):(?<account>\d{12}):function:|(?<partial>\d{12}):function:|function:)?(?<name>[a-zA-Z0-9-_]+)(?::(?<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?$/;

/**
 * Reads a function's name, partial ARN or ARN, each with or without a qualifier.
 * @param qualifier from the request's own member; it must agree with one in the name
 * @throws AwsError ValidationException, InvalidParameterValueException, or ResourceNotFoundException for another account
 */
export function parseFunctionName(
  text: string,
  context: OperationContext,
  qualifier?: string | undefined,
): FunctionReference {
  const groups = REFERENCE.exec(text)?.groups;
  if (!groups?.name || text.length > 170) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`,
    );
  }
  if (groups.name.length > 64) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    );
  }
  const region = groups.region ?? context.region;
  if (region !== context.region) {
    throw new AwsError(
      'ResourceNotFoundException',
      `Functions from '${region}' are not reachable in this region ('${context.region}')`,
      { status: 404, members: { Type: 'User' } },
    );
  }
  const account = groups.account ?? groups.partial;
  if (account !== undefined && account !== context.accountId) {
    throw new AwsError(
      'AccessDeniedException',
      `User: ${globalArnOf('iam', context, 'root')} is not authorized to perform this operation on resource: ${text} because no resource-based policy allows it`,
      { status: 403 },
    );
  }
  if (groups.qualifier !== undefined && qualifier !== undefined && groups.qualifier !== qualifier) {
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
  }
  return { region, name: groups.name, qualifier: groups.qualifier ?? qualifier };
}

export const functionArn = (place: ArnPlace, name: string, qualifier?: string): string =>
  arnOf('lambda', place, `function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`);
