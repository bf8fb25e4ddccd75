import { isMap, type Value } from '../template/value.js';
import { intrinsicOf } from './evaluate.js';
import { attributeArgument } from './functions.js';
import { substitutedNames } from './substitute.js';

export type Reference =
  /** `Ref`, or a plain `${Name}` in Fn::Sub: a parameter, a pseudo parameter or a resource. */
  | { kind: 'name'; name: string }
  | { kind: 'attribute'; name: string; attribute: string | undefined }
  | { kind: 'condition'; name: string }
  | { kind: 'mapping'; name: string };

/**
 * Everything a template value refers to, in the order it is written. With `holds`, only the branch of each Fn::If that will be taken counts.
 */
export function findReferences(value: Value, holds?: (condition: string) => boolean): Reference[] {
  const found: Reference[] = [];
  walk(value, found, holds);
  return found;
}

function walk(value: Value, found: Reference[], holds: ((condition: string) => boolean) | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, found, holds);
    return;
  }
  if (!isMap(value)) return;
  const intrinsic = intrinsicOf(value);
  if (!intrinsic) {
    for (const member of Object.values(value)) walk(member, found, holds);
    return;
  }
  const { name, argument } = intrinsic;
  if (name === 'Ref') {
    if (typeof argument === 'string') found.push({ kind: 'name', name: argument });
    return;
  }
  if (name === 'Fn::GetAtt') {
    const [logicalId, attribute] = attributeArgument(argument);
    found.push({
      kind: 'attribute',
      name: logicalId,
      attribute: typeof attribute === 'string' ? attribute : undefined,
    });
    walk(attribute, found, holds);
    return;
  }
  if (name === 'Fn::Sub') {
    const [template, variables] = Array.isArray(argument) ? argument : [argument];
    const given = isMap(variables) ? variables : {};
    if (typeof template === 'string') {
      for (const inside of substitutedNames(template)) {
        if (Object.hasOwn(given, inside)) continue;
        const dot = inside.indexOf('.');
        if (dot > 0) found.push({ kind: 'attribute', name: inside.slice(0, dot), attribute: inside.slice(dot + 1) });
        else found.push({ kind: 'name', name: inside });
      }
    }
    for (const member of Object.values(given)) walk(member, found, holds);
    return;
  }
  if (name === 'Fn::If' && Array.isArray(argument) && typeof argument[0] === 'string') {
    const [condition, whenTrue = null, whenFalse = null] = argument;
    found.push({ kind: 'condition', name: condition });
    if (holds === undefined || holds(condition)) walk(whenTrue, found, holds);
    if (holds === undefined || !holds(condition)) walk(whenFalse, found, holds);
    return;
  }
  if (name === 'Fn::FindInMap' && Array.isArray(argument) && typeof argument[0] === 'string')
    found.push({ kind: 'mapping', name: argument[0] });
  walk(argument, found, holds);
}

/** The other conditions a condition names: `{ Condition: NAME }` inside Fn::And, Fn::Or, Fn::Not. */
export function findConditionNames(value: Value): string[] {
  if (Array.isArray(value)) return value.flatMap(findConditionNames);
  if (!isMap(value)) return [];
  if (typeof value.Condition === 'string' && Object.keys(value).length === 1) return [value.Condition];
  return Object.values(value).flatMap(findConditionNames);
}
