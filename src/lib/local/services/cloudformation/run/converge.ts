import type { Scope } from '../intrinsics/scope.js';
import type { ResourceType } from '../resource-type.js';
import type { Stack, StackDefinition, StackResource } from '../stack.js';
import { dependencyGraph } from '../template/dependency-graph.js';
import type { ResourceDeclaration } from '../template/template.js';
import { sameValue, type Value, type ValueMap } from '../template/value.js';
import { changedProperties, needsReplacement } from './changed-properties.js';
import { failureReason, TemplateFault } from './failure-reason.js';
import { inDependencyOrder } from './in-dependency-order.js';
import type { StackRun } from './stack-run.js';

/** What was done to one resource, and what it was before: enough to undo it. */
export type Step =
  | { did: 'create'; resource: StackResource }
  | { did: 'update'; before: StackResource; resource: StackResource }
  | { did: 'replace'; before: StackResource; resource: StackResource };

export interface Convergence {
  steps: Step[];
  failed: { logicalId: string; verb: 'create' | 'update' }[];
}

/**
 * Makes the stack's resources what `definition` says: creates, updates and replaces in dependency order, parallel where free. What left
 * the template, and what was replaced, still stands afterwards: the caller removes it once all has gone well.
 * The first failure stops what has not begun; what is under way is let finish, so that nothing is left unknown.
 */
export async function converge(
  run: StackRun,
  definition: StackDefinition,
  scope: Scope,
  cancelled: () => boolean,
): Promise<Convergence> {
  const result: Convergence = { steps: [], failed: [] };
  const graph = dependencyGraph(definition.template, scope.condition);
  const stopped = (): boolean => result.failed.length > 0 || cancelled();
  await inDependencyOrder(
    graph.keys(),
    (id) => graph.get(id) ?? [],
    async (id) => {
      const declaration = definition.template.resources.get(id);
      return declaration
        ? settle(run, { id, declaration, definition, scope, dependsOn: graph.get(id) ?? [] }, result)
        : false;
    },
    stopped,
  );
  return result;
}

interface Item {
  id: string;
  declaration: ResourceDeclaration;
  definition: StackDefinition;
  scope: Scope;
  dependsOn: string[];
}

async function settle(run: StackRun, item: Item, result: Convergence): Promise<boolean> {
  const { stack } = run;
  const before = await standing(run, item.id);
  const resource = blank(item, before);
  const verb = before ? 'update' : 'create';
  const fail = (error: unknown): false => {
    // What was still running when another resource failed is told so, as CloudFormation does; its own failure says its own reason.
    run.mark(resource, verb === 'create' ? 'CREATE_FAILED' : 'UPDATE_FAILED', failureReason(error, resource.type));
    result.failed.push({ logicalId: item.id, verb });
    return false;
  };

  let properties: ValueMap;
  try {
    properties = await run.properties(item.declaration, item.scope);
  } catch (error) {
    if (!before) stack.resources.set(item.id, resource);
    return fail(new TemplateFault(error instanceof Error ? error.message : String(error)));
  }
  return before
    ? change(run, item, before, resource, properties, result, fail)
    : create(run, item, resource, properties, result, fail);
}

/** The resource as it stands; what is left of one whose creation failed goes first, and it is made anew. */
async function standing(run: StackRun, id: string): Promise<StackResource | undefined> {
  const resource = run.stack.resources.get(id);
  if (resource?.status !== 'CREATE_FAILED') return resource;
  if (resource.physicalId !== undefined) await run.remove(resource, false);
  return undefined;
}

async function create(
  run: StackRun,
  item: Item,
  resource: StackResource,
  properties: ValueMap,
  result: Convergence,
  fail: (error: unknown) => false,
): Promise<boolean> {
  resource.properties = properties;
  run.stack.resources.set(item.id, resource);
  result.steps.push({ did: 'create', resource });
  run.mark(resource, 'CREATE_IN_PROGRESS');
  try {
    await run.create(resource, stackTags(item.definition));
  } catch (error) {
    return fail(error);
  }
  run.mark(resource, 'CREATE_COMPLETE', run.inertReason(resource));
  return true;
}

