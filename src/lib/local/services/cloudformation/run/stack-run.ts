import type { Capability } from '@aws-sdk/client-cloudformation';
import type { Clock } from '../../../../shared/clock.js';
import type { Calls } from '../../../wire/handlers.js';
import { evaluate } from '../intrinsics/evaluate.js';
import type { Scope } from '../intrinsics/scope.js';
import { physicalName } from '../physical-name.js';
import type { ExistingResource, ResourceRequest, ResourceType, Tag } from '../resource-type.js';
import { readProperties } from '../schema/read-properties.js';
import type { Stack, StackDefinition, StackResource } from '../stack.js';
import { setResourceStatus } from '../stack-events.js';
import { createScope } from '../stack-scope.js';
import type { StackStore } from '../stack-store.js';
import type { ResourceDeclaration } from '../template/template.js';
import { isMap, type ValueMap } from '../template/value.js';
import type { TypeCatalog } from '../type-catalog.js';
import { resolveDynamicReferences } from './dynamic-references.js';
import { failureReason, TemplateFault } from './failure-reason.js';
import { exportedValue, stackOutput } from './other-stacks.js';
import { noteShownProperties } from './shown-properties.js';

/** What a stack's work needs of the world. */
export interface RunEnvironment {
  accountId: string;
  region: string;
  clock: Clock;
  calls: Calls;
  signal: AbortSignal;
  store: StackStore;
  /** The stacks of another region. */
  storeOf(region: string): StackStore;
  types: TypeCatalog;
}

/** In the events of a resource that is kept and does nothing. */
const KEPT_WITHOUT_EFFECT = 'Kept without effect at this endpoint.';

/** One stack being worked on: the ways to evaluate its template and to create, update or delete one of its resources. */
export class StackRun {
  readonly stack: Stack;
  readonly environment: RunEnvironment;
  /** What was acknowledged for the work under way. */
  capabilities: readonly Capability[];
  /** Set when the stack is to be deleted, or its update given up, while work is under way: nothing new begins. */
  cancelled = false;

  constructor(stack: Stack, environment: RunEnvironment) {
    this.stack = stack;
    this.capabilities = stack.definition.capabilities;
    this.environment = environment;
  }

  /** The names of a template, over the resources as they stand at each moment. Exports it uses are noted in `imports`. */
  scope(definition: StackDefinition, imports: Set<string>): Scope {
    const { stack, environment } = this;
    return createScope({
      stackId: stack.id,
      stackName: stack.name,
      region: stack.region,
      accountId: environment.accountId,
      definition,
      resource: (logicalId) => stack.resources.get(logicalId),
      imported: (name) => {
        const value = exportedValue(name, environment);
        imports.add(name);
        return value;
      },
      stackOutput: (query) => stackOutput(query, stack, environment),
    });
  }

  /** A resource's properties with every function worked out. @throws TemplateFault */
  async properties(declaration: ResourceDeclaration, scope: Scope): Promise<ValueMap> {
    const worked = evaluate(declaration.properties, scope);
    const resolved = await resolveDynamicReferences(worked ?? {}, this.environment.calls);
    const properties = isMap(resolved) ? resolved : {};
    noteShownProperties(declaration.properties, properties, scope);
    return properties;
  }

  /**
   * Properties as the type reads them.
   * @throws TemplateFault where they do not fit the type, as CloudFormation's validator says it
   */
  typed(type: ResourceType, logicalId: string, properties: ValueMap): Record<string, unknown> {
    const problems: string[] = [];
    const { effective, schema } = type;
    const typed = schema ? readProperties(properties, schema, problems) : properties;
    if (problems.length > 0) {
      throw new TemplateFault(
        `Properties validation failed for resource ${logicalId} with message:\n${problems.join('\n')}`,
      );
    }
    return Object.fromEntries(effective.flatMap((name) => (typed[name] === undefined ? [] : [[name, typed[name]]])));
  }

  typeOf(name: string): ResourceType {
    const type = this.environment.types.get(name);
    if (!type) throw new TemplateFault(`Unrecognized resource type: ${name}`);
    return type;
  }

