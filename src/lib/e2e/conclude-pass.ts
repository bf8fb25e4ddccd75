import type { CheckReport } from './check-report.js';
import { diagnose } from './diagnosis/diagnose.js';
import { judge } from './judge.js';
import type { Ledger } from './ledger.js';
import { describeSender, toDecoyReports, toHopReport, toLostEvents } from './make-report.js';
import type { Session } from './open-session.js';
import type { Phases } from './phases.js';
import type { PlannedSend } from './senders/plan-sending.js';
import { serverCaveats } from './server-caveats.js';

/** Everything a pass has seen and done when its probes are closed. */
export interface PassOutcome {
  runId: string;
  /** What answers at the target, with its version. */
  server: string;
  startedAtMs: number;
  plan: readonly PlannedSend[];
  ledger: Ledger;
  /** What each hop's probe watches, for people. */
  watched: readonly string[];
  canariesSent: number;
  /** The hop that no canary came to in time. */
  coldHop: string | undefined;
  decoysSent: ReadonlySet<number>;
  failedToSend: number;
  /** The first error of the sender. */
  sendError: string | undefined;
  /** How long sending took, and when it ended; undefined when it was not come to. */
  sending: { durationMs: number; endedAtMs: number } | undefined;
  withinMs: number;
  warmUpMs: number;
  /** Hops whose probe could not read, and why. */
  unread: ReadonlyMap<string, string>;
  /** What functions that were invoked said of their failures. */
  complaints: readonly string[];
  /** How often the probe of a hop was throttled. */
  throttledReads: ReadonlyMap<string, number>;
  foreignMarkers: number;
}

/** Judges a pass, looks at the pipeline for the cause when it is not green, and makes the report. */
export async function concludePass(outcome: PassOutcome, session: Session, phases: Phases): Promise<CheckReport> {
  const { check, clients, file, signal } = session.options;
  const { target } = clients;
  const { send, expect } = check;
  const { ledger, plan, runId, server, startedAtMs, sending, withinMs, warmUpMs, coldHop, unread } = outcome;
  const tallies = ledger.tallies(sending && sending.endedAtMs + withinMs);
  const hops = tallies.map((tally, index) => toHopReport(tally, outcome.watched[index] ?? ''));
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
  const look = !green && !signal.aborted;
  if (look) phases.begin('diagnose');
  const brokenHop = firstLossyHop ?? coldHop;
  const { complaints, throttledReads } = outcome;
  const findings = look
    ? await diagnose({ session, check, runId, brokenHop, lostEvents, complaints, throttledReads, sinceMs: startedAtMs })
    : [];
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
      caveats: serverCaveats(server),
    },
    startedAt: new Date(startedAtMs).toISOString(),
    durationMs: phases.done.reduce((sum, { durationMs }) => sum + durationMs, 0),
    phases: [...phases.done],
    send: {
      via: describeSender(send),
      wanted: send.count,
      sent,
      failed: outcome.failedToSend,
      wantedPerSecond: send.eventsPerSecond,
      perSecond: sending?.durationMs ? (sent * 1000) / sending.durationMs : undefined,
    },
    canaries: outcome.canariesSent,
    hops,
    decoys,
    verdict: { green, reasons, firstLossyHop, findings },
    lostEvents,
    foreignMarkers: outcome.foreignMarkers,
    leftStanding: [...session.leftStanding],
  };
}