async function change(
  run: StackRun,
  item: Item,
  before: StackResource,
  resource: StackResource,
  properties: ValueMap,
  result: Convergence,
  fail: (error: unknown) => false,
): Promise<boolean> {
  const { stack } = run;
  const type = run.typeOf(item.declaration.type);
  const tags = stackTags(item.definition);
  const previousTags = stackTags(stack.definition);
  const retyped = before.type !== item.declaration.type;
  // What a failed update left behind is not known: all of it is set again.
  const changed =
    before.status === 'UPDATE_FAILED'
      ? new Set([...Object.keys(before.properties), ...Object.keys(properties)])
      : changedProperties(before.properties, properties);
  const retagged =
    type.schema?.members.Tags !== undefined && !sameValue(tags as unknown as Value, previousTags as unknown as Value);

  if (!retyped && changed.size === 0 && !retagged) {
    stack.resources.set(item.id, { ...before, ...policies(item) });
    return true;
  }
  stack.resources.set(item.id, resource);
  if (retyped || needsReplacement(type, changedProperties(before.properties, properties))) {
    result.steps.push({ did: 'replace', before, resource });
    resource.properties = properties;
    resource.physicalId = before.physicalId;
    run.mark(
      resource,
      'UPDATE_IN_PROGRESS',
      retyped ? undefined : 'Requested update requires the creation of a new physical resource; hence creating one.',
    );
    resource.physicalId = undefined;
    try {
      if (!retyped) refuseSameName(type, before, properties);
      await run.create(resource, tags);
    } catch (error) {
      fail(error);
      // Nothing new came of it: what stands is still the old one.
      if (resource.physicalId === undefined)
        stack.resources.set(item.id, { ...before, status: resource.status, reason: resource.reason });
      return false;
    }
    run.mark(resource, 'UPDATE_COMPLETE', run.inertReason(resource));
    return true;
  }
  Object.assign(resource, {
    physicalId: before.physicalId,
    attributes: before.attributes,
    properties: before.properties,
  });
  result.steps.push({ did: 'update', before, resource });
  try {
    run.mark({ ...resource, properties }, 'UPDATE_IN_PROGRESS');
    resource.status = 'UPDATE_IN_PROGRESS';
    await run.update(resource, properties, changed, tags, previousTags);
  } catch (error) {
    return fail(error);
  }
  run.mark(resource, 'UPDATE_COMPLETE', run.inertReason(resource));
  return true;
}

/** Two resources cannot have one name, and the new one is made before the old one goes. */
function refuseSameName(type: ResourceType, before: StackResource, properties: ValueMap): void {
  const { nameProperty, nameWithin } = type;
  if (nameProperty === undefined || properties[nameProperty] === undefined) return;
  const isSame = (property: string): boolean => sameValue(before.properties[property], properties[property]);
  if (!isSame(nameProperty) || (nameWithin !== undefined && !isSame(nameWithin))) return;
  throw new TemplateFault(
    `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${String(properties[nameProperty])} and update the stack again.`,
  );
}

function blank(item: Item, before: StackResource | undefined): StackResource {
  return {
    logicalId: item.id,
    type: item.declaration.type,
    physicalId: undefined,
    status: before ? 'UPDATE_IN_PROGRESS' : 'CREATE_IN_PROGRESS',
    reason: undefined,
    updatedAt: new Date(0),
    properties: {},
    attributes: {},
    ...policies(item),
  };
}

const policies = ({ declaration, dependsOn }: Item) => ({
  dependsOn,
  deletionPolicy: declaration.deletionPolicy,
  updateReplacePolicy: declaration.updateReplacePolicy,
  metadata: declaration.metadata,
});

/** Tags as resource types take them. */
export const stackTags = (definition: Stack['definition']): { Key: string; Value: string }[] =>
  definition.tags.map(({ Key, Value: value }) => ({ Key: Key ?? '', Value: value ?? '' }));