  request(resource: StackResource, type: ResourceType, tags: readonly Tag[]): ResourceRequest<Record<string, unknown>> {
    const { stack, environment } = this;
    return {
      stackName: stack.name,
      stackId: stack.id,
      logicalId: resource.logicalId,
      region: stack.region,
      accountId: environment.accountId,
      properties: this.typed(type, resource.logicalId, resource.properties),
      stackTags: tags,
      calls: environment.calls,
      clock: environment.clock,
      signal: environment.signal,
      generateName: (limits) => physicalName(stack.name, resource.logicalId, limits),
      capabilities: this.capabilities,
      adoptStack: (name) => environment.store.adopt(name, stack),
      initiated: (physicalId) => {
        if (resource.physicalId === physicalId) return;
        resource.physicalId = physicalId;
        this.mark(resource, 'CREATE_IN_PROGRESS', 'Resource creation Initiated');
      },
    };
  }

  /** What of a resource's properties this endpoint keeps without acting on it, as a reason for its events; undefined when nothing. */
  inertReason(resource: StackResource): string | undefined {
    const { effective, isInert } = this.typeOf(resource.type);
    if (isInert) return KEPT_WITHOUT_EFFECT;
    const inert = Object.keys(resource.properties).filter((name) => !effective.includes(name));
    return inert.length > 0 ? `Kept, but without effect at this endpoint: ${inert.join(', ')}` : undefined;
  }

  mark(resource: StackResource, status: StackResource['status'], reason?: string): void {
    setResourceStatus(this.stack, resource, status, this.environment.clock, reason);
  }

  /** Creates what `resource` describes. @throws whatever the type throws */
  async create(resource: StackResource, tags: readonly Tag[]): Promise<void> {
    const type = this.typeOf(resource.type);
    const request = this.request(resource, type, tags);
    const { physicalId, attributes = {} } = await type.create(request);
    request.initiated(physicalId);
    resource.physicalId = physicalId;
    resource.attributes = withoutUndefined(attributes);
  }

  /** Changes a standing resource to `properties`. @throws whatever the type throws */
  async update(
    resource: StackResource,
    properties: ValueMap,
    changed: ReadonlySet<string>,
    tags: readonly Tag[],
    previousTags: readonly Tag[],
  ): Promise<void> {
    const type = this.typeOf(resource.type);
    const previous = this.typed(type, resource.logicalId, resource.properties);
    // What does not fit the type has changed nothing, and must not stand where a rollback or a deletion would read it.
    this.typed(type, resource.logicalId, properties);
    resource.properties = properties;
    if (!type.update) return;
    const request: ResourceRequest<Record<string, unknown>> = this.request(resource, type, tags);
    const { physicalId, attributes = {} } = await type.update({
      ...request,
      physicalId: resource.physicalId ?? '',
      previous,
      previousStackTags: previousTags,
      changed: (...names) => names.some((name) => changed.has(name)),
    });
    resource.physicalId = physicalId;
    resource.attributes = withoutUndefined(attributes);
  }

  /**
   * Deletes a resource, or leaves it where its policy says so.
   * @returns false when it could not be deleted; the events say why
   */
  async remove(resource: StackResource, keep: boolean): Promise<boolean> {
    if (resource.physicalId === undefined) {
      this.mark(resource, 'DELETE_COMPLETE');
      return true;
    }
    if (keep) {
      this.mark(resource, 'DELETE_SKIPPED');
      return true;
    }
    this.mark(resource, 'DELETE_IN_PROGRESS');
    try {
      const type = this.typeOf(resource.type);
      const request = this.request(resource, type, []);
      await type.delete({ ...request, physicalId: resource.physicalId } as ExistingResource<Record<string, unknown>>);
    } catch (error) {
      this.mark(resource, 'DELETE_FAILED', failureReason(error, resource.type));
      return false;
    }
    this.mark(resource, 'DELETE_COMPLETE');
    return true;
  }
}

const withoutUndefined = (attributes: Readonly<Record<string, ValueMap[string] | undefined>>): ValueMap =>
  Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, ValueMap[string]] => entry[1] !== undefined),
  );
