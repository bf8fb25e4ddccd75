/**
 * Runs something for every id, each as soon as all that it depends on has succeeded, free ones in parallel. An id whose dependency
 * failed, or that comes up after `stopped` turns true, is not run. The graph has no cycle.
 */
export async function inDependencyOrder(
  ids: Iterable<string>,
  dependenciesOf: (id: string) => readonly string[],
  run: (id: string) => Promise<boolean>,
  stopped: () => boolean = () => false,
): Promise<void> {
  const all = new Set(ids);
  const outcomes = new Map<string, Promise<boolean>>();
  const outcome = (id: string): Promise<boolean> => {
    let promise = outcomes.get(id);
    if (!promise) outcomes.set(id, (promise = runAfterDependencies(id)));
    return promise;
  };
  const runAfterDependencies = async (id: string): Promise<boolean> => {
    const dependencies = dependenciesOf(id).filter((other) => all.has(other));
    const succeeded = await Promise.all(dependencies.map(outcome));
    if (stopped() || succeeded.includes(false)) return false;
    return run(id);
  };
  await Promise.all([...all].map(outcome));
}

/** Who depends on whom, turned round: deletion goes from the dependents to what they need. */
export function reversed(graph: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const turned = new Map([...graph.keys()].map((id): [string, string[]] => [id, []]));
  for (const [id, dependencies] of graph) {
    for (const dependency of dependencies) turned.get(dependency)?.push(id);
  }
  return turned;
}
