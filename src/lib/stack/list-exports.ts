import type { Clients } from '../target/clients.js';

export interface StackExport {
  name: string;
  value: string;
  stackId: string;
  stackName: string;
}

/** Every export of the region, by name. */
export async function listExports(clients: Clients, signal?: AbortSignal): Promise<StackExport[]> {
  const { ListExportsCommand } = await import('@aws-sdk/client-cloudformation');
  const client = await clients.cloudformation();
  const found: StackExport[] = [];
  let next: string | undefined;
  do {
    const page = await client.send(new ListExportsCommand({ NextToken: next }), { abortSignal: signal });
    for (const { Name, Value, ExportingStackId } of page.Exports ?? []) {
      const stackId = ExportingStackId ?? '';
      found.push({ name: Name ?? '', value: Value ?? '', stackId, stackName: stackNameOf(stackId) });
    }
    next = page.NextToken;
  } while (next);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID` -> `NAME`. */
const stackNameOf = (stackId: string): string => stackId.split('/')[1] ?? stackId;
