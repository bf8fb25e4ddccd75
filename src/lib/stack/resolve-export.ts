import { OperationError } from '../shared/errors.js';
import { nearMatches } from '../shared/near-matches.js';
import type { Clients } from '../target/clients.js';
import { listExports } from './list-exports.js';

/**
 * The value of one export of the region.
 * @throws OperationError when no stack exports it; the hint names the exports most like it
 */
export async function resolveExport(clients: Clients, name: string, signal?: AbortSignal): Promise<string> {
  const exports = await listExports(clients, signal);
  const found = exports.find((candidate) => candidate.name === name);
  if (found) return found.value;
  const names = exports.map((candidate) => candidate.name);
  const near = nearMatches(name, names);
  throw new OperationError(`No export named "${name}" in ${clients.target.region}.`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.map((candidate) => `"${candidate}"`).join(' or ')}?`
        : names.length === 0
          ? 'No stack exports anything here yet; deploy the stack that should.'
          : '`pipectl exports` lists the ones there are.',
  });
}
