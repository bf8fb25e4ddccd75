import { defineOperation } from '../../../define-operation.js';
import { deleteRun } from '../run/delete-run.js';
import type { ServiceContext } from '../service-context.js';
import { setStackStatus } from '../stack-events.js';
import { invalid } from '../validation-error.js';

/** Deletes a stack; one that does not exist is deleted enough, as on AWS. */
export const deleteStack = defineOperation('cloudformation', 'DeleteStack').as({
  async run(service: ServiceContext, input, context) {
    const store = service.store(context);
    const stack = store.find(input.StackName);
    if (!stack || stack.status === 'DELETE_COMPLETE') return {};
    if (stack.terminationProtection) {
      throw invalid(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
    }
    const retain = input.RetainResources ?? [];
    if (retain.length > 0 && stack.status !== 'DELETE_FAILED') {
      throw invalid(
        `Invalid operation on stack [${stack.id}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
      );
    }
    const stranger = retain.find((id) => stack.resources.get(id)?.status !== 'DELETE_FAILED');
    if (stranger !== undefined) {
      throw invalid(`Resource ${stranger} cannot be retained: only resources in the state DELETE_FAILED can.`);
    }
    if (stack.status === 'DELETE_IN_PROGRESS') return {};
    for (const { exportName } of stack.outputs) {
      const users = exportName === undefined ? [] : store.importers(exportName).filter((name) => name !== stack.name);
      if (users.length === 0) continue;
      // The request is taken and the stack stays what it was; only its events and its reason say why.
      setStackStatus(
        stack,
        stack.status,
        service.environment.clock,
        `Delete canceled. Cannot delete export ${exportName} as it is in use by ${users.join(' and ')}.`,
      );
      return {};
    }
    const force = input.DeletionMode === 'FORCE_DELETE_STACK';
    service.begin(stack, input.ClientRequestToken, (run) => deleteRun(run, { retain, force }));
    await service.moment(stack, context);
    return {};
  },
});
