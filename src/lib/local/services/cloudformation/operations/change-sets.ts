import { randomUUID } from 'node:crypto';
import type { CreateChangeSetInput } from '@aws-sdk/client-cloudformation';
import { defineOperation } from '../../../define-operation.js';
import { arnOf } from '../../../kit/arn.js';
import { numberKey } from '../../../kit/page.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Checked, OperationContext } from '../../../wire/handlers.js';
import { validate } from '../../../wire/validate.js';
import type { ChangeSetEntry } from '../change-set.js';
import { defineStack } from '../define-stack.js';
import { newStack } from '../new-stack.js';
import { PAGE_SIZE, page } from '../page.js';
import { type Plan, type PlannedResource, planChanges } from '../plan-changes.js';
import { createRun } from '../run/create-run.js';
import { TemplateFault } from '../run/failure-reason.js';
import type { RunEnvironment } from '../run/stack-run.js';
import { updateRun } from '../run/update-run.js';
import type { ServiceContext } from '../service-context.js';
import type { Stack } from '../stack.js';
import { setStackStatus } from '../stack-events.js';
import type { StackStore } from '../stack-store.js';
import { invalid } from '../validation-error.js';
import { STACK_NAME } from './create-stack.js';
import { parameterAnswer } from './describe-stacks.js';
import { refuseUnlessUpdatable } from './update-stack.js';

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

const CONSTRAINTS = {
  ChangeSetName: { min: 1, max: 128, pattern: '[a-zA-Z][-a-zA-Z0-9]*' },
  ClientToken: { min: 1, max: 128 },
  Description: { min: 1, max: 1024 },
};

/** Change sets as `aws cloudformation deploy` and the CDK use them: made, looked at, executed or dropped. */
export const createChangeSet = defineOperation('cloudformation', 'CreateChangeSet').as({
  constraints: CONSTRAINTS,
  async run(service: ServiceContext, input, context) {
    refuseUnsupported(input);
    const store = service.store(context);
    const type = input.ChangeSetType ?? 'UPDATE';
    const standing = store.find(input.StackName);
    const stack = checkStack(standing, input.StackName, type);
    const environment = service.runEnvironment(context.region);
    const definition = await defineStack(
      input,
      stack?.status === 'REVIEW_IN_PROGRESS' ? undefined : stack,
      environment,
    );
    const planned = stack ?? newStack(input.StackName, definition, context, service.environment.clock);
    const plan = await planOrFault(planned, definition, environment);
    // Another request may have brought the same stack into review in the meantime: both change sets are of that one.
    const target = stack ?? store.find(input.StackName) ?? planned;
    takeName(store, target.id, input.ChangeSetName);
    if (target === planned && !stack) enterReview(service, target);
    const fault = plan instanceof TemplateFault ? plan.message : plan.hasChanges ? undefined : NO_CHANGES;
    const entry: ChangeSetEntry = {
      id: arnOf('cloudformation', context, `changeSet/${input.ChangeSetName}/${randomUUID()}`),
      name: input.ChangeSetName,
      description: input.Description,
      type,
      stackId: target.id,
      createdAt: new Date(service.environment.clock.now()),
      status: fault === undefined ? 'CREATE_COMPLETE' : 'FAILED',
      reason: fault ?? withoutEffect(plan, environment),
      executionStatus: fault === undefined ? 'AVAILABLE' : 'UNAVAILABLE',
      definition,
      changes: plan instanceof TemplateFault ? [] : plan.changes,
      onStackFailure: input.OnStackFailure,
    };
    store.changeSets.set(entry.id, entry);
    return { Id: entry.id, StackId: target.id };
  },
});

