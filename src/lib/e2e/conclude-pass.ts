import type { Check } from './check-file/check.js';
import type { CheckReport, Finding, HopReport, Reason, Settled } from './check-report.js';
import type { Case } from './diagnosis/case.js';
import { diagnose } from './diagnosis/diagnose.js';
import { failuresOnPath } from './diagnosis/functions-on-path.js';
import { complaintFindings } from './diagnosis/look-at-sender.js';
import { endpointCaveats } from './endpoint-caveats.js';
import { judge } from './judge.js';
import type { HopTally } from './ledger.js';
import { passedDecoys, toDecoyReports, toHopReport, toLostEvents } from './make-report.js';
import type { Marker } from './marker.js';
import type { Session } from './open-session.js';
import type { Phases } from './phases.js';
import { probeOf } from './probes/probes.js';
import type { PlannedSend } from './senders/plan-sending.js';
import { senderOf } from './senders/senders.js';
import { serverCaveats } from './server-caveats.js';
import type { HopWatch } from './watch-hops.js';

/** Everything a pass has seen and done when its probes are closed. */
export interface PassOutcome {
  runId: string;
  /** What answers at the target, with its version. */
  server: string;
  startedAtMs: number;
  plan: readonly PlannedSend[];
  watch: HopWatch;
  canariesSent: number;
  /** The hop that no canary came to in time. */
  coldHop: string | undefined;
  decoysSent: ReadonlySet<number>;
  failedToSend: number;
  /** The first error of the sender. */
  sendError: string | undefined;
  /** How long sending took, and when it ended; undefined when it was not come to. */
  sending: { durationMs: number; endedAtMs: number } | undefined;
  settled: Settled | undefined;
  withinMs: number;
  warmUpMs: number;
  /** What functions that were invoked said of their failures. */
  complaints: readonly string[];
}

/** Judges a pass, looks at the pipeline for the cause when it is not green, and makes the report. */
export async function concludePass(outcome: PassOutcome, session: Session, phases: Phases): Promise<CheckReport> {
  const { check, clients, file, signal } = session.options;
  const { target } = clients;
  const { send, expect } = check;
  const { watch, plan, runId, server, startedAtMs, sending, withinMs, warmUpMs, coldHop } = outcome;
  const { ledger, unread } = watch;
  const seen = ledger.tallies(sending && sending.endedAtMs + withinMs);
  // What an interruption caught on its way is not lost, and has found no way round a hop.
  const tallies = signal.aborted ? seen.map((tally) => ({ ...tally, lost: [], unseen: [] })) : seen;
  const hops = tallies.map((tally, index) => toHopReport(tally, watch.watched[index] ?? describeHop(check, index)));
  const decoys = toDecoyReports(check, plan, outcome.decoysSent, ledger);
  const lostEvents = toLostEvents(tallies, send, runId, startedAtMs);
  const firstLossyHop = tallies.find((tally) => tally.lost.length > 0)?.name;
  const sent = ledger.sentCount;
  const reasons = judge({
    wanted: send.count,
    sent,
    sendError: outcome.sendError,
    hops,
    decoys,
    limits: expect.limits,
    coldHop,
    unread: hops.flatMap(({ name }) => {
      const why = unread.get(name);
      return why === undefined ? [] : [{ hop: name, why }];
    }),
    interrupted: signal.aborted,
    withinMs,
    warmUpMs,
  });
  const green = reasons.length === 0;
  const brokenAt = [firstLossyHop ?? coldHop, ...reasons.map(({ hop }) => hop)];
  const pipeline: Case = {
    session,
    check,
    runId,
    brokenHops: [...new Set([...brokenAt, ...doublingHops(reasons, hops)])].filter((hop) => hop !== undefined),
    missing: missingAt(tallies, coldHop),
    passedDecoys: passedDecoys(check, plan, ledger),
    unmarked: watch.unmarked,
    complaints: outcome.complaints,
    throttledReads: watch.throttled,
    sinceMs: startedAtMs,
    targetSinceMs: startedAtMs + session.skewMs,
  };
  const complained = complaintFindings(check.hops[0]?.name ?? '', outcome.complaints, 'hint');
  const looked = signal.aborted ? complained : await lookFor(pipeline, green ? complained : undefined, phases);
  const findings = [...looked, ...busyFindings(outcome.settled)];
  phases.end();
  return {
    check: check.name,
    runId,
    file: file.path,
    target: {
      kind: target.kind,
      url: target.endpointUrl,
      region: target.region,
      server,
      caveats: [...serverCaveats(server), ...(await endpointCaveats(target))],
    },
    startedAt: new Date(startedAtMs).toISOString(),
    durationMs: phases.done.reduce((sum, { durationMs }) => sum + durationMs, 0),
    phases: [...phases.done],
    send: {
      via: senderOf(send).describe(send),
      wanted: send.count,
      sent,
      failed: outcome.failedToSend,
      wantedPerSecond: send.eventsPerSecond,
      perSecond: sending?.durationMs ? (sent * 1000) / sending.durationMs : undefined,
    },
    canaries: outcome.canariesSent,
    hops,
    decoys,
    settled: outcome.settled,
    verdict: { green, reasons, firstLossyHop, findings },
    lostEvents,
    foreignMarkers: watch.foreignMarkers,
    leftStanding: [...session.leftStanding],
  };
}

/** In every verdict, which invocations failed; and why it is not green, unless all that is to be `found` is known. */
async function lookFor(pipeline: Case, known: Finding[] | undefined, phases: Phases): Promise<Finding[]> {
  if (!known) phases.begin('diagnose');
  const found = known ?? (await diagnose(pipeline));
  const told = new Set(found.map(({ text }) => text));
  return [...found, ...(await failuresOnPath(pipeline)).filter(({ text }) => !told.has(text))];
}

/** Copies and decoys may come when nobody looks any more. */
function busyFindings(settled: Settled | undefined): Finding[] {
  if (settled?.quiet !== 'busy') return [];
  const text = `The endpoint still had work to do when time was up, so copies may come later: ${settled.pending.join(', ')}.`;
  return [{ hop: undefined, weight: 'hint', text }];
}

/** Where the copies arose that broke a limit, perhaps further on. */
const doublingHops = (reasons: readonly Reason[], hops: readonly HopReport[]): string[] =>
  reasons.some(({ kind }) => kind === 'duplicated')
    ? hops.filter(({ duplicatedHere }) => duplicatedHere > 0).map(({ name }) => name)
    : [];

/** What each hop that lost something, or that nothing ever came to, should have seen. */
function missingAt(tallies: readonly HopTally[], coldHop: string | undefined): Case['missing'] {
  const missing = new Map<string, (marker: Marker) => boolean>();
  for (const { name, lost, arrived } of tallies) {
    if (name === coldHop && arrived === 0) missing.set(name, ({ kind }) => kind === 'canary');
    const numbers = new Set(lost);
    if (numbers.size > 0) missing.set(name, ({ kind, n }) => kind === 'event' && numbers.has(n));
  }
  return missing;
}

/** What a hop watches, where its probe could not be opened any more. */
function describeHop({ hops }: Check, index: number): string {
  const probe = hops[index]?.probe;
  return probe === undefined ? '' : probeOf(probe).describe(probe);
}
