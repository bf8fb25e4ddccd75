import { defineOperation } from '../../../define-operation.js';
import { rollBackCreation } from '../run/create-run.js';
import { rollBack } from '../run/update-run.js';
import type { ServiceContext } from '../service-context.js';
import { setStackStatus } from '../stack-events.js';
import { invalid } from '../validation-error.js';

/** What can be done to a stack besides changing what it is made of. */
export const updateTerminationProtection = defineOperation('cloudformation', 'UpdateTerminationProtection').as({
  run(service: ServiceContext, input, context) {
    const stack = service.store(context).get(input.StackName, (name) => `Stack [${name}] does not exist`);
    if (stack.status.startsWith('DELETE')) {
      throw invalid(`Stack [${stack.name}] is in ${stack.status} state; TerminationProtection cannot be updated.`);
    }
    stack.terminationProtection = input.EnableTerminationProtection;
    return { StackId: stack.id };
  },
});

export const cancelUpdateStack = defineOperation('cloudformation', 'CancelUpdateStack').as({
  run(service: ServiceContext, input, context) {
    const stack = service.store(context).get(input.StackName, (name) => `Stack [${name}] does not exist`);
    if (stack.status !== 'UPDATE_IN_PROGRESS') {
      throw invalid(`CancelUpdateStack cannot be called from current stack status: ${stack.status}`);
    }
    service.cancel(stack);
    return {};
  },
});

export const continueUpdateRollback = defineOperation('cloudformation', 'ContinueUpdateRollback').as({
  async run(service: ServiceContext, input, context) {
    const stack = service.store(context).get(input.StackName, (name) => `Stack [${name}] does not exist`);
    const { unfinishedRollback: unfinished } = stack;
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED' || !unfinished) {
      throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not continue update rollback.`);
    }
    const skip = input.ResourcesToSkip ?? [];
    const stranger = skip.find((id) => stack.resources.get(id)?.status !== 'UPDATE_FAILED');
    if (stranger !== undefined) {
      throw invalid(`Resource ${stranger} cannot be skipped: only resources in the state UPDATE_FAILED can.`);
    }
    service.begin(stack, input.ClientRequestToken, async (run) => {
      setStackStatus(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', service.environment.clock, 'User Initiated');
      stack.unfinishedRollback = await rollBack(run, unfinished, skip);
    });
    await service.moment(stack, context);
    return {};
  },
});

export const rollbackStack = defineOperation('cloudformation', 'RollbackStack').as({
  async run(service: ServiceContext, input, context) {
    const stack = service.store(context).get(input.StackName, (name) => `Stack [${name}] does not exist`);
    const { status, unfinishedRollback: unfinished } = stack;
    if (status === 'CREATE_FAILED') {
      service.begin(stack, input.ClientRequestToken, (run) => rollBackCreation(run, 'User Initiated'));
    } else if (status === 'UPDATE_FAILED' && unfinished) {
      service.begin(stack, input.ClientRequestToken, async (run) => {
        setStackStatus(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', service.environment.clock, 'User Initiated');
        stack.unfinishedRollback = await rollBack(run, unfinished, []);
      });
    } else {
      throw invalid(`Stack:${stack.id} is in ${status} state and can not be rolled back.`);
    }
    await service.moment(stack, context);
    return { StackId: stack.id };
  },
});
