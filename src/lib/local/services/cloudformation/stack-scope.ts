import { dnsSuffixOf, partitionOf } from '../../kit/arn.js';
import { evaluate } from './intrinsics/evaluate.js';
import type { Scope } from './intrinsics/scope.js';
import type { ParameterValue } from './stack.js';
import type { Template } from './template/template.js';
import { isMap, type Value, type ValueMap } from './template/value.js';
import { formatError, invalid } from './validation-error.js';

export interface ScopeSources {
  /** Undefined, as the name, while the template is still being written out. */
  stackId: string | undefined;
  stackName: string | undefined;
  region: string;
  accountId: string;
  definition: {
    template: Pick<Template, 'mappings' | 'conditions'>;
    parameters: ReadonlyMap<string, ParameterValue>;
    notificationArns: string[] | undefined;
  };
  /** A resource as it stands; undefined when it is not there. May throw NotYetKnown. */
  resource(logicalId: string): { physicalId: string | undefined; attributes: ValueMap } | undefined;
  /** @throws AwsError when nothing exports that name */
  imported(exportName: string): string;
  /** @throws where there is no such stack or output */
  stackOutput: Scope['stackOutput'];
}

/** What the names in one stack's template stand for. Each condition is worked out once. */
export function createScope(sources: ScopeSources): Scope {
  const { template, parameters, notificationArns } = sources.definition;
  const pseudo: Record<string, Value | undefined> = {
    'AWS::AccountId': sources.accountId,
    'AWS::NotificationARNs': notificationArns,
    'AWS::Partition': partitionOf(sources.region),
    'AWS::Region': sources.region,
    'AWS::StackId': sources.stackId,
    'AWS::StackName': sources.stackName,
    'AWS::URLSuffix': dnsSuffixOf(sources.region),
  };
  const conditions = new Map<string, boolean>();
  const underWay = new Set<string>();
  const scope: Scope = {
    parameter: (name) => (name.startsWith('AWS::') ? pseudo[name] : parameters.get(name)?.value),
    isSecret: (name) => parameters.get(name)?.noEcho === true,
    condition(name) {
      let holds = conditions.get(name);
      if (holds === undefined) {
        const declared = template.conditions.get(name);
        if (declared === undefined)
          throw invalid(`Template error: unresolved condition dependency ${name} in the template`);
        // Looked for when a template is checked; what transforms write out is worked out before that.
        if (underWay.has(name))
          throw formatError(`Circular dependency between conditions: [${[...underWay].join(', ')}]`);
        underWay.add(name);
        holds = truth(declared, scope);
        underWay.delete(name);
        conditions.set(name, holds);
      }
      return holds;
    },
    mapping(map, key, second) {
      const rows = template.mappings[map];
      const row = isMap(rows) ? rows[key] : undefined;
      return isMap(row) ? row[second] : undefined;
    },
    reference: (logicalId) => sources.resource(logicalId)?.physicalId,
    attribute(logicalId, name) {
      const resource = sources.resource(logicalId);
      if (!resource) {
        throw invalid(
          `Template format error: Unresolved resource dependencies [${logicalId}] in the Resources block of the template`,
        );
      }
      const value = resource.attributes[name] ?? resource.attributes['*'];
      if (value === undefined)
        throw invalid(`Template error: resource ${logicalId} does not support attribute type ${name} in Fn::GetAtt`);
      return value;
    },
    imported: sources.imported,
    stackOutput: sources.stackOutput,
    zones: (region) => ['a', 'b', 'c'].map((zone) => `${region || sources.region}${zone}`),
  };
  return scope;
}

function truth(declared: Value, scope: Scope): boolean {
  if (isMap(declared) && typeof declared.Condition === 'string' && Object.keys(declared).length === 1)
    return scope.condition(declared.Condition);
  return String(evaluate(declared, scope)) === 'true';
}
