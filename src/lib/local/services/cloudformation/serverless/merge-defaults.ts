import { intrinsicOf } from '../intrinsics/evaluate.js';
import { isMap, type Value } from '../template/value.js';

/**
 * A value of `Globals` and a resource's own: maps are merged, lists joined, anything else is the resource's own.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
 */
export function mergeDefaults(defaults: Value | undefined, own: Value | undefined): Value {
  if (own === undefined) return defaults ?? null;
  if (Array.isArray(defaults) && Array.isArray(own)) return [...defaults, ...own];
  if (!isMap(defaults) || !isMap(own) || intrinsicOf(defaults) || intrinsicOf(own)) return own;
  const names = new Set([...Object.keys(defaults), ...Object.keys(own)]);
  return Object.fromEntries([...names].map((name) => [name, mergeDefaults(defaults[name], own[name])]));
}
