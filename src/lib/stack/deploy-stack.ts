import type { Parameter, Stack, Tag } from '@aws-sdk/client-cloudformation';
import { OperationError, UsageError } from '../shared/errors.js';
import { nearMatches } from '../shared/near-matches.js';
import type { Clients } from '../target/clients.js';
import { ArtifactBucket } from './artifact-bucket.js';
import type { DeployRequest, DeployResult } from './deploy-request.js';
import { describeStack } from './describe-stack.js';
import { explainFailure } from './explain-failure.js';
import { StackFollower } from './follow-stack.js';
import { type PackagedTemplate, packageTemplate } from './package-template.js';
import { refuseEndedTypes } from './refuse-ended-types.js';
import {
  CAPABILITIES,
  createChangeSet,
  deleteChangeSet,
  executeChangeSet,
  isNotImplemented,
  type StackInput,
  saysNoChanges,
} from './stack-change-set.js';
import { outputsOf } from './stack-outputs.js';
import type { StackPlan } from './stack-plan.js';
import { readTemplateFile, type TemplateFile } from './template-file.js';
import { withCauses } from './with-causes.js';

/**
 * Deploys a template as a stack: packages local code, makes a change set, carries it out, follows the events to the end.
 * A stack that needs no change is left alone (`action: 'unchanged'`).
 * @throws OperationError with the first resource that failed and why; UsageError for a template or parameter that cannot be meant
 */
export async function deployStack(clients: Clients, request: DeployRequest): Promise<DeployResult> {
  const startedAt = performance.now();
  const { stackName, signal } = request;
  const { input, standing } = await prepare(clients, request);
  const isNew = standing === undefined || standing.StackStatus === 'REVIEW_IN_PROGRESS';
  const result = async (action: DeployResult['action'], plan: StackPlan): Promise<DeployResult> => {
    const stack = await describeStack(clients, stackName, signal);
    return {
      stackName,
      stackId: stack?.StackId ?? '',
      action,
      plan,
      outputs: stack ? outputsOf(stack) : [],
      durationMs: performance.now() - startedAt,
    };
  };

  const changeSet = await createChangeSet(clients, input, isNew ? 'CREATE' : 'UPDATE', signal);
  if (!changeSet) {
    const plan = await deployDirectly(clients, input, isNew, request);
    return result(plan.isEmpty ? 'unchanged' : isNew ? 'created' : 'updated', plan);
  }
  request.onEvent?.({ kind: 'plan', plan: changeSet.plan });
  if (changeSet.plan.isEmpty) {
    await deleteChangeSet(clients, changeSet.id, stackName, signal);
    return result('unchanged', changeSet.plan);
  }
  const follower = await StackFollower.start(clients, changeSet.stackId, signal);
  signal?.throwIfAborted();
  await executeChangeSet(clients, changeSet.id, stackName);
  await follow(clients, follower, request);
  return result(isNew ? 'created' : 'updated', changeSet.plan);
}

/**
 * What a deploy would change, leaving everything as it is. Code is packaged and uploaded, for without it there is no plan.
 * @throws OperationError where the endpoint has no change sets to plan with
 */
export async function planStack(clients: Clients, request: DeployRequest): Promise<StackPlan> {
  const { stackName, signal } = request;
  const { input, standing } = await prepare(clients, request, { onlyLooks: true });
  const isNew = standing === undefined || standing.StackStatus === 'REVIEW_IN_PROGRESS';
  const changeSet = await createChangeSet(clients, input, isNew ? 'CREATE' : 'UPDATE', signal);
  if (!changeSet) {
    throw new OperationError('This endpoint has no change sets, so there is no plan without deploying.', {
      hint: 'Deploy without --check, or check against pipectl local.',
    });
  }
  await deleteChangeSet(clients, changeSet.id, stackName, signal);
  // A change set for a new stack brings an empty stack with it; one that stood in review before is left there.
  if (standing === undefined) await deleteEmptyStack(clients, changeSet.stackId);
  return changeSet.plan;
}

