import { setStackStatus } from '../stack-events.js';
import { converge } from './converge.js';
import { deleteRun } from './delete-run.js';
import { checkExports, evaluateOutputs } from './evaluate-outputs.js';
import { removeResources } from './remove-resources.js';
import type { StackRun } from './stack-run.js';

export type OnFailure = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';

/** Creates everything a new stack is made of; where something fails, undoes it. Never rejects: the stack's status tells. */
export async function createRun(run: StackRun, onFailure: OnFailure): Promise<void> {
  const { stack, environment } = run;
  const { clock } = environment;
  setStackStatus(stack, 'CREATE_IN_PROGRESS', clock, 'User Initiated');
  const reason = await attempt(run);
  if (run.cancelled) return;
  if (reason === undefined) {
    setStackStatus(stack, 'CREATE_COMPLETE', clock);
    return;
  }
  if (onFailure === 'DO_NOTHING') {
    setStackStatus(stack, 'CREATE_FAILED', clock, reason);
    return;
  }
  if (onFailure === 'DELETE') {
    await deleteRun(run, { reason: `${reason} Delete requested by user.` });
    return;
  }
  await rollBackCreation(run, `${reason} Rollback requested by user.`);
}

/** Removes what there is of a stack that could not be created whole. */
export async function rollBackCreation(run: StackRun, reason: string): Promise<void> {
  const { stack, environment } = run;
  const { clock } = environment;
  setStackStatus(stack, 'ROLLBACK_IN_PROGRESS', clock, reason);
  const failed = await removeResources(
    run,
    [...stack.resources.values()],
    // RetainExceptOnCreate keeps a resource only once the stack that made it has been created whole.
    ({ deletionPolicy, status }) => deletionPolicy === 'Retain' && status === 'CREATE_COMPLETE',
  );
  stack.imports.clear();
  if (failed.length === 0) setStackStatus(stack, 'ROLLBACK_COMPLETE', clock);
  else {
    setStackStatus(
      stack,
      'ROLLBACK_FAILED',
      clock,
      `The following resource(s) failed to delete: [${failed.join(', ')}]. `,
    );
  }
}

/** Why it did not work; undefined when it did. */
async function attempt(run: StackRun): Promise<string | undefined> {
  const { stack, environment } = run;
  const scope = run.scope(stack.definition, stack.imports);
  try {
    const { failed } = await converge(run, stack.definition, scope, () => run.cancelled);
    if (failed.length > 0) {
      return `The following resource(s) failed to create: [${failed.map(({ logicalId }) => logicalId).join(', ')}].`;
    }
    if (run.cancelled) return 'Cancelled.';
    const outputs = evaluateOutputs(stack.definition, scope);
    checkExports(stack, outputs, environment.store);
    stack.outputs = outputs;
    return undefined;
  } catch (error) {
    return sentence(error);
  }
}

/** An error's text, ended with a full stop, as it stands in front of "Rollback requested by user." */
export function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
