import { emptyItem, type Item, isKind, type Value } from '../value.js';

/** A path with its placeholders resolved. */
export type DocumentPath = readonly (string | number)[];

/** As DynamoDB shows a path: `[a, [3], b]`. */
export const showPath = (path: DocumentPath): string =>
  `[${path.map((part) => (typeof part === 'number' ? `[${part}]` : part)).join(', ')}]`;

/** The value at a path; undefined where there is none. */
export function valueAt(item: Item, path: DocumentPath): Value | undefined {
  let value: Value | undefined = item[path[0] as string];
  for (let depth = 1; depth < path.length; depth += 1) value = inside(value, path[depth] ?? '');
  return value;
}

function inside(value: Value | undefined, part: string | number): Value | undefined {
  if (typeof part === 'number') return isKind(value, 'L') ? value.L[part] : undefined;
  return isKind(value, 'M') ? value.M[part] : undefined;
}

export type PathClash = 'overlap' | 'conflict';

/** Whether two paths of one expression touch the same place: one leads into the other, or they disagree on what is a list. */
function clashOf(one: DocumentPath, other: DocumentPath): PathClash | undefined {
  const shared = Math.min(one.length, other.length);
  for (let depth = 0; depth < shared; depth += 1) {
    if (typeof one[depth] !== typeof other[depth]) return 'conflict';
    if (one[depth] !== other[depth]) return undefined;
  }
  return 'overlap';
}

/** The sentence for the first two paths that clash. */
export function clashSentence(paths: readonly DocumentPath[]): string | undefined {
  const found: Partial<Record<PathClash, string>> = {};
  paths.forEach((path, index) => {
    for (const earlier of paths.slice(0, index)) {
      const clash = clashOf(earlier, path);
      if (clash === undefined) continue;
      found[clash] ??=
        `Two document paths ${clash} with each other; must remove or rewrite one of these paths; path one: ${showPath(earlier)}, path two: ${showPath(path)}`;
    }
  });
  return found.overlap ?? found.conflict;
}

/**
 * The parts of an item that a projection names. Elements of a list stand in their own order, without gaps.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html
 */
export function projectItem(item: Item, paths: readonly DocumentPath[]): Item {
  const tree: Branch = new Map();
  for (const path of paths) if (valueAt(item, path) !== undefined) grow(tree, path);
  return pickMap(item, tree);
}

/** What is wanted of a map or list; an empty branch wants all of it. */
type Branch = Map<string | number, Branch>;

function grow(tree: Branch, path: DocumentPath): void {
  let at = tree;
  for (const part of path) {
    let next = at.get(part);
    if (!next) at.set(part, (next = new Map()));
    at = next;
  }
}

function pickMap(map: Item, tree: Branch): Item {
  const picked = emptyItem();
  for (const [name, branch] of tree) {
    const value = map[name];
    if (value !== undefined) picked[name] = pick(value, branch);
  }
  return picked;
}

function pick(value: Value, branch: Branch): Value {
  if (branch.size === 0) return value;
  if (isKind(value, 'M')) return { M: pickMap(value.M, branch) };
  if (!isKind(value, 'L')) return value;
  const wanted = [...branch].sort(([one], [other]) => Number(one) - Number(other));
  return {
    L: wanted.flatMap(([index, inner]) => {
      const element = value.L[Number(index)];
      return element === undefined ? [] : [pick(element, inner)];
    }),
  };
}