async function prepare(
  clients: Clients,
  request: DeployRequest,
  options: { onlyLooks?: boolean } = {},
): Promise<{ input: StackInput; standing: Stack | undefined }> {
  const { stackName, signal, onEvent = () => {} } = request;
  const template = await readTemplateFile(request.templatePath);
  refuseEndedTypes(template, clients.target);
  const found = await usableStack(clients, request, options.onlyLooks ?? false);
  const remains = found?.StackStatus === 'ROLLBACK_COMPLETE' ? found : undefined;
  const standing = remains ? undefined : found;
  const parameters = parameterList(template, request, standing);
  const packaged = await packageTemplate(template, new ArtifactBucket(clients, signal), onEvent);
  // Last, so that a mistake in the request or in the template deletes nothing.
  if (remains) await replaceRemains(clients, remains, packaged, request);
  return { input: { stackName, template: packaged, parameters, tags: tagList(request) }, standing };
}

/**
 * The stack that a deploy starts from, once what an earlier run began has ended: undefined, one that can be updated, or one in
 * ROLLBACK_COMPLETE, which was never created and must be deleted first.
 */
async function usableStack(clients: Clients, request: DeployRequest, onlyLooks: boolean): Promise<Stack | undefined> {
  const { stackName, signal, onEvent = () => {} } = request;
  let stack = await describeStack(clients, stackName, signal);
  if (stack?.StackStatus?.endsWith('_IN_PROGRESS') && stack.StackStatus !== 'REVIEW_IN_PROGRESS') {
    onEvent({
      kind: 'note',
      text: `${stackName} is ${stack.StackStatus}, begun by an earlier run; waiting for its end`,
    });
    const follower = await StackFollower.start(clients, stack.StackId ?? stackName, signal);
    await follower.untilSettled((event) => onEvent({ kind: 'resource', event }));
    stack = await describeStack(clients, stackName, signal);
  }
  const status = stack?.StackStatus;
  if (stack && (status === 'ROLLBACK_COMPLETE' || status === 'ROLLBACK_FAILED' || status === 'DELETE_FAILED')) {
    if (onlyLooks) {
      throw new OperationError(`${stackName} is ${status}: it must be deleted before it can be planned anew.`, {
        hint: `pipectl destroy ${stackName}, or deploy without --check, which does that first.`,
      });
    }
    if (status !== 'ROLLBACK_COMPLETE') {
      throw new OperationError(`${stackName} is ${status}: ${stack.StackStatusReason ?? 'no reason given'}`, {
        hint: `Remove what holds it, then: pipectl destroy ${stackName}`,
      });
    }
  }
  if (status === 'UPDATE_ROLLBACK_FAILED') {
    throw new OperationError(`${stackName} is ${status}: ${stack?.StackStatusReason ?? 'no reason given'}`, {
      hint: `Continue the rollback first: aws cloudformation continue-update-rollback --stack-name ${stackName}`,
    });
  }
  return status === 'DELETE_COMPLETE' ? undefined : stack;
}

