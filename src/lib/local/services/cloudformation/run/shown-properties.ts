import { evaluate } from '../intrinsics/evaluate.js';
import type { Scope } from '../intrinsics/scope.js';
import { isMap, type ValueMap } from '../template/value.js';

/** Beside the properties themselves, and as long as them: no answer needs it but the events. */
const shown = new WeakMap<ValueMap, ValueMap>();

/**
 * Notes what events may show of a resource's properties: NoEcho parameters as asterisks, dynamic references as the template has them.
 * @param declared as in the template
 * @param properties worked out, as its service is given them
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function noteShownProperties(declared: ValueMap, properties: ValueMap, scope: Scope): void {
  const parameter: Scope['parameter'] = (name) => (scope.isSecret(name) ? '****' : scope.parameter(name));
  const masked = evaluate(declared, { ...scope, parameter });
  if (isMap(masked)) shown.set(properties, masked);
}

export const shownProperties = (properties: ValueMap): ValueMap => shown.get(properties) ?? properties;
