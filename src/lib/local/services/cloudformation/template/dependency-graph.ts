import { findReferences } from '../intrinsics/find-references.js';
import type { Template } from './template.js';

/**
 * For each resource, the resources it needs first: what it refers to, and its DependsOn. With `holds`, only resources whose condition
 * holds are there, and only the branches that will be taken count.
 */
export function dependencyGraph(template: Template, holds?: (condition: string) => boolean): Map<string, string[]> {
  const isActive = (id: string): boolean => {
    const resource = template.resources.get(id);
    if (!resource) return false;
    return holds === undefined || resource.condition === undefined || holds(resource.condition);
  };
  const graph = new Map<string, string[]>();
  for (const [id, { properties, dependsOn }] of template.resources) {
    if (!isActive(id)) continue;
    const named = findReferences(properties, holds).map(({ name }) => name);
    graph.set(id, [...new Set([...dependsOn, ...named])].filter(isActive));
  }
  return graph;
}

/** The members of one cycle, in order; undefined when there is none. */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (id: string): string[] | undefined => {
    if (done.has(id)) return undefined;
    const at = path.indexOf(id);
    if (at >= 0) return path.slice(at);
    path.push(id);
    for (const next of graph.get(id) ?? []) {
      const cycle = visit(next);
      if (cycle) return cycle;
    }
    path.pop();
    done.add(id);
    return undefined;
  };
  for (const id of graph.keys()) {
    const cycle = visit(id);
    if (cycle) return cycle;
  }
  return undefined;
}
