import { UsageError } from '../shared/errors.js';
import { stringifyExact, unmarked } from '../shared/exact-numbers.js';

/** A field of a record's value: `customer.address.city`, `items[0].id`. */
export interface Field {
  name: string;
  path: readonly string[];
}

/** Reads `id,customer.city,items[0]`. @throws UsageError */
export function parseFields(text: string, what = 'fields'): Field[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '' || /\s/.test(name))) {
    throw new UsageError(`${what}: "${text}" is no list of fields.`, {
      hint: 'Write id,customer.city,items[0].price.',
    });
  }
  return names.map((name) => ({ name, path: pathOf(name) }));
}

/** The steps of a path, JSONPath's `$.` allowed in front. */
export const pathOf = (name: string): string[] =>
  name
    .replace(/^\$\.?/, '')
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((step) => step !== '');

/** The value at a path; undefined when there is none. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

/** The value of a field: by its path, else by a name that has the path's dots in it. */
export function fieldOf(value: unknown, { name, path }: Field): unknown {
  const found = valueAt(value, path);
  return found === undefined ? valueAt(value, [name]) : found;
}

/** An object of the fields that are there; a value without fields stays as it is. */
export function selectFields(value: unknown, fields: readonly Field[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const selected: Record<string, unknown> = {};
  for (const field of fields) {
    const found = fieldOf(value, field);
    if (found !== undefined) selected[field.name] = found;
  }
  return selected;
}

/** A value as a cell of a table, or in the middle of a sentence: text as it is, nothing for what is not there. */
export const cellText = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? unmarked(value) : stringifyExact(value);
