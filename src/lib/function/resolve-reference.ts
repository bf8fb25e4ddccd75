import { UsageError } from '../shared/errors.js';
import { resolveExport } from '../stack/resolve-export.js';
import type { Clients } from '../target/clients.js';

const EXPORT = 'export:';

/** A name or ARN as it is; `export:NAME` is the value that a stack exports under that name. */
export async function resolveReference(clients: Clients, text: string, signal?: AbortSignal): Promise<string> {
  if (text.trim() === '') {
    throw new UsageError('The name is empty.', { hint: 'A variable of the shell that is not set, perhaps.' });
  }
  return text.startsWith(EXPORT) ? resolveExport(clients, text.slice(EXPORT.length), signal) : text;
}
