import type { Target } from '../../target/target.js';
import { findMarkers, writeMarker } from '../marker.js';

const TIMEOUT_MS = 3000;

/**
 * The markers of items that invocations of a function reported as failed, by request ID: only the local endpoint tells, for no log does.
 * @returns none where nobody can be asked
 */
export async function readItemFailures(
  { endpointUrl }: Target,
  functionName: string,
  runId: string,
): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  if (endpointUrl === undefined) return found;
  try {
    const url = `${endpointUrl}/_pipectl/item-failures?function=${encodeURIComponent(functionName)}`;
    const response = await fetch(url, { headers: { 'x-pipectl': '1' }, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return found;
    const { failures = [] } = (await response.json()) as { failures?: { requestId: string; event: string }[] };
    for (const { requestId, event } of failures)
      found.set(requestId, new Set(findMarkers(event, runId).own.map((marker) => writeMarker(runId, marker))));
  } catch {
    // Another server has the port, or none.
  }
  return found;
}
