import { defineOperation } from '../../../define-operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Constraint } from '../../../wire/validate.js';
import { checkExpansion, defineStack } from '../define-stack.js';
import { newStack } from '../new-stack.js';
import { planChanges } from '../plan-changes.js';
import { createRun, type OnFailure } from '../run/create-run.js';
import { TemplateFault } from '../run/failure-reason.js';
import type { ServiceContext } from '../service-context.js';
import { invalid } from '../validation-error.js';

export const STACK_NAME: Constraint = { min: 1, max: 128, pattern: '[a-zA-Z][-a-zA-Z0-9]*' };
export const REQUEST_TOKEN: Constraint = { min: 1, max: 128, pattern: '[a-zA-Z0-9][-a-zA-Z0-9]*' };

/** Checks everything that can be known at once, then answers with the new stack's id and goes on by itself. */
export const createStack = defineOperation('cloudformation', 'CreateStack').as({
  constraints: { StackName: STACK_NAME, ClientRequestToken: REQUEST_TOKEN },
  async run(service: ServiceContext, input, context) {
    if (input.StackPolicyBody !== undefined || input.StackPolicyURL !== undefined)
      throw invalid('Stack policies are not supported by this endpoint.');
    if (input.DisableRollback !== undefined && input.OnFailure !== undefined)
      throw invalid('You cannot specify both DisableRollback and OnFailure');
    const store = service.store(context);
    const standing = store.find(input.StackName);
    // The same request again: a client that heard no answer.
    if (standing && input.ClientRequestToken !== undefined && standing.token === input.ClientRequestToken)
      return { StackId: standing.id };
    refuseExisting(standing !== undefined, input.StackName);
    const environment = service.runEnvironment(context.region);
    const definition = await defineStack(input, undefined, environment);
    checkExpansion(definition);
    const stack = newStack(input.StackName, definition, context, service.environment.clock);
    await refuseTemplateErrors(stack, definition, environment);
    // Another request may have taken the name while parameters were being looked up.
    refuseExisting(store.find(input.StackName) !== undefined, input.StackName);
    stack.terminationProtection = input.EnableTerminationProtection ?? false;
    stack.disableRollback = input.DisableRollback ?? input.OnFailure === 'DO_NOTHING';
    stack.timeoutMinutes = input.TimeoutInMinutes;
    store.add(stack);
    const onFailure: OnFailure = stack.disableRollback ? 'DO_NOTHING' : (input.OnFailure ?? 'ROLLBACK');
    service.begin(stack, input.ClientRequestToken, (run) => createRun(run, onFailure));
    await service.moment(stack, context);
    return { StackId: stack.id };
  },
});

/**
 * Works the template out as far as it can be before anything exists, so that a mistake in it is an answer and not a rollback.
 * An import that nothing exports is for the stack itself to stumble over, as on AWS.
 */
async function refuseTemplateErrors(...args: Parameters<typeof planChanges>): Promise<void> {
  try {
    await planChanges(...args);
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
  }
}

function refuseExisting(exists: boolean, name: string): void {
  if (exists) throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
}
