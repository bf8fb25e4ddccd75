import type { AwsError } from '../../../wire/aws-error.js';
import { findConditionNames, findReferences } from '../intrinsics/find-references.js';
import { hasAttribute } from '../resource-type.js';
import type { TypeCatalog } from '../type-catalog.js';
import { invalid } from '../validation-error.js';
import { checkFunctions } from './check-functions.js';
import { dependencyGraph, findCycle } from './dependency-graph.js';
import type { Template } from './template.js';
import type { Value } from './value.js';

const PSEUDO_PARAMETERS: ReadonlySet<string> = new Set([
  ...['AWS::AccountId', 'AWS::NoValue', 'AWS::NotificationARNs', 'AWS::Partition', 'AWS::Region', 'AWS::StackId'],
  ...['AWS::StackName', 'AWS::URLSuffix'],
]);

/**
 * Checks that everything a template refers to is there, that every type is one this endpoint has, and that nothing depends on itself.
 * @throws AwsError ValidationError in CloudFormation's words
 */
export function checkTemplate(template: Template, types: TypeCatalog): void {
  checkTypes(template, types);
  checkFunctions(template);
  checkConditions(template);
  checkRuleReferences(template);
  const resources = [...template.resources.values()];
  checkBlock(
    'Resources',
    resources.map((resource) => resource.properties),
    template,
    types,
  );
  const missing = resources.flatMap((resource) => resource.dependsOn).filter((name) => !template.resources.has(name));
  if (missing.length > 0) throw unresolved(missing, 'Resources');
  const outputs = [...template.outputs.values()];
  checkBlock(
    'Outputs',
    outputs.flatMap((output) => [output.value, output.exportName ?? null]),
    template,
    types,
  );
  for (const [block, members] of [
    ['Resources', resources],
    ['Outputs', outputs],
  ] as const) {
    for (const { condition } of members) {
      if (condition !== undefined && !template.conditions.has(condition)) throw unresolvedCondition(condition, block);
    }
  }
  const cycle = findCycle(dependencyGraph(template));
  if (cycle) throw invalid(`Circular dependency between resources: [${cycle.join(', ')}]`);
}

/**
 * Checks that this endpoint has every type. Without `holds`, only of resources that come in any case: of a conditional one nobody knows yet
 * whether it will.
 */
export function checkTypes(
  template: Template,
  types: TypeCatalog,
  holds: (condition: string) => boolean = () => false,
): void {
  const coming = [...template.resources.values()].filter(
    ({ condition }) => condition === undefined || holds(condition),
  );
  const unknown = new Set(coming.map(({ type }) => type).filter((type) => !types.get(type)));
  if (unknown.size === 0) return;
  const names = [...unknown];
  throw invalid(
    `Template format error: Unrecognized resource types: [${names.join(', ')}]. ` +
      `To keep them without effect: pipectl local start ${names.map((name) => `--inert ${name}`).join(' ')}`,
  );
}

function checkConditions(template: Template): void {
  for (const value of template.conditions.values()) {
    const unknown = findReferences(value)
      .filter(({ kind, name }) => kind === 'attribute' || (kind === 'name' && !isParameter(template, name)))
      .map(({ name }) => name);
    if (unknown.length > 0) {
      throw invalid(
        `Template format error: Unresolved dependencies [${unique(unknown)}]. Cannot reference resources in the Conditions block of the template`,
      );
    }
    for (const name of findConditionNames(value)) {
      if (!template.conditions.has(name)) throw unresolvedCondition(name, 'Conditions');
    }
  }
  const cycle = findCycle(new Map([...template.conditions].map(([name, value]) => [name, findConditionNames(value)])));
  if (cycle) throw invalid(`Template format error: Circular dependency between conditions: [${cycle.join(', ')}]`);
}

function checkRuleReferences(template: Template): void {
  for (const { condition = null, assertions } of template.rules.values()) {
    const unknown = [condition, ...assertions.map(({ assert }) => assert)]
      .flatMap((value) => findReferences(value))
      .filter(({ kind, name }) => kind !== 'name' || !isParameter(template, name))
      .map(({ name }) => name);
    if (unknown.length > 0) {
      throw invalid(
        `Template format error: Unresolved dependencies [${unique(unknown)}]. Only parameters can be referenced in the Rules block of the template`,
      );
    }
  }
}

function checkBlock(
  block: 'Resources' | 'Outputs',
  values: readonly Value[],
  template: Template,
  types: TypeCatalog,
): void {
  const missing: string[] = [];
  for (const reference of values.flatMap((value) => findReferences(value))) {
    const { kind, name } = reference;
    if (kind === 'condition' && !template.conditions.has(name)) throw unresolvedCondition(name, block);
    if (kind === 'name' && !isParameter(template, name) && !template.resources.has(name)) missing.push(name);
    if (kind !== 'attribute') continue;
    const resource = template.resources.get(name);
    if (!resource) throw invalid(`Template error: instance of Fn::GetAtt references undefined resource ${name}`);
    const type = types.get(resource.type);
    if (type && reference.attribute !== undefined && !hasAttribute(type, reference.attribute)) {
      throw invalid(
        `Template error: resource ${name} does not support attribute type ${reference.attribute} in Fn::GetAtt`,
      );
    }
  }
  if (missing.length > 0) throw unresolved(missing, block);
}

const isParameter = (template: Template, name: string): boolean =>
  template.parameters.has(name) || PSEUDO_PARAMETERS.has(name);
const unique = (names: readonly string[]): string => [...new Set(names)].join(', ');
const unresolved = (names: readonly string[], block: string): AwsError =>
  invalid(
    `Template format error: Unresolved resource dependencies [${unique(names)}] in the ${block} block of the template`,
  );
const unresolvedCondition = (name: string, block: string): AwsError =>
  invalid(`Template format error: Unresolved condition dependency ${name} in the ${block} block of the template`);
