/** Anything a template can hold once it is read: JSON, with every short tag in its long form (`!Ref X` is `{ Ref: 'X' }`). */
export type Value = null | string | number | boolean | Value[] | ValueMap;
export interface ValueMap {
  [key: string]: Value;
}

export const isMap = (value: unknown): value is ValueMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Strings, numbers and booleans as CloudFormation joins and compares them. */
export const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** True when two values are the same whatever the order of their keys; `1` and `"1"` are the same, as CloudFormation has it. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (isScalar(a) && isScalar(b)) return String(a) === String(b);
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (isMap(a) && isMap(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameValue(a[key], b[key]));
  }
  return a === b;
}
