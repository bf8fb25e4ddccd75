import { defineOperation } from '../../../define-operation.js';
import { checkExpansion, defineStack } from '../define-stack.js';
import { planChanges } from '../plan-changes.js';
import { TemplateFault } from '../run/failure-reason.js';
import { updateRun } from '../run/update-run.js';
import type { ServiceContext } from '../service-context.js';
import type { Stack } from '../stack.js';
import { invalid } from '../validation-error.js';
import { REQUEST_TOKEN } from './create-stack.js';

/** States from which a stack can be updated. */
const UPDATABLE: ReadonlySet<string> = new Set([
  ...['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'CREATE_FAILED', 'UPDATE_FAILED'],
  ...['IMPORT_COMPLETE', 'IMPORT_ROLLBACK_COMPLETE'],
]);

/** @throws AwsError ValidationError when work is under way, or the stack is beyond repair */
export function refuseUnlessUpdatable(stack: Stack): void {
  if (UPDATABLE.has(stack.status)) return;
  throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

/** Refuses at once what changes nothing; else answers and goes on by itself. */
export const updateStack = defineOperation('cloudformation', 'UpdateStack').as({
  constraints: { ClientRequestToken: REQUEST_TOKEN },
  async run(service: ServiceContext, input, context) {
    if (
      input.StackPolicyBody ??
      input.StackPolicyURL ??
      input.StackPolicyDuringUpdateBody ??
      input.StackPolicyDuringUpdateURL
    )
      throw invalid('Stack policies are not supported by this endpoint.');
    const stack = service.store(context).get(input.StackName, (name) => `Stack [${name}] does not exist`);
    refuseUnlessUpdatable(stack);
    const environment = service.runEnvironment(context.region);
    const next = await defineStack(input, stack, environment);
    checkExpansion(next);
    if (!(await changesAnything(stack, next, environment))) throw invalid('No updates are to be performed.');
    refuseUnlessUpdatable(stack);
    service.begin(stack, input.ClientRequestToken, async (run) => {
      stack.unfinishedRollback = await updateRun(run, next, { disableRollback: input.DisableRollback ?? false });
    });
    await service.moment(stack, context);
    return { StackId: stack.id };
  },
});

/** An import that nothing exports is for the update itself to stumble over, where a rollback says so. */
async function changesAnything(...args: Parameters<typeof planChanges>): Promise<boolean> {
  try {
    return (await planChanges(...args)).hasChanges;
  } catch (error) {
    if (error instanceof TemplateFault) return true;
    throw error;
  }
}
