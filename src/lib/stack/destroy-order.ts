import type { Stack } from '@aws-sdk/client-cloudformation';
import type { Clients } from '../target/clients.js';

/**
 * Stacks in the order they can be deleted: whoever imports an export goes before whoever exports it. Free ones keep the order given.
 * @returns the order, and the stacks left out of it that still import something: they stand in the way
 */
export async function destroyOrder(
  clients: Clients,
  stacks: readonly Stack[],
  signal?: AbortSignal,
): Promise<{ order: Stack[]; inTheWay: { importer: string; exportName: string; exporter: string }[] }> {
  const byName = new Map(stacks.map((stack) => [stack.StackName ?? '', stack]));
  const importers = new Map<string, Set<string>>();
  const inTheWay: { importer: string; exportName: string; exporter: string }[] = [];
  for (const [exporter, { Outputs: outputs }] of byName) {
    const users = new Set<string>();
    for (const { ExportName: exportName } of outputs ?? []) {
      if (exportName === undefined) continue;
      for (const importer of await listImports(clients, exportName, signal)) {
        if (importer === exporter) continue;
        if (byName.has(importer)) users.add(importer);
        else inTheWay.push({ importer, exportName, exporter });
      }
    }
    importers.set(exporter, users);
  }
  const order = new Set<string>();
  const visit = (name: string): void => {
    if (order.has(name)) return;
    for (const importer of importers.get(name) ?? []) visit(importer);
    order.add(name);
  };
  for (const name of byName.keys()) visit(name);
  return { order: [...order].flatMap((name) => byName.get(name) ?? []), inTheWay };
}

/** CloudFormation answers an export nobody imports with an error, not with an empty list. */
async function listImports(clients: Clients, exportName: string, signal: AbortSignal | undefined): Promise<string[]> {
  const { ListImportsCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  const found: string[] = [];
  let next: string | undefined;
  try {
    do {
      const page = await client.send(new ListImportsCommand({ ExportName: exportName, NextToken: next }), {
        abortSignal: signal,
      });
      found.push(...(page.Imports ?? []));
      next = page.NextToken;
    } while (next);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Error) || !('$metadata' in error)) throw error;
    return [];
  }
  return found;
}
