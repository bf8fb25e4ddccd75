import type { Bound } from '../plan/bound.js';
import type { Row, Value } from '../types/sql-type.js';

/** A key of a Map for values: equal for what GROUP BY calls equal, null with null too. */
export type RowKey = Value | string;

export function rowKey(values: readonly Value[]): RowKey {
  if (values.length === 1) {
    const [value = null] = values;
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  }
  let key = '';
  for (const value of values) {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    key += `${typeof value === 'string' ? text.length : typeof value}:${text};`;
  }
  return key;
}

export function evaluateAll(bounds: readonly Bound[], row: Row): Value[] {
  const values: Value[] = new Array(bounds.length);
  for (let index = 0; index < bounds.length; index += 1) values[index] = bounds[index]?.evaluate(row) ?? null;
  return values;
}
