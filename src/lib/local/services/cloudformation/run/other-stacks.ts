import type { StackOutputQuery } from '../intrinsics/scope.js';
import type { Stack } from '../stack.js';
import { TemplateFault } from './failure-reason.js';
import type { RunEnvironment } from './stack-run.js';

/** What `Fn::ImportValue` gives. @throws TemplateFault */
export function exportedValue(name: string, { store }: RunEnvironment): string {
  const found = store.exports().get(name);
  if (!found) throw new TemplateFault(`No export named ${name} found`);
  return found.value;
}

/**
 * What `Fn::GetStackOutput` gives: the output as it is now. Nothing remembers who read it, so the other stack may change and go as it likes.
 * @throws TemplateFault; AWS does not document its sentences
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
 */
export function stackOutput(
  { stackName, outputName, region, roleArn }: StackOutputQuery,
  reader: Stack,
  environment: RunEnvironment,
): string {
  const account = roleArn?.split(':')[4];
  if (account !== undefined && account !== environment.accountId) {
    throw new TemplateFault(
      `Fn::GetStackOutput: ${roleArn} is a role of account ${account}; this endpoint has only ${environment.accountId}.`,
    );
  }
  const where = region ?? reader.region;
  const stack = environment.storeOf(where).find(stackName);
  if (!stack || stack.status === 'DELETE_COMPLETE')
    throw new TemplateFault(`Fn::GetStackOutput: Stack with id ${stackName} does not exist in ${where}`);
  const output = stack.outputs.find(({ key }) => key === outputName);
  if (!output)
    throw new TemplateFault(`Fn::GetStackOutput: Stack ${stack.name} in ${where} has no output ${outputName}`);
  return output.value;
}
