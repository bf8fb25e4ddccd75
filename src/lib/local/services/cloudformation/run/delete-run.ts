import type { StackResource } from '../stack.js';
import { setStackStatus } from '../stack-events.js';
import { removeResources } from './remove-resources.js';
import type { StackRun } from './stack-run.js';

export interface DeleteChoices {
  reason?: string;
  /** Logical ids to leave standing. */
  retain?: readonly string[];
  /** Leave standing whatever cannot be deleted. */
  force?: boolean;
}

/** Deletes a stack's resources and the stack. Never rejects: the stack's status tells. */
export async function deleteRun(run: StackRun, choices: DeleteChoices = {}): Promise<void> {
  const { stack, environment } = run;
  const { retain = [], force = false } = choices;
  setStackStatus(stack, 'DELETE_IN_PROGRESS', environment.clock, choices.reason ?? 'User Initiated');
  const wasCreatedWhole = stack.updatedAt !== undefined || stack.outputs.length > 0 || everCreated(run);
  // An update that was left as it failed may have made a resource anew, and not yet removed the old one.
  const isStanding = ({ logicalId, physicalId }: StackResource): boolean =>
    stack.resources.get(logicalId)?.physicalId === physicalId;
  const replaced = (stack.unfinishedRollback?.steps ?? []).flatMap((step) =>
    step.did === 'replace' && !isStanding(step.before) ? [step.before] : [],
  );
  const failed = await removeResources(
    run,
    [...stack.resources.values(), ...replaced].filter(
      ({ status }) => status !== 'DELETE_COMPLETE' && status !== 'DELETE_SKIPPED',
    ),
    ({ logicalId, deletionPolicy }) =>
      retain.includes(logicalId) ||
      deletionPolicy === 'Retain' ||
      (deletionPolicy === 'RetainExceptOnCreate' && wasCreatedWhole),
  );
  if (failed.length > 0 && !force) {
    setStackStatus(
      stack,
      'DELETE_FAILED',
      environment.clock,
      `The following resource(s) failed to delete: [${failed.join(', ')}]. `,
    );
    return;
  }
  stack.deletedAt = new Date(environment.clock.now());
  stack.imports.clear();
  setStackStatus(stack, 'DELETE_COMPLETE', environment.clock);
}

const everCreated = ({ stack }: StackRun): boolean =>
  stack.events.some(({ logicalId, status }) => logicalId === stack.name && status === 'CREATE_COMPLETE');
