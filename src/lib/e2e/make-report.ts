import type { Check, SenderSpec } from './check-file/check.js';
import type { DecoyReport, HopReport, LostEvent } from './check-report.js';
import { fillTemplate } from './fill-template.js';
import { hopTree } from './hop-tree.js';
import { bucketLatency, summarizeLatency } from './latency.js';
import type { HopTally, Ledger } from './ledger.js';
import { writeMarker } from './marker.js';
import { keyOf, type PlannedSend } from './senders/plan-sending.js';

/** What a hop did, as it is reported. @param watched what its probe watches, for people */
export function toHopReport(tally: HopTally, watched: string): HopReport {
  return {
    name: tally.name,
    after: tally.after,
    watched,
    sent: tally.sent,
    arrived: tally.arrived,
    lost: tally.lost.length,
    unseen: tally.unseen.length,
    late: tally.late.length,
    failed: tally.failed.length,
    duplicated: tally.duplicated,
    duplicatedHere: tally.duplicatedHere,
    reordered: tally.reordered.length,
    fromSendingMs: summarizeLatency(tally.fromSendingMs),
    fromBeforeMs: summarizeLatency(tally.fromBeforeMs),
    distribution: bucketLatency(tally.fromSendingMs),
    clock: tally.clock,
  };
}

/** Decoys that came to a hop and must not, by their numbers. */
export function passedDecoys(check: Check, plan: readonly PlannedSend[], ledger: Ledger): Map<string, Set<number>> {
  const passed = new Map<string, Set<number>>();
  for (const { decoy, marker } of plan) {
    if (decoy === undefined) continue;
    const sightings = ledger.decoySightings(marker.n);
    for (const [hop, { name }] of check.hops.entries())
      if (isForbidden(check, decoy, hop) && (sightings[hop] ?? 0) > 0)
        passed.set(name, (passed.get(name) ?? new Set()).add(marker.n));
  }
  return passed;
}

/** The position of the last hop that a decoy may come to; -1 when there is none. */
function lastHopOf({ decoys, hops }: Check, decoy: number): number {
  const last = decoys[decoy]?.last;
  return last === undefined ? -1 : hops.findIndex((hop) => hop.name === last);
}

/** Whether a decoy may not come to a hop: it is behind the last that the decoy may come to, or there is none such. */
function isForbidden(check: Check, decoy: number, hop: number): boolean {
  const last = lastHopOf(check, decoy);
  return last < 0 || hopTree(check.hops).behind(last).includes(hop);
}

/** What became of each decoy of the check. @param sent the decoys that were really sent, by number */
export function toDecoyReports(
  check: Check,
  plan: readonly PlannedSend[],
  sent: ReadonlySet<number>,
  ledger: Ledger,
): DecoyReport[] {
  return check.decoys.map((decoy, index) => {
    const own = plan.filter((send) => send.decoy === index && sent.has(send.marker.n));
    const lastHop = lastHopOf(check, index);
    const sightings = own.map((send) => ledger.decoySightings(send.marker.n));
    const seenAt = (hop: number): number => sightings.filter((counts) => (counts[hop] ?? 0) > 0).length;
    return {
      payload: JSON.stringify(decoy.payload),
      last: decoy.last,
      wanted: decoy.count,
      sent: own.length,
      seenAtLast: lastHop < 0 ? undefined : seenAt(lastHop),
      passed: check.hops.flatMap(({ name }, hop) =>
        isForbidden(check, index, hop) && seenAt(hop) > 0 ? [{ hop: name, count: seenAt(hop) }] : [],
      ),
    };
  });
}

/** Every lost event with what was sent. `{now}` is told as the run's beginning. */
export function toLostEvents(
  tallies: readonly HopTally[],
  { payload, keys }: SenderSpec,
  runId: string,
  startedAtMs: number,
): LostEvent[] {
  return tallies.flatMap((tally) =>
    tally.lost.map((n) => {
      const marker = writeMarker(runId, { kind: 'event', n });
      const values = { marker, n, key: keyOf(n, keys), now: new Date(startedAtMs) };
      return { n, marker, payload: fillTemplate(payload, values), lostAt: tally.name };
    }),
  );
}
