import { type Document, isMap, isScalar, isSeq, type Node, type Pair, visit, type YAMLMap } from 'yaml';
import { number } from '../shared/count-words.js';
import { UsageError } from '../shared/errors.js';

/** More values than any template has behind its aliases; a few lines of aliases of aliases have more than any memory holds. */
const MAX_VALUES = 20_000;

/**
 * Writes out what YAML aliases (`*x`) and merge keys (`<<`) stand for, in place: CloudFormation takes neither, and whoever packages
 * templates unfolds them, as `aws cloudformation package` does.
 * @returns whether there were any
 * @throws UsageError for aliases without end
 */
export function unfoldAliases(document: Document, name: string): boolean {
  let count = 0;
  visit(document, {
    Alias(_, alias, path) {
      const target = alias.resolve(document);
      if (!target) throw new UsageError(`${name}: nothing is named by the alias *${alias.source}.`);
      if (path.includes(target))
        throw new UsageError(`${name}: the alias *${alias.source} stands inside of what it names.`);
      visit(target, {
        Node() {
          count += 1;
          if (count > MAX_VALUES)
            throw new UsageError(`${name}: its aliases stand for more than ${number(MAX_VALUES)} values.`);
        },
      });
      return target.clone() as Node;
    },
  });
  if (count === 0) return false;
  visit(document, {
    Map(_, map) {
      mergeIn(map);
    },
  });
  visit(document, {
    Node(_, node) {
      if ('anchor' in node) delete node.anchor;
    },
  });
  return true;
}

/** `<<: { a: 1 }`, or a list of such maps: their keys become the map's own, unless it has them already. */
function mergeIn(map: YAMLMap): void {
  const merges = map.items.filter(isMerge);
  if (merges.length === 0) return;
  map.items = map.items.filter((pair) => !isMerge(pair));
  for (const { value } of merges) {
    for (const source of isSeq(value) ? value.items : [value]) {
      if (!isMap(source)) continue;
      mergeIn(source);
      for (const pair of source.items) if (!map.has(pair.key)) map.items.push(pair.clone() as Pair);
    }
  }
}

const isMerge = ({ key }: Pair): boolean => isScalar(key) && key.value === '<<';
