import type { Stack } from '@aws-sdk/client-cloudformation';
import type { Clients } from '../target/clients.js';

/** A stack that is not among those to be deleted, and imports from one that is. */
export interface InTheWay {
  importer: string;
  exportName: string;
  exporter: string;
}

/**
 * Stacks in the order they can be deleted: whoever imports an export goes before whoever exports it. Free ones keep the order given.
 * @returns the order, and who stands in the way of it
 */
export async function destroyOrder(
  clients: Clients,
  stacks: readonly Stack[],
  signal?: AbortSignal,
): Promise<{ order: Stack[]; inTheWay: InTheWay[] }> {
  const byName = new Map(stacks.map((stack) => [stack.StackName ?? '', stack]));
  const templates = await readTemplates(clients, [...byName.keys()], signal);
  const importers = new Map<string, Set<string>>();
  const inTheWay: InTheWay[] = [];
  for (const [exporter, { Outputs: outputs }] of byName) {
    const users = new Set<string>();
    importers.set(exporter, users);
    for (const { ExportName: exportName } of outputs ?? []) {
      if (exportName === undefined) continue;
      for (const importer of await listImports(clients, exportName, signal)) {
        if (importer === exporter) continue;
        if (byName.has(importer)) users.add(importer);
        else inTheWay.push({ importer, exportName, exporter });
      }
      for (const [importer, text] of templates)
        if (importer !== exporter && text.includes('ImportValue') && text.includes(exportName)) users.add(importer);
    }
  }
  return { order: importersFirst(byName.keys(), importers).flatMap((name) => byName.get(name) ?? []), inTheWay };
}

function importersFirst(names: Iterable<string>, importers: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const order = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    if (order.has(name) || above.includes(name)) return;
    for (const importer of importers.get(name) ?? []) visit(importer, [...above, name]);
    order.add(name);
  };
  for (const name of names) visit(name, []);
  return [...order];
}

/**
 * The stacks' templates, to see who imports what where the endpoint does not say: LocalStack lists no imports, nor those of a stack that was
 * rolled back, and yet works out an import again when it deletes.
 */
async function readTemplates(
  clients: Clients,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  if (names.length < 2) return new Map();
  const { GetTemplateCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  const read = async (name: string): Promise<[string, string]> => {
    const { TemplateBody: text } = await client.send(new GetTemplateCommand({ StackName: name }), {
      abortSignal: signal,
    });
    return [name, typeof text === 'string' ? text : JSON.stringify(text ?? '')];
  };
  return new Map(await Promise.all(names.map(read)));
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
