import { OperationError, UsageError } from '../shared/errors.js';
import { nearMatches } from '../shared/near-matches.js';
import type { Clients } from '../target/clients.js';
import { explainMissingFunction } from './missing-function.js';
import { resolveReference } from './resolve-reference.js';

/**
 * The name of a log group: from a name, an ARN with or without `:*`, or `export:NAME` for either.
 * @throws UsageError for an ARN of something else, or of another region, in which the name would be another group's
 */
export async function logGroupOf(clients: Clients, text: string, signal?: AbortSignal): Promise<string> {
  const found = await resolveReference(clients, text, signal);
  if (!found.startsWith('arn:')) return found;
  const [, region, name] = /^arn:[^:]+:logs:([^:]*):[^:]*:log-group:([^:]+)(?::\*)?$/.exec(found) ?? [];
  if (name === undefined || region === undefined) {
    throw new UsageError(`${found} is not the ARN of a log group.`, {
      hint: 'It looks like arn:aws:logs:REGION:ACCOUNT:log-group:NAME, with or without :* at its end.',
    });
  }
  if (region !== clients.target.region) {
    throw new UsageError(`${found} is in ${region}, and this is ${clients.target.region}.`, {
      hint: `Add --region ${region}.`,
    });
  }
  return name;
}

/** The log group of a function, by its name, ARN or `export:NAME`: `/aws/lambda/NAME`, unless its configuration names another. */
export async function logGroupOfFunction(clients: Clients, text: string, signal?: AbortSignal): Promise<string> {
  const name = await resolveReference(clients, text, signal);
  const { GetFunctionConfigurationCommand } = await import('@aws-sdk/client-lambda');
  const configuration = await (await clients.lambda())
    .send(new GetFunctionConfigurationCommand({ FunctionName: name }), { ...(signal && { abortSignal: signal }) })
    .catch(async (error: unknown) => {
      throw await explainMissingFunction(error, name, clients);
    });
  return configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${configuration.FunctionName ?? name}`;
}

/**
 * The error of a group that is not there, with the reason that is nearly always the one.
 * @param ofFunction the group of a function that is there, so its name is right
 */
export async function missingLogGroup(clients: Clients, group: string, ofFunction: boolean): Promise<OperationError> {
  const near = ofFunction ? [] : await nearGroups(clients, group);
  return new OperationError(`There is no log group ${group} in ${clients.target.region}.`, {
    hint:
      near.length > 0
        ? `${FIRST_INVOCATION} Or did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`
        : FIRST_INVOCATION,
  });
}

export const FIRST_INVOCATION = "A function's log group appears with its first invocation.";

/** Names looked at for a near match: an account may have thousands of groups, and this is only for a hint. */
const MOST_NAMES = 500;

/** Groups of the same folder (`/aws/lambda/`) are not alike for that: what counts is the last part, or the name as a whole. */
async function nearGroups(clients: Clients, group: string): Promise<string[]> {
  const { paginateDescribeLogGroups } = await import('@aws-sdk/client-cloudwatch-logs');
  const names = new Map<string, string>();
  try {
    for await (const { logGroups } of paginateDescribeLogGroups({ client: await clients.logs() }, {})) {
      for (const { logGroupName = '' } of logGroups ?? []) names.set(lastPart(logGroupName), logGroupName);
      if (names.size >= MOST_NAMES) break;
    }
  } catch {
    // The hint does without: whoever may read a group need not be allowed to list them.
  }
  return nearMatches(lastPart(group), [...names.keys()]).map((part) => names.get(part) ?? part);
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
