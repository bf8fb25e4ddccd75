import { inertType } from './inert/inert-type.js';
import type { ResourceType } from './resource-type.js';
import { resourceTypes } from './resource-types.js';
import { schemaOf } from './schema/schema-of.js';

/** Finds resource types by name; undefined for one that this endpoint refuses. */
export interface TypeCatalog {
  get(name: string): ResourceType | undefined;
}

/**
 * The types with behavior, and inert ones: those that AWS's schemas describe and that carry no events, and what `letIn` names.
 * @param letIn names of types, `*` for any letters
 */
export function typeCatalog(letIn: readonly string[] = []): TypeCatalog {
  const inert = new Map<string, ResourceType>();
  const isLetIn = (name: string): boolean => letIn.some((pattern) => matchesGlob(name, pattern));
  return {
    get(name) {
      const found = resourceTypes.get(name) ?? inert.get(name);
      if (found) return found;
      const schema = schemaOf(name);
      if ((schema === undefined || schema.carriesEvents) && !isLetIn(name)) return undefined;
      const made = inertType(name, schema);
      inert.set(name, made);
      return made;
    },
  };
}

/** Linear in both texts: the pattern may come from a file of someone else's. */
function matchesGlob(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return name === pattern;
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
