import { resolveExport } from '../stack/resolve-export.js';
import type { Clients } from '../target/clients.js';

const EXPORT = 'export:';

/** A name or ARN as it is; `export:NAME` is the value that a stack exports under that name. */
export async function resolveReference(clients: Clients, text: string, signal?: AbortSignal): Promise<string> {
  return text.startsWith(EXPORT) ? resolveExport(clients, text.slice(EXPORT.length), signal) : text;
}
