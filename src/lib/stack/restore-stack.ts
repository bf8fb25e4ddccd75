import type { Parameter, Tag } from '@aws-sdk/client-cloudformation';
import { OperationError } from '../shared/errors.js';
import type { Clients } from '../target/clients.js';
import { ArtifactBucket } from './artifact-bucket.js';
import type { DeployEvent } from './deploy-request.js';
import { describeStack } from './describe-stack.js';
import { explainFailure } from './explain-failure.js';
import { StackFollower } from './follow-stack.js';
import { sendableTemplate } from './package-template.js';
import { CAPABILITIES, saysNoChanges } from './stack-change-set.js';
import { withCauses } from './with-causes.js';

/** What a stack was made from, to be put back later. */
export interface StackSnapshot {
  stackName: string;
  templateText: string;
  parameters: Parameter[];
  tags: Tag[];
  notificationArns: string[];
}

/** CloudFormation shows this in place of a NoEcho parameter's value. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
const HIDDEN = /^\*+$/;

/**
 * Remembers what a stack is made from. A secret parameter (NoEcho) is remembered as "its previous value": it comes back only if nothing
 * changes it in between.
 * @param changing the parameters that a deploy is about to set
 * @param keeping the parameters that the stack has after that deploy
 * @throws OperationError if a secret parameter is about to be set or dropped: nobody can read its value, so nobody can put it back
 */
export async function snapshotStack(
  clients: Clients,
  stackName: string,
  { changing, keeping }: { changing: readonly string[]; keeping: readonly string[] },
  signal?: AbortSignal,
): Promise<StackSnapshot> {
  const { GetTemplateCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  const [stack, { TemplateBody = '' }] = await Promise.all([
    describeStack(clients, stackName, signal),
    client.send(new GetTemplateCommand({ StackName: stackName, TemplateStage: 'Original' }), { abortSignal: signal }),
  ]);
  const parameters = (stack?.Parameters ?? []).map(
    ({ ParameterKey: name = '', ParameterValue: value = '' }): Parameter => {
      if (!HIDDEN.test(value)) return { ParameterKey: name, ParameterValue: value };
      if (changing.includes(name) || !keeping.includes(name)) {
        throw new OperationError(
          `Stack "${stackName}" has a secret parameter, ${name}, whose value cannot be put back.`,
          {
            hint: `Leave ${name} out of the check's parameters, or give the check a stack of its own.`,
          },
        );
      }
      return { ParameterKey: name, UsePreviousValue: true };
    },
  );
  return {
    stackName,
    templateText: typeof TemplateBody === 'string' ? TemplateBody : JSON.stringify(TemplateBody),
    parameters,
    tags: stack?.Tags ?? [],
    notificationArns: stack?.NotificationARNs ?? [],
  };
}

/**
 * Puts a stack back to what it was made from; an update that is under way is waited for.
 * @throws OperationError with the first resource that failed and why
 */
export async function restoreStack(
  clients: Clients,
  snapshot: StackSnapshot,
  onEvent: (event: DeployEvent) => void = () => {},
): Promise<void> {
  const { UpdateStackCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  const { stackName, templateText, parameters, tags, notificationArns } = snapshot;
  const tell = (event: Extract<DeployEvent, { kind: 'resource' }>['event']): void =>
    onEvent({ kind: 'resource', event });
  await (await StackFollower.start(clients, stackName)).untilSettled(tell);
  const template = await sendableTemplate(templateText, stackName, new ArtifactBucket(clients, undefined), onEvent);
  const follower = await StackFollower.start(clients, stackName);
  try {
    await client.send(
      new UpdateStackCommand({
        StackName: stackName,
        ...template,
        Parameters: parameters,
        Tags: tags,
        NotificationARNs: notificationArns,
        Capabilities: [...CAPABILITIES],
      }),
    );
  } catch (error) {
    if (error instanceof Error && saysNoChanges(error.message)) return;
    throw error;
  }
  const settled = await follower.untilSettled(tell);
  if (settled.status !== 'UPDATE_COMPLETE')
    throw explainFailure('Restoring', stackName, settled, await withCauses(clients, follower.events));
}
