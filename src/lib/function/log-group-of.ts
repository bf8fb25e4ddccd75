import { OperationError } from '../shared/errors.js';
import { nearMatches } from '../shared/near-matches.js';
import type { Clients } from '../target/clients.js';
import { explainMissingFunction } from './missing-function.js';
import { resolveReference } from './resolve-reference.js';

/**
 * The name of a log group: from a name, an ARN with or without `:*`, or `export:NAME` for either.
 */
export async function logGroupOf(clients: Clients, text: string, signal?: AbortSignal): Promise<string> {
  const found = await resolveReference(clients, text, signal);
  return /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)(?::\*)?$/.exec(found)?.[1] ?? found;
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

async function nearGroups(clients: Clients, group: string): Promise<string[]> {
  const { DescribeLogGroupsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const names = await (await clients.logs())
    .send(new DescribeLogGroupsCommand({}))
    .then(({ logGroups }) => (logGroups ?? []).flatMap(({ logGroupName }) => logGroupName ?? []))
    .catch(() => []);
  return nearMatches(group, names);
}
