import type { ResourceType } from '../resource-type.js';
import { sameValue, type ValueMap } from '../template/value.js';

/** Names of the properties that differ. */
export function changedProperties(before: ValueMap, after: ValueMap): Set<string> {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return new Set([...names].filter((name) => !sameValue(before[name], after[name])));
}

/** Whether a change of these properties makes a new resource, as AWS documents for each of them. */
export function needsReplacement(type: ResourceType, changed: ReadonlySet<string>): boolean {
  if (changed.size === 0) return false;
  return type.update === undefined || [...changed].some((name) => type.schema?.replaces?.includes(name) === true);
}
