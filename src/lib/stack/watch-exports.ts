import { setTimeout as sleep } from 'node:timers/promises';
import type { Clients } from '../target/clients.js';
import { listExports, type StackExport } from './list-exports.js';

/** Local endpoints may be asked often; AWS throttles. */
const EVERY_MS = { local: 250, endpoint: 500, localstack: 500, aws: 5000 } as const;

export interface ExportChange {
  change: 'there' | 'changed' | 'gone';
  export: StackExport;
}

/** The exports there are, then each change as it is seen, until the signal aborts. */
export async function* watchExports(
  clients: Clients,
  select: (candidate: StackExport) => boolean,
  signal: AbortSignal,
): AsyncGenerator<ExportChange> {
  let known = new Map<string, StackExport>();
  while (!signal.aborted) {
    const now = new Map((await listExports(clients, signal)).filter(select).map((found) => [found.name, found]));
    for (const [name, found] of now) {
      const before = known.get(name);
      if (!before) yield { change: 'there', export: found };
      else if (before.value !== found.value) yield { change: 'changed', export: found };
    }
    for (const [name, before] of known) if (!now.has(name)) yield { change: 'gone', export: before };
    known = now;
    await sleep(EVERY_MS[clients.target.kind], undefined, { signal }).catch(() => {});
  }
}
