import type { LambdaClient } from '@aws-sdk/client-lambda';
import { OperationError } from '../shared/errors.js';
import { nearMatches } from '../shared/near-matches.js';
import type { Clients } from '../target/clients.js';

/** Names looked at for a near match: an account may have thousands of functions, and this is only for a hint. */
const MOST_NAMES = 500;
const REFERENCE = /^(?:arn:[^:]+:lambda:([^:]*):\d*:function:|(?:\d{12}:)?function:)?([^:]+)(?::([^:]+))?$/;

/** A function that is not there becomes a sentence with what is wrong in its name, or the names most like it; any other error is left as it is. */
export async function explainMissingFunction(error: unknown, functionName: string, clients: Clients): Promise<unknown> {
  if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') return error;
  const { region } = clients.target;
  const [, arnRegion, name = functionName, qualifier] = REFERENCE.exec(functionName) ?? [];
  const names = await functionNames(await clients.lambda());
  return new OperationError(`No function ${functionName} in ${region}.`, {
    hint: hintOf({ name, qualifier, arnRegion: arnRegion || undefined, region, names }),
    cause: error,
  });
}

function hintOf(asked: {
  name: string;
  qualifier: string | undefined;
  arnRegion: string | undefined;
  region: string;
  names: readonly string[];
}): string {
  const { name, qualifier, arnRegion, region, names } = asked;
  if (arnRegion !== undefined && arnRegion !== region) return `The ARN is one of ${arnRegion}: --region ${arnRegion}.`;
  if (qualifier !== undefined && names.includes(name)) {
    return `There is ${name}, without a version or an alias "${qualifier}".`;
  }
  const near = nearMatches(name, names);
  if (near.length > 0) return `Did you mean ${near.map((candidate) => `"${candidate}"`).join(' or ')}?`;
  if (names.length === 0) return 'There are no functions here; deploy the stack that should make them.';
  return `There is ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}.`;
}

async function functionNames(lambda: LambdaClient): Promise<string[]> {
  const { paginateListFunctions } = await import('@aws-sdk/client-lambda');
  const names: string[] = [];
  try {
    for await (const { Functions } of paginateListFunctions({ client: lambda }, {})) {
      names.push(...(Functions ?? []).flatMap(({ FunctionName }) => FunctionName ?? []));
      if (names.length >= MOST_NAMES) break;
    }
  } catch {
    // The hint does without: whoever may invoke a function need not be allowed to list them.
  }
  return names;
}
