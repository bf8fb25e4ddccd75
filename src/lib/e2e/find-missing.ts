import type { Check } from './check-file/check.js';
import type { Ledger } from './ledger.js';
import type { PlannedSend } from './senders/plan-sending.js';

/** The first hop that has not seen every event; undefined when all have. */
export function missingAt({ hops }: Check, ledger: Ledger): string | undefined {
  const counts = ledger.arrivedCounts();
  return hops.find((_, hop) => (counts[hop] ?? 0) < ledger.sentCount)?.name;
}

/** The first hop that lost more events than the check allows, if no more arrive. */
export function lostTooManyAt({ expect }: Check, ledger: Ledger): string | undefined {
  const allowed = new Map(expect.limits.flatMap(({ metric, hop, limit }) => (metric === 'lost' ? [[hop, limit]] : [])));
  return ledger.tallies().find(({ name, lost }) => lost.length > (allowed.get(name) ?? Number.POSITIVE_INFINITY))?.name;
}

/**
 * The hop where a decoy is still missing that must come so far: one that is under way has proved nothing about the next hop.
 * @param sent the decoys that were taken, by number
 */
export function decoyMissingAt(
  { decoys, hops }: Check,
  plan: readonly PlannedSend[],
  sent: ReadonlySet<number>,
  ledger: Ledger,
): string | undefined {
  for (const { decoy, marker } of plan) {
    const last = decoy === undefined ? undefined : decoys[decoy]?.last;
    if (last === undefined || !sent.has(marker.n)) continue;
    const hop = hops.findIndex(({ name }) => name === last);
    if ((ledger.decoySightings(marker.n)[hop] ?? 0) === 0) return last;
  }
  return undefined;
}
