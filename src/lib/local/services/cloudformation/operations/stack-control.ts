import { AwsError } from '../../../wire/aws-error.js';
import type { Handlers } from '../../../wire/handlers.js';
import { rollBack } from '../run/update-run.js';
import type { ServiceContext } from '../service-context.js';
import { setStackStatus } from '../stack-events.js';

type ControlOperations = Pick<
  Handlers<'cloudformation'>,
  'UpdateTerminationProtection' | 'CancelUpdateStack' | 'ContinueUpdateRollback'
>;

/** What can be done to a stack besides changing what it is made of. */
export function stackControl(service: ServiceContext): ControlOperations {
  return {
    UpdateTerminationProtection(input, context) {
      const stack = service.store(context).get(input.StackName, (name) => `Stack [${name}] does not exist`);
      if (stack.status.startsWith('DELETE')) {
        throw new AwsError(
          'ValidationError',
          `Stack [${stack.name}] is in ${stack.status} state; TerminationProtection cannot be updated.`,
        );
      }
      stack.terminationProtection = input.EnableTerminationProtection;
      return { StackId: stack.id };
    },

    CancelUpdateStack(input, context) {
      const stack = service.store(context).get(input.StackName, (name) => `Stack [${name}] does not exist`);
      if (stack.status !== 'UPDATE_IN_PROGRESS') {
        throw new AwsError(
          'ValidationError',
          `CancelUpdateStack cannot be called from current stack status: ${stack.status}`,
        );
      }
      service.cancel(stack);
      return {};
    },

    ContinueUpdateRollback(input, context) {
      const stack = service.store(context).get(input.StackName, (name) => `Stack [${name}] does not exist`);
      const { unfinishedRollback: unfinished } = stack;
      if (stack.status !== 'UPDATE_ROLLBACK_FAILED' || !unfinished) {
        throw new AwsError(
          'ValidationError',
          `Stack:${stack.id} is in ${stack.status} state and can not continue update rollback.`,
        );
      }
      service.begin(stack, input.ClientRequestToken, async (run) => {
        setStackStatus(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', service.environment.clock, 'User Initiated');
        stack.unfinishedRollback = await rollBack(run, unfinished, input.ResourcesToSkip ?? []);
      });
      return {};
    },
  };
}
