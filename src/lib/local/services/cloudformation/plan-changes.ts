import type { ChangeSource, Replacement, ResourceAttribute } from '@aws-sdk/client-cloudformation';
import { checkRules } from './check-rules.js';
import { evaluate } from './intrinsics/evaluate.js';
import { findReferences } from './intrinsics/find-references.js';
import { NotYetKnown, type Scope } from './intrinsics/scope.js';
import type { ResourceType } from './resource-type.js';
import { changedProperties } from './run/changed-properties.js';
import { stackTags } from './run/converge.js';
import { resolveDynamicReferences } from './run/dynamic-references.js';
import { notText } from './run/evaluate-outputs.js';
import { exportedValue, stackOutput } from './run/other-stacks.js';
import type { RunEnvironment } from './run/stack-run.js';
import type { Stack, StackDefinition, StackResource } from './stack.js';
import { createScope } from './stack-scope.js';
import { checkTypes } from './template/check-template.js';
import { dependencyGraph } from './template/dependency-graph.js';
import type { ResourceDeclaration } from './template/template.js';
import { isScalar, sameValue, type Value, type ValueMap } from './template/value.js';

export interface PlannedDetail {
  attribute: ResourceAttribute;
  /** The property, where the attribute is Properties. */
  name: string | undefined;
  recreation: 'Always' | 'Never' | 'Conditionally';
  /** Dynamic: the new value is known only once another resource is there. */
  evaluation: 'Static' | 'Dynamic';
  source: ChangeSource;
  cause: string | undefined;
}

export interface PlannedResource {
  action: 'Add' | 'Modify' | 'Remove';
  logicalId: string;
  physicalId: string | undefined;
  type: string;
  replacement: Replacement | undefined;
  details: PlannedDetail[];
}

export interface Plan {
  changes: PlannedResource[];
  /** True when anything at all would change, outputs and tags of the stack too. */
  hasChanges: boolean;
}

/**
 * What making `stack` into `next` would do, without doing it. A stack in review has no resources, so all of them are added.
 * @throws TemplateFault for an import that nothing exports
 */
export async function planChanges(stack: Stack, next: StackDefinition, environment: RunEnvironment): Promise<Plan> {
  const { template } = next;
  /** Resources whose Ref and attributes will be others than now. */
  const unknown = new Set<string>();
  const scope = createScope({
    stackId: stack.id,
    stackName: stack.name,
    region: stack.region,
    accountId: environment.accountId,
    definition: next,
    resource(logicalId) {
      if (unknown.has(logicalId)) throw new NotYetKnown(logicalId);
      return stack.resources.get(logicalId);
    },
    imported: (name) => exportedValue(name, environment),
    stackOutput: (query) => stackOutput(query, stack, environment),
  });
  checkRules(template, scope);
  checkTypes(template, environment.types, scope.condition);
  const graph = dependencyGraph(template, scope.condition);
  const planner = new Planner(stack, next, environment, scope, unknown);
  const planned = new Map<string, PlannedResource>();
  for (const id of dependenciesFirst(graph)) {
    const declaration = template.resources.get(id);
    const change = declaration && (await planner.resource(id, declaration));
    if (change) planned.set(id, change);
  }
  planner.checkOutputs();
  const changes: PlannedResource[] = [...graph.keys()].flatMap((id) => planned.get(id) ?? []);
  for (const resource of stack.resources.values()) {
    if (!graph.has(resource.logicalId) && isThere(resource)) changes.push(removal(resource));
  }
  // A stack that was left as it failed is to be brought to an end, even where nothing else is to do.
  const isFailed = stack.status === 'UPDATE_FAILED' || stack.status === 'CREATE_FAILED';
  const hasChanges = changes.length > 0 || planner.outputsDiffer() || planner.isRetagged || isFailed;
  return { changes, hasChanges };
}

class Planner {
  readonly #stack: Stack;
  readonly #next: StackDefinition;
  readonly #environment: RunEnvironment;
  readonly #scope: Scope;
  readonly #unknown: Set<string>;
  readonly isRetagged: boolean;

  constructor(stack: Stack, next: StackDefinition, environment: RunEnvironment, scope: Scope, unknown: Set<string>) {
    this.#stack = stack;
    this.#next = next;
    this.#environment = environment;
    this.#scope = scope;
    this.#unknown = unknown;
    this.isRetagged = !sameValue(stackTags(stack.definition) as unknown as Value, stackTags(next) as unknown as Value);
  }

  async resource(id: string, declaration: ResourceDeclaration): Promise<PlannedResource | undefined> {
    const before = this.#stack.resources.get(id);
    const { type } = declaration;
    const properties = await this.#evaluateProperties(declaration);
    if (!before || !isThere(before)) {
      this.#unknown.add(id);
      return { action: 'Add', logicalId: id, physicalId: undefined, type, replacement: undefined, details: [] };
    }
    const details = this.#details(before, declaration, properties);
    if (before.type === type && details.length === 0 && before.status !== 'UPDATE_FAILED') return undefined;
    const replacement = before.type === type ? replacementOf(details) : 'True';
    if (replacement !== 'False') this.#unknown.add(id);
    return { action: 'Modify', logicalId: id, physicalId: before.physicalId, type, replacement, details };
  }