export const describeChangeSet = defineOperation('cloudformation', 'DescribeChangeSet').as({
  run(service: ServiceContext, input, context) {
    const entry = service.changeSet(input.ChangeSetName, input.StackName, context);
    const stack = service.store(context).get(entry.stackId);
    const { items, next } = page([...entry.changes.entries()], {
      of: `cloudformation.DescribeChangeSet ${entry.id}`,
      keyOf: ([index]) => numberKey(index),
      token: input.NextToken,
      size: PAGE_SIZE,
    });
    return {
      ChangeSetName: entry.name,
      ChangeSetId: entry.id,
      StackId: stack.id,
      StackName: stack.name,
      Description: entry.description,
      Parameters: [...entry.definition.parameters].map(([ParameterKey, value]) => ({
        ParameterKey,
        ...parameterAnswer(value),
      })),
      CreationTime: entry.createdAt,
      ExecutionStatus: entry.executionStatus,
      Status: entry.status,
      StatusReason: entry.reason,
      NotificationARNs: entry.definition.notificationArns,
      RollbackConfiguration: {},
      Capabilities: entry.definition.capabilities,
      Tags: entry.definition.tags,
      Changes: items.map(([, change]) => changeAnswer(change)),
      NextToken: next,
      IncludeNestedStacks: false,
      OnStackFailure: entry.onStackFailure,
    };
  },
});

export const executeChangeSet = defineOperation('cloudformation', 'ExecuteChangeSet').as({
  async run(service: ServiceContext, input, context) {
    const store = service.store(context);
    const entry = service.changeSet(input.ChangeSetName, input.StackName, context);
    const stack = store.get(entry.stackId);
    if (entry.executionStatus !== 'AVAILABLE') {
      throw new AwsError(
        'InvalidChangeSetStatus',
        `ChangeSet [${entry.id}] cannot be executed in its current status of [${entry.status}]`,
      );
    }
    const isNew = stack.status === 'REVIEW_IN_PROGRESS';
    if (!isNew) refuseUnlessUpdatable(stack);
    if (input.DisableRollback !== undefined && entry.onStackFailure !== undefined)
      throw invalid('You cannot specify both DisableRollback and OnStackFailure');
    entry.executionStatus = 'EXECUTE_COMPLETE';
    stack.changeSetId = entry.id;
    const keeps = input.DisableRollback === true || entry.onStackFailure === 'DO_NOTHING';
    stack.disableRollback = keeps;
    dropOthers(service, entry, context);
    if (isNew) {
      stack.definition = entry.definition;
      const onFailure = keeps ? 'DO_NOTHING' : (entry.onStackFailure ?? 'ROLLBACK');
      service.begin(stack, input.ClientRequestToken, (run) => createRun(run, onFailure));
    } else {
      service.begin(stack, input.ClientRequestToken, async (run) => {
        stack.unfinishedRollback = await updateRun(run, entry.definition, { disableRollback: keeps });
      });
    }
    await service.moment(stack, context);
    return {};
  },
});

export const deleteChangeSet = defineOperation('cloudformation', 'DeleteChangeSet').as({
  run(service: ServiceContext, input, context) {
    const store = service.store(context);
    const isArn = input.ChangeSetName.startsWith('arn:');
    if (!isArn) store.get(input.StackName ?? '', (name) => `Stack [${name}] does not exist`);
    const entry = service.findChangeSet(input.ChangeSetName, input.StackName, context);
    if (entry) store.changeSets.delete(entry.id);
    return {};
  },
});

export const listChangeSets = defineOperation('cloudformation', 'ListChangeSets').as({
  run(service: ServiceContext, input, context) {
    const store = service.store(context);
    const stack = store.get(input.StackName, (name) => `Stack [${name}] does not exist`);
    const all = [...store.changeSets.values()].filter(
      ({ stackId, executionStatus }) => stackId === stack.id && executionStatus !== 'EXECUTE_COMPLETE',
    );
    const { items, next } = page(all, {
      of: `cloudformation.ListChangeSets ${stack.id}`,
      keyOf: ({ createdAt, id }) => `${createdAt.toISOString()} ${id}`,
      token: input.NextToken,
      size: PAGE_SIZE,
    });
    return {
      Summaries: items.map((entry) => ({
        StackId: stack.id,
        StackName: stack.name,
        ChangeSetId: entry.id,
        ChangeSetName: entry.name,
        ExecutionStatus: entry.executionStatus,
        Status: entry.status,
        StatusReason: entry.reason,
        CreationTime: entry.createdAt,
        Description: entry.description,
        IncludeNestedStacks: false,
      })),
      NextToken: next,
    };
  },
});

