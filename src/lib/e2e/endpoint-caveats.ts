import type { Target } from '../target/target.js';
import { readHealth } from './identify-server.js';

/** What the local endpoint itself says that a verdict says nothing about, such as buffers that it cut short. */
export async function endpointCaveats({ endpointUrl }: Target): Promise<string[]> {
  if (endpointUrl === undefined) return [];
  // Asked even after Ctrl-C: the report is still written.
  const health = await readHealth(endpointUrl, new AbortController().signal);
  const caveats = Array.isArray(health?.caveats) ? (health.caveats as unknown[]) : [];
  return caveats.filter((caveat) => typeof caveat === 'string');
}
