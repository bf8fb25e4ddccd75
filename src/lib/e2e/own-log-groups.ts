import type { Clients } from '../target/clients.js';

/**
 * The log groups that functions of a stack will make with their first invocations: Lambda makes them, so no stack takes them down.
 * Those that are there already, from a function of the same name before, are somebody's and left out.
 */
export async function logGroupsToCome(clients: Clients, stackName: string, signal: AbortSignal): Promise<string[]> {
  const { DescribeStackResourcesCommand } = await import('@aws-sdk/client-cloudformation');
  const { DescribeLogGroupsCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const [cloudformation, logs] = await Promise.all([clients.cloudformation(), clients.logs()]);
  const { StackResources = [] } = await cloudformation.send(
    new DescribeStackResourcesCommand({ StackName: stackName }),
    {
      abortSignal: signal,
    },
  );
  const groups: string[] = [];
  for (const { ResourceType, PhysicalResourceId: id } of StackResources) {
    if (ResourceType !== 'AWS::Lambda::Function' || id === undefined) continue;
    const group = `/aws/lambda/${id}`;
    const page = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group }), { abortSignal: signal });
    if (!page.logGroups?.some(({ logGroupName }) => logGroupName === group)) groups.push(group);
  }
  return groups;
}

/** Deletes log groups; those that never came are no failure. */
export async function deleteLogGroups(clients: Clients, groups: readonly string[]): Promise<void> {
  const { DeleteLogGroupCommand } = await import('@aws-sdk/client-cloudwatch-logs');
  const logs = await clients.logs();
  for (const logGroupName of groups) {
    await logs.send(new DeleteLogGroupCommand({ logGroupName })).catch((error: Error) => {
      if (error.name !== 'ResourceNotFoundException') throw error;
    });
  }
}