function refuseUnsupported(input: Checked<CreateChangeSetInput>): void {
  const unsupported = (what: string): never => {
    throw invalid(`${what} is not supported by this endpoint.`);
  };
  if (input.ChangeSetType === 'IMPORT' || input.ResourcesToImport?.length) unsupported('Importing resources');
}

function checkStack(stack: Stack | undefined, name: string, type: string): Stack | undefined {
  if (type === 'CREATE') {
    if (stack && stack.status !== 'REVIEW_IN_PROGRESS')
      throw invalid(`Stack [${name}] already exists and cannot be created again with the changeSet [CREATE]`);
    return stack;
  }
  if (!stack) throw invalid(`Stack [${name}] does not exist`);
  if (stack.status === 'REVIEW_IN_PROGRESS')
    throw invalid(`Stack:${stack.id} is in REVIEW_IN_PROGRESS state and can not be updated.`);
  refuseUnlessUpdatable(stack);
  return stack;
}

/**
 * A name is taken while its change set can still be executed. The AWS CLI names them by the second, and here two deploys fit into one: an
 * executed or failed change set gives its name up.
 * @throws AlreadyExistsException
 */
function takeName(store: StackStore, stackId: string, name: string): void {
  for (const other of [...store.changeSets.values()]) {
    if (other.stackId !== stackId || other.name !== name) continue;
    if (other.executionStatus === 'AVAILABLE') {
      throw new AwsError('AlreadyExistsException', `ChangeSet ${name} already exists`);
    }
    store.changeSets.delete(other.id);
  }
}

/** A change set of type CREATE brings a stack into being that has nothing in it until it is executed. */
function enterReview(service: ServiceContext, stack: Stack): void {
  validate({ StackName: stack.name }, { StackName: STACK_NAME }, 'ValidationError');
  service.store(stack).add(stack);
  setStackStatus(stack, 'REVIEW_IN_PROGRESS', service.environment.clock, 'User Initiated');
}

/** A mistake in the template is an error of the request; an import that nothing exports makes a failed change set. */
async function planOrFault(...args: Parameters<typeof planChanges>): Promise<Plan | TemplateFault> {
  try {
    return await planChanges(...args);
  } catch (error) {
    if (error instanceof TemplateFault) return error;
    throw error;
  }
}

/** AWS has no place for it: the reason of a change set that succeeds is empty there. */
function withoutEffect(plan: Plan | TemplateFault, { types }: RunEnvironment): string | undefined {
  if (plan instanceof TemplateFault) return undefined;
  const names = plan.changes
    .filter(({ action, type }) => action !== 'Remove' && types.get(type)?.isInert)
    .map(({ logicalId }) => logicalId);
  return names.length > 0 ? `Kept without effect at this endpoint: ${names.join(', ')}.` : undefined;
}

/** Executing one change set makes the stack's others meaningless; CloudFormation deletes them. */
function dropOthers(service: ServiceContext, executed: ChangeSetEntry, context: OperationContext): void {
  const { changeSets: entries } = service.store(context);
  for (const [id, entry] of entries) if (entry.stackId === executed.stackId && entry !== executed) entries.delete(id);
}

const changeAnswer = (change: PlannedResource) => ({
  Type: 'Resource' as const,
  ResourceChange: {
    Action: change.action,
    LogicalResourceId: change.logicalId,
    PhysicalResourceId: change.physicalId,
    ResourceType: change.type,
    Replacement: change.replacement,
    Scope: [...new Set(change.details.map(({ attribute }) => attribute))],
    Details: change.details.map((detail) => ({
      Target: { Attribute: detail.attribute, Name: detail.name, RequiresRecreation: detail.recreation },
      Evaluation: detail.evaluation,
      ChangeSource: detail.source,
      CausingEntity: detail.cause,
    })),
  },
});
