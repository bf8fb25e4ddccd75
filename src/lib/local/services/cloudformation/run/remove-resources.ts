import type { StackResource } from '../stack.js';
import { inDependencyOrder, reversed } from './in-dependency-order.js';
import type { StackRun } from './stack-run.js';

/**
 * Removes resources, dependents first, free ones in parallel.
 * @param keeps whether a resource's policy lets it stand
 * @returns logical ids of those that could not be deleted
 */
export async function removeResources(
  run: StackRun,
  resources: readonly StackResource[],
  keeps: (resource: StackResource) => boolean,
): Promise<string[]> {
  // Two resources may share a logical id here: the new one and the one it replaced. Each is a node of its own.
  const nodes = new Map(resources.map((resource, index): [string, StackResource] => [String(index), resource]));
  const needs = new Map(
    [...nodes].map(([node, { dependsOn }]): [string, string[]] => [
      node,
      [...nodes]
        .filter(([other, { logicalId }]) => other !== node && dependsOn.includes(logicalId))
        .map(([other]) => other),
    ]),
  );
  const dependents = reversed(needs);
  const failed: string[] = [];
  await inDependencyOrder(
    [...nodes.keys()].reverse(),
    (node) => dependents.get(node) ?? [],
    async (node) => {
      const resource = nodes.get(node);
      if (!resource) return false;
      const gone = await run.remove(resource, keeps(resource));
      if (!gone) failed.push(resource.logicalId);
      return gone;
    },
  );
  return failed;
}
