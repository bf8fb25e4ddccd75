import type { Stack, StackDefinition, StackResource } from '../stack.js';
import { setStackStatus } from '../stack-events.js';
import { changedProperties } from './changed-properties.js';
import { converge, type Step, stackTags } from './converge.js';
import { sentence } from './create-run.js';
import { checkExports, evaluateOutputs } from './evaluate-outputs.js';
import { failureReason } from './failure-reason.js';
import { inDependencyOrder, reversed } from './in-dependency-order.js';
import { removeResources } from './remove-resources.js';
import type { StackRun } from './stack-run.js';

/** What is to be undone of updates that failed: by ContinueUpdateRollback, by RollbackStack, or with the next update that fails. */
export interface UnfinishedRollback {
  steps: Step[];
  attempted: StackDefinition;
  /** Exports the stack used before. */
  imports: ReadonlySet<string>;
}

/**
 * Makes a standing stack what `next` says; where something fails, brings every resource back to what it was.
 * @returns what is still to be undone, where even that failed
 */
export async function updateRun(
  run: StackRun,
  next: StackDefinition,
  options: { disableRollback: boolean },
): Promise<UnfinishedRollback | undefined> {
  const { stack, environment } = run;
  const { clock } = environment;
  const imports = new Set<string>();
  // After an update that was left as it failed, what counts is the state before that one.
  const earlier = stack.unfinishedRollback;
  const importsBefore = earlier?.imports ?? stack.imports;
  stack.updatedAt = new Date(clock.now());
  run.capabilities = next.capabilities;
  setStackStatus(stack, 'UPDATE_IN_PROGRESS', clock, 'User Initiated');
  const made: Step[] = [];
  const reason = await attempt(run, next, imports, made);
  const steps = earlier ? joinSteps(earlier.steps, made) : made;
  if (reason !== undefined) {
    const unfinished = { steps, attempted: next, imports: importsBefore };
    stack.imports = new Set([...stack.imports, ...imports]);
    if (options.disableRollback) {
      setStackStatus(stack, 'UPDATE_FAILED', clock, reason);
      return unfinished;
    }
    setStackStatus(stack, 'UPDATE_ROLLBACK_IN_PROGRESS', clock, reason);
    return rollBack(run, unfinished, []);
  }

  stack.definition = next;
  stack.imports = imports;
  setStackStatus(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', clock);
  await cleanUp(run, next, steps);
  setStackStatus(stack, 'UPDATE_COMPLETE', clock);
  return undefined;
}

async function attempt(
  run: StackRun,
  next: StackDefinition,
  imports: Set<string>,
  steps: Step[],
): Promise<string | undefined> {
  const { stack, environment } = run;
  try {
    const scope = run.scope(next, imports);
    const result = await converge(run, next, scope, () => run.cancelled);
    steps.push(...result.steps);
    if (run.cancelled) return 'User Initiated';
    if (result.failed.length > 0) return failureSummary(result.failed);
    const outputs = evaluateOutputs(next, scope);
    checkExports(stack, outputs, environment.store);
    stack.outputs = outputs;
    return undefined;
  } catch (error) {
    return sentence(error);
  }
}

/**
 * The steps of two updates, one after the other, as those of one: a resource that both changed goes back to what it was before the first.
 * Of all steps of a resource the first says what it was; every resource that any of them made is known.
 */
function joinSteps(earlier: readonly Step[], later: readonly Step[]): Step[] {
  const joined = [...earlier];
  for (const step of later) {
    const at = joined.findIndex(({ resource }) => resource.logicalId === step.resource.logicalId);
    const first = joined[at];
    if (first?.did === 'update' && step.did === 'update') joined[at] = { ...first, resource: step.resource };
    else joined.push(step);
  }
  return joined;
}

function failureSummary(failed: readonly { logicalId: string; verb: 'create' | 'update' }[]): string {
  return (['create', 'update'] as const)
    .map((verb) => ({ verb, ids: failed.filter((item) => item.verb === verb).map(({ logicalId }) => logicalId) }))
    .filter(({ ids }) => ids.length > 0)
    .map(({ verb, ids }) => `The following resource(s) failed to ${verb}: [${ids.join(', ')}]. `)
    .join('');
}

/** After an update that went well: removes what it replaced and what left the template. A resource that will not go is left behind, as on AWS. */
async function cleanUp(run: StackRun, next: StackDefinition, steps: readonly Step[]): Promise<void> {
  const { stack } = run;
  const replaced = new Set(steps.flatMap((step) => (step.did === 'replace' ? [step.before] : [])));
  const scope = run.scope(next, new Set());
  const dropped = [...stack.resources.values()].filter(({ logicalId }) => {
    const declared = next.template.resources.get(logicalId);
    return !declared || (declared.condition !== undefined && !scope.condition(declared.condition));
  });
  await removeResources(run, [...dropped, ...replaced], (resource) =>
    (replaced.has(resource) ? resource.updateReplacePolicy : resource.deletionPolicy).startsWith('Retain'),
  );
  for (const { logicalId } of dropped) stack.resources.delete(logicalId);
}

/** Brings resources back to what they were before the update that failed; `skip` are those the user gave up on. */
export async function rollBack(
  run: StackRun,
  unfinished: UnfinishedRollback,
  skip: readonly string[],
): Promise<UnfinishedRollback | undefined> {
  const { stack, environment } = run;
  const { steps, attempted } = unfinished;
  // What a stack in this one was before may need what was acknowledged for it then.
  run.capabilities = [...new Set([...stack.definition.capabilities, ...attempted.capabilities])];
  const failed = await undoSteps(run, steps, attempted, skip);
  if (failed.length > 0) {
    setStackStatus(
      stack,
      'UPDATE_ROLLBACK_FAILED',
      environment.clock,
      `The following resource(s) failed to update: [${failed.join(', ')}]. `,
    );
    return unfinished;
  }
  setStackStatus(stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', environment.clock);
  const made = steps.flatMap(({ did, resource }) =>
    did === 'update' || resource.status === 'DELETE_COMPLETE' ? [] : [resource],
  );
  await removeResources(run, made, ({ deletionPolicy }) => deletionPolicy === 'Retain');
  for (const step of steps) if (step.did === 'create') stack.resources.delete(step.resource.logicalId);
  dropNeverMade(stack);
  stack.imports = new Set(unfinished.imports);
  setStackStatus(stack, 'UPDATE_ROLLBACK_COMPLETE', environment.clock);
  return undefined;
}

async function undoSteps(
  run: StackRun,
  steps: readonly Step[],
  attempted: StackDefinition,
  skip: readonly string[],
): Promise<string[]> {
  const { stack } = run;
  const firsts = steps.filter(
    ({ resource }, at) => steps.findIndex((other) => other.resource.logicalId === resource.logicalId) === at,
  );
  const byId = new Map(firsts.filter((step) => step.did !== 'create').map((step) => [step.resource.logicalId, step]));
  // Dependents first: a resource may need what its dependency still is, until it is itself brought back.
  const needs = new Map(
    [...byId].map(([id, { resource }]): [string, string[]] => [
      id,
      resource.dependsOn.filter((other) => byId.has(other)),
    ]),
  );
  const dependents = reversed(needs);
  const failed: string[] = [];
  await inDependencyOrder(
    byId.keys(),
    (id) => dependents.get(id) ?? [],
    async (id) => {
      const step = byId.get(id);
      if (!step) return true;
      if (step.did === 'replace' || skip.includes(id)) {
        stack.resources.set(id, { ...step.before });
        return true;
      }
      const undone = await undoUpdate(run, step, attempted);
      if (!undone) failed.push(id);
      return undone;
    },
  );
  return failed;
}

async function undoUpdate(
  run: StackRun,
  step: Extract<Step, { did: 'update' }>,
  attempted: StackDefinition,
): Promise<boolean> {
  const { stack } = run;
  const { before } = step;
  const resource: StackResource = {
    ...before,
    properties: step.resource.properties,
    physicalId: step.resource.physicalId,
  };
  stack.resources.set(before.logicalId, resource);
  const changed = changedProperties(resource.properties, before.properties);
  try {
    run.mark({ ...resource, properties: before.properties }, 'UPDATE_IN_PROGRESS');
    await run.update(resource, before.properties, changed, stackTags(stack.definition), stackTags(attempted));
  } catch (error) {
    run.mark(resource, 'UPDATE_FAILED', failureReason(error, resource.type));
    // A later attempt starts from where this resource was left.
    resource.properties = step.resource.properties;
    return false;
  }
  run.mark(resource, 'UPDATE_COMPLETE');
  return true;
}

/** A resource whose properties could not even be worked out was entered, and never made. */
function dropNeverMade(stack: Stack): void {
  for (const [id, { status, physicalId }] of stack.resources) {
    if (status === 'CREATE_FAILED' && physicalId === undefined) stack.resources.delete(id);
  }
}
