import type { Stack } from '@aws-sdk/client-cloudformation';
import { OperationError } from '../shared/errors.js';
import type { Clients } from '../target/clients.js';
import type { StackOutput } from './deploy-request.js';
import { describeStack } from './describe-stack.js';

/**
 * The outputs of one stack, in the order CloudFormation gives them.
 * @throws OperationError when there is no such stack
 */
export async function stackOutputs(clients: Clients, stackName: string, signal?: AbortSignal): Promise<StackOutput[]> {
  const stack = await describeStack(clients, stackName, signal);
  if (!stack) {
    throw new OperationError(`No stack named "${stackName}" in ${clients.target.region}.`, {
      hint: `Deploy it first: pipectl deploy TEMPLATE --stack ${stackName}`,
    });
  }
  return outputsOf(stack);
}

export function outputsOf(stack: Stack): StackOutput[] {
  return (stack.Outputs ?? []).map((output) => ({
    key: output.OutputKey ?? '',
    value: output.OutputValue ?? '',
    description: output.Description,
    exportName: output.ExportName,
  }));
}
