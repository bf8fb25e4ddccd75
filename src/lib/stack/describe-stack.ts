import type { Stack } from '@aws-sdk/client-cloudformation';
import type { Clients } from '../target/clients.js';

/** A stack by name or id; undefined when there is none (CloudFormation answers ValidationError for that) or when it is deleted. */
export async function describeStack(
  clients: Clients,
  stackName: string,
  signal?: AbortSignal,
): Promise<Stack | undefined> {
  const { DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }), { abortSignal: signal });
    return Stacks?.[0];
  } catch (error) {
    if (isMissingStack(error)) return undefined;
    throw error;
  }
}

/** CloudFormation has no error of its own for a stack that is not there: ValidationError, told apart from others only by its sentence. */
function isMissingStack(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.name === 'StackNotFoundException' ||
    (error.name === 'ValidationError' && /does not exist/.test(error.message))
  );
}
