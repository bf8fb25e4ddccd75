import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ChangeSetType,
  DescribeChangeSetCommandOutput,
  Parameter,
  ResourceChange,
  Tag,
} from '@aws-sdk/client-cloudformation';
import { OperationError } from '../shared/errors.js';
import type { Clients } from '../target/clients.js';
import { pollMs } from './follow-stack.js';
import type { PackagedTemplate } from './package-template.js';
import type { PlannedChange, StackPlan } from './stack-plan.js';

/** Everything a stack is made from, as each of CloudFormation's calls takes it. */
export interface StackInput {
  stackName: string;
  template: PackagedTemplate;
  parameters: Parameter[];
  tags: Tag[] | undefined;
}

/** pipectl asks before nothing: whoever deploys a template with roles in it means them. The plan shows them. */
export const CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'] as const;

export interface PlannedChangeSet {
  id: string;
  stackId: string;
  /** An empty one comes of a change set that cannot be executed. */
  plan: StackPlan;
}

/** @returns undefined where the endpoint has no change sets */
export async function createChangeSet(
  clients: Clients,
  input: StackInput,
  type: ChangeSetType,
  signal: AbortSignal | undefined,
): Promise<PlannedChangeSet | undefined> {
  const { CreateChangeSetCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  try {
    const created = await client.send(
      new CreateChangeSetCommand({
        StackName: input.stackName,
        ChangeSetName: `pipectl-${Date.now().toString(36)}-${randomBytes(3).toString('hex')}`,
        ChangeSetType: type,
        ...input.template,
        Parameters: input.parameters,
        Tags: input.tags,
        Capabilities: [...CAPABILITIES],
      }),
      { abortSignal: signal },
    );
    return await untilPlanned(clients, created.Id ?? '', created.StackId ?? '', input.stackName, type, signal);
  } catch (error) {
    if (isNotImplemented(error)) return undefined;
    throw error;
  }
}

async function untilPlanned(
  clients: Clients,
  id: string,
  stackId: string,
  stackName: string,
  type: ChangeSetType,
  signal: AbortSignal | undefined,
): Promise<PlannedChangeSet> {
  for (;;) {
    signal?.throwIfAborted();
    const { answer, changes } = await describe(clients, id, stackName, signal);
    const inert = namesWithoutEffect(answer.StatusReason);
    const plan = {
      stackName,
      isNew: type === 'CREATE',
      changes: changes.map((change) => plannedChange(change, inert)),
    };
    if (answer.Status === 'CREATE_COMPLETE') return { id, stackId, plan: { ...plan, isEmpty: false } };
    if (answer.Status === 'FAILED') {
      if (saysNoChanges(answer.StatusReason)) return { id, stackId, plan: { ...plan, isEmpty: true } };
      await deleteChangeSet(clients, id, stackName, signal);
      throw new OperationError(
        `CloudFormation does not take ${stackName}: ${answer.StatusReason ?? 'it gives no reason'}`,
      );
    }
    await sleep(pollMs(clients), undefined, { signal }).catch(() => {});
  }
}

async function describe(
  clients: Clients,
  id: string,
  stackName: string,
  signal: AbortSignal | undefined,
): Promise<{ answer: DescribeChangeSetCommandOutput; changes: ResourceChange[] }> {
  const { DescribeChangeSetCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  const changes: ResourceChange[] = [];
  for (let next: string | undefined; ; ) {
    const answer = await client.send(
      new DescribeChangeSetCommand({ ChangeSetName: id, StackName: stackName, NextToken: next }),
      { abortSignal: signal },
    );
    changes.push(...(answer.Changes ?? []).flatMap(({ ResourceChange: change }) => change ?? []));
    next = answer.NextToken;
    if (!next) return { answer, changes };
  }
}

export async function executeChangeSet(clients: Clients, id: string, stackName: string): Promise<void> {
  const { ExecuteChangeSetCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  await client.send(new ExecuteChangeSetCommand({ ChangeSetName: id, StackName: stackName }));
}

export async function deleteChangeSet(
  clients: Clients,
  id: string,
  stackName: string,
  signal?: AbortSignal,
): Promise<void> {
  const { DeleteChangeSetCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  await client.send(new DeleteChangeSetCommand({ ChangeSetName: id, StackName: stackName }), { abortSignal: signal });
}

/** CloudFormation has no code for "nothing to change": only one of two sentences, which the AWS CLI and the CDK look for too. */
export const saysNoChanges = (text: string | undefined): boolean =>
  /didn't contain changes|No updates are to be performed/i.test(text ?? '');

/** How endpoints say that they lack an operation: AWS's own name for an unknown action, or status 501. */
export function isNotImplemented(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status === 501 || ['InvalidAction', 'UnknownOperationException', 'NotImplemented'].includes(error.name);
}

/** A local endpoint names here, by logical ID, what of the plan it only keeps. */
function namesWithoutEffect(reason: string | undefined): ReadonlySet<string> {
  const [, names = ''] = /^Kept without effect at this endpoint: (.+)\.$/.exec(reason ?? '') ?? [];
  return new Set(names.split(', '));
}

function plannedChange(change: ResourceChange, inert: ReadonlySet<string>): PlannedChange {
  const details = change.Details ?? [];
  const because = details.map(({ Target: target }) => target?.Name ?? target?.Attribute ?? '');
  return {
    action: actionOf(change),
    logicalId: change.LogicalResourceId ?? '',
    type: change.ResourceType ?? '',
    physicalId: change.PhysicalResourceId || undefined,
    because: [...new Set(because)].filter((name) => name !== ''),
    ...(inert.has(change.LogicalResourceId ?? '') && { keptWithoutEffect: true as const }),
  };
}

function actionOf({ Action: action, Replacement: replacement }: ResourceChange): PlannedChange['action'] {
  if (action === 'Add') return 'add';
  if (action === 'Remove') return 'remove';
  if (action === 'Import') return 'import';
  if (action !== 'Modify') return 'unknown';
  if (replacement === 'True') return 'replace';
  return replacement === 'Conditional' ? 'maybe-replace' : 'modify';
}