  /** A property whose value is not known yet is missing from `known` and named in `dynamic`. */
  async #evaluateProperties({ properties }: ResourceDeclaration): Promise<{ known: ValueMap; dynamic: Set<string> }> {
    const known: ValueMap = {};
    const dynamic = new Set<string>();
    for (const [name, value] of Object.entries(properties)) {
      try {
        const worked = evaluate(value, this.#scope);
        if (worked !== undefined) known[name] = await resolveDynamicReferences(worked, this.#environment.calls);
      } catch (error) {
        if (!(error instanceof NotYetKnown)) throw error;
        dynamic.add(name);
      }
    }
    return { known, dynamic };
  }

  #details(
    before: StackResource,
    declaration: ResourceDeclaration,
    { known, dynamic }: { known: ValueMap; dynamic: Set<string> },
  ): PlannedDetail[] {
    const type = this.#environment.types.get(declaration.type);
    const details: PlannedDetail[] = [];
    for (const name of changedProperties(before.properties, known)) {
      const isDynamic = dynamic.has(name);
      const value = declaration.properties[name];
      details.push({
        attribute: 'Properties',
        name,
        recreation: recreation(type, name, isDynamic),
        evaluation: isDynamic ? 'Dynamic' : 'Static',
        ...this.#source(value),
      });
    }
    const attribute = (name: ResourceAttribute): void => {
      details.push({
        attribute: name,
        name: undefined,
        recreation: 'Never',
        evaluation: 'Static',
        source: 'DirectModification',
        cause: undefined,
      });
    };
    if (this.isRetagged && type?.schema?.members.Tags) attribute('Tags');
    if (!sameValue(before.metadata, declaration.metadata)) attribute('Metadata');
    if (before.deletionPolicy !== declaration.deletionPolicy) attribute('DeletionPolicy');
    if (before.updateReplacePolicy !== declaration.updateReplacePolicy) attribute('UpdateReplacePolicy');
    return details;
  }

  /** Where a changed value comes from: a resource that changes, a parameter that changed, or the template's own text. */
  #source(value: Value | undefined): { source: ChangeSource; cause: string | undefined } {
    const references = value === undefined ? [] : findReferences(value, this.#scope.condition);
    const resource = references.find(({ name }) => this.#unknown.has(name));
    if (resource) {
      const isAttribute = resource.kind === 'attribute';
      const cause = isAttribute ? `${resource.name}.${resource.attribute ?? ''}` : resource.name;
      return { source: isAttribute ? 'ResourceAttribute' : 'ResourceReference', cause };
    }
    const parameter = references.find(({ kind, name }) => kind === 'name' && this.#parameterChanged(name));
    if (parameter) return { source: 'ParameterReference', cause: parameter.name };
    return { source: 'DirectModification', cause: undefined };
  }

  #parameterChanged(name: string): boolean {
    const after = this.#next.parameters.get(name);
    return after !== undefined && !sameValue(this.#stack.definition.parameters.get(name)?.value, after.value);
  }

  outputsDiffer(): boolean {
    const { template } = this.#next;
    const standing = new Map(this.#stack.outputs.map((output) => [output.key, output]));
    const live = [...template.outputs].filter(
      ([, { condition }]) => condition === undefined || this.#scope.condition(condition),
    );
    if (live.length !== standing.size) return true;
    return live.some(([key, { value, exportName, description }]) => {
      const before = standing.get(key);
      if (!before || before.description !== description) return true;
      return this.#differs(value, before.value) || this.#differs(exportName, before.exportName);
    });
  }

  /** @throws AwsError for an output that cannot come out as text, whatever the resources will be */
  checkOutputs(): void {
    for (const [key, { condition, value }] of this.#next.template.outputs) {
      if (condition !== undefined && !this.#scope.condition(condition)) continue;
      try {
        if (!isScalar(evaluate(value, this.#scope))) throw notText(key);
      } catch (error) {
        if (!(error instanceof NotYetKnown)) throw error;
      }
    }
  }

  #differs(declared: Value | undefined, standing: string | undefined): boolean {
    if (declared === undefined) return standing !== undefined;
    try {
      const worked = evaluate(declared, this.#scope);
      return !isScalar(worked) || String(worked) !== standing;
    } catch (error) {
      if (error instanceof NotYetKnown) return true;
      throw error;
    }
  }
}

const isThere = ({ status }: StackResource): boolean =>
  status !== 'DELETE_COMPLETE' && status !== 'DELETE_SKIPPED' && status !== 'CREATE_FAILED';

const removal = ({ logicalId, physicalId, type }: StackResource): PlannedResource => ({
  action: 'Remove',
  logicalId,
  physicalId,
  type,
  replacement: undefined,
  details: [],
});

function recreation(type: ResourceType | undefined, name: string, isDynamic: boolean): PlannedDetail['recreation'] {
  const replaces = type?.update === undefined || type.schema?.replaces?.includes(name) === true;
  if (!replaces) return type?.schema?.mayReplace?.includes(name) ? 'Conditionally' : 'Never';
  return isDynamic ? 'Conditionally' : 'Always';
}

function replacementOf(details: readonly PlannedDetail[]): Replacement {
  if (details.some(({ recreation: how }) => how === 'Always')) return 'True';
  return details.some(({ recreation: how }) => how === 'Conditionally') ? 'Conditional' : 'False';
}

function dependenciesFirst(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const order = new Set<string>();
  const visit = (id: string): void => {
    if (order.has(id)) return;
    for (const dependency of graph.get(id) ?? []) visit(dependency);
    order.add(id);
  };
  for (const id of graph.keys()) visit(id);
  return [...order];
}
