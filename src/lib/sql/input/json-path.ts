import { UsageError } from '../../shared/errors.js';

/** A JSONPath of the dialect: members from the root, and at most one `[0:]`, which stands for every element. */
export interface JsonPath {
  /** Members before `[0:]`, or all of them. */
  readonly members: readonly string[];
  /** Members of each element behind `[0:]`; undefined when the path has none. */
  readonly ofElements: readonly string[] | undefined;
}

const MEMBER = /\.([^.[\]]+)|\["([^"]*)"\]|\['([^']*)'\]|(\[0:\])/y;

/** Parses `$.a.b`, `$["a b"]`, `$.orders[0:].id` (DG, "Working with JSONPath"). */
export function parseJsonPath(text: string): JsonPath {
  const source = text.trim();
  const members: string[] = [];
  let ofElements: string[] | undefined;
  let at = source.startsWith('$') ? 1 : -1;
  while (at >= 0 && at < source.length) {
    MEMBER.lastIndex = at;
    const found = MEMBER.exec(source);
    if (!found || (found[4] !== undefined && ofElements)) at = -1;
    else {
      if (found[4] !== undefined) ofElements = [];
      else (ofElements ?? members).push(found[1] ?? found[2] ?? found[3] ?? '');
      at += found[0].length;
    }
  }
  if (at < 0) {
    throw new UsageError(`"${text}" is not a valid path to a column.`, {
      hint: 'Use $.name, $.outer.inner or $.list[0:].name.',
    });
  }
  return { members, ofElements };
}

/** The value at the end of the members, or undefined when one of them is missing. */
export function follow(root: unknown, members: readonly string[]): unknown {
  let value = root;
  for (const member of members) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, member)) return undefined;
    value = (value as Record<string, unknown>)[member];
  }
  return value;
}
