import { invalid } from './dynamodb-errors.js';
import type { DocumentPath } from './expressions/document-path.js';
import { attributesOf, type TableItems } from './table-items.js';

/** @throws AwsError ValidationException for a path that leads into an attribute of a key, which has no inside */
export function checkKeyPaths({ key, indexes }: TableItems, paths: readonly DocumentPath[]): void {
  const nested = paths.filter((path) => path.length > 1).map(([head]) => head);
  if (nested.length === 0) return;
  for (const name of attributesOf(key)) if (nested.includes(name)) throw refused('Key', name);
  for (const { tree } of indexes.values()) {
    for (const name of attributesOf(tree.key)) if (nested.includes(name)) throw refused('IndexKey', name);
  }
}

const refused = (what: string, name: string): Error =>
  invalid(
    `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${what}: ${name}`,
  );