/** Deletes a stack that failed to create, if CloudFormation accepts the template that takes its place. */
async function replaceRemains(
  clients: Clients,
  stack: Stack,
  template: PackagedTemplate,
  request: DeployRequest,
): Promise<void> {
  const { DeleteStackCommand, ValidateTemplateCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  await client.send(new ValidateTemplateCommand(template), { abortSignal: request.signal }).catch((error: unknown) => {
    if (!isNotImplemented(error)) throw error;
  });
  const text = `Stack ${request.stackName} failed to create earlier; deleting it and creating it again`;
  request.onEvent?.({ kind: 'note', text });
  const follower = await StackFollower.start(clients, stack.StackId ?? request.stackName, request.signal);
  await client.send(new DeleteStackCommand({ StackName: stack.StackId }), { abortSignal: request.signal });
  const settled = await follower.untilSettled((event) => request.onEvent?.({ kind: 'resource', event }));
  if (settled.status !== 'DELETE_COMPLETE')
    throw explainFailure('Destroying', request.stackName, settled, await withCauses(clients, follower.events));
}

async function deleteEmptyStack(clients: Clients, stackId: string): Promise<void> {
  const { DeleteStackCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  await client.send(new DeleteStackCommand({ StackName: stackId }));
}

async function follow(clients: Clients, follower: StackFollower, request: DeployRequest): Promise<void> {
  const settled = await follower
    .untilSettled((event) => request.onEvent?.({ kind: 'resource', event }))
    .catch((error) => {
      if (request.signal?.aborted) {
        const text = `${request.stackName} goes on without pipectl; the same command waits for its end and goes on from there`;
        request.onEvent?.({ kind: 'note', text });
      }
      throw error;
    });
  if (settled.status === 'CREATE_COMPLETE' || settled.status === 'UPDATE_COMPLETE') return;
  throw explainFailure('Deploying', request.stackName, settled, await withCauses(clients, follower.events));
}

/** For endpoints without change sets: the plan is only the list of resources, and an unchanged stack is known by the answer. */
async function deployDirectly(
  clients: Clients,
  input: StackInput,
  isNew: boolean,
  request: DeployRequest,
): Promise<StackPlan> {
  const { CreateStackCommand, UpdateStackCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  const { stackName, signal } = request;
  request.onEvent?.({ kind: 'note', text: 'this endpoint has no change sets; deploying without a plan' });
  const call = {
    StackName: stackName,
    ...input.template,
    Parameters: input.parameters,
    Tags: input.tags,
    Capabilities: [...CAPABILITIES],
  };
  const { resources } = await readTemplateFile(request.templatePath);
  const plan: StackPlan = {
    stackName,
    isNew,
    isEmpty: false,
    changes: resources.map(({ logicalId, type }) => ({
      action: isNew ? 'add' : 'unknown',
      logicalId,
      type,
      physicalId: undefined,
      because: [],
    })),
  };
  if (isNew) {
    const { StackId } = await client.send(new CreateStackCommand(call), { abortSignal: signal });
    // Nothing is remembered as seen: every event of a new stack is news.
    const follower = await StackFollower.start(clients, StackId ?? stackName, signal);
    await follow(clients, follower, request);
    return plan;
  }
  const follower = await StackFollower.start(clients, stackName, signal);
  try {
    await client.send(new UpdateStackCommand(call), { abortSignal: signal });
  } catch (error) {
    if (error instanceof Error && saysNoChanges(error.message)) return { ...plan, changes: [], isEmpty: true };
    if (isNotImplemented(error)) {
      throw new OperationError('This endpoint can neither plan nor update stacks.', {
        hint: `pipectl destroy ${stackName}, then deploy it anew.`,
        cause: error,
      });
    }
    throw error;
  }
  await follow(clients, follower, request);
  return plan;
}

/** Given values; for a standing stack, the previous value of every other parameter it has. */
function parameterList(template: TemplateFile, request: DeployRequest, standing: Stack | undefined): Parameter[] {
  const given = request.parameters ?? {};
  const names = template.parameters.map(({ name }) => name);
  const stranger = Object.keys(given).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    const near = nearMatches(stranger, names);
    throw new UsageError(`${template.path} has no parameter "${stranger}".`, {
      hint:
        near.length > 0
          ? `Did you mean ${near.join(' or ')}?`
          : names.length === 0
            ? 'It takes no parameters.'
            : `It takes ${names.join(', ')}.`,
    });
  }
  const previous = new Set(
    standing?.StackStatus === 'REVIEW_IN_PROGRESS'
      ? []
      : (standing?.Parameters ?? []).map(({ ParameterKey: name }) => name),
  );
  const missing = template.parameters.filter(
    ({ name, hasDefault }) => given[name] === undefined && !hasDefault && !previous.has(name),
  );
  if (missing.length > 0) {
    throw new UsageError(`${template.path} needs a value for ${missing.map(({ name }) => name).join(', ')}.`, {
      hint: missing.map(({ name }) => `--parameter ${name}=VALUE`).join(' '),
    });
  }
  return template.parameters.flatMap(({ name }): Parameter[] => {
    const value = given[name];
    if (value !== undefined) return [{ ParameterKey: name, ParameterValue: value }];
    return previous.has(name) ? [{ ParameterKey: name, UsePreviousValue: true }] : [];
  });
}

/** No tags given leaves a stack's tags as they are. */
function tagList({ tags }: DeployRequest): Tag[] | undefined {
  if (tags === undefined || Object.keys(tags).length === 0) return undefined;
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
