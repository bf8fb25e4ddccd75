import type { Check } from '../project/project-file.js';
import type { CheckReport, DecoyReport, HopReport, LostEvent } from './check-report.js';
import { diagnose } from './diagnosis/diagnose.js';
import { fillTemplate, fillText } from './fill-template.js';
import { judge } from './judge.js';
import { bucketLatency, summarizeLatency } from './latency.js';
import { type HopTally, Ledger } from './ledger.js';
import { findMarkers, type Marker, newRunId, writeMarker } from './marker.js';
import type { Session } from './open-session.js';
import { paceOf } from './pace-of.js';
import type { Phases } from './phases.js';
import { openProbe } from './probes/open-probe.js';
import type { Probe } from './probes/probe.js';
import { openSender } from './senders/open-sender.js';
import { type PlannedSend, planSending } from './senders/plan-sending.js';
import { sendPaced } from './senders/send-paced.js';
import type { Sender } from './senders/sender.js';

/** How often the counts are told while events are under way. */
const TELL_EVERY_MS = 100;
const LOOK_EVERY_MS = 10;

/** One run over a standing pipeline: probes, canaries, events, verdict. */
export async function runPass(session: Session, phases: Phases, server: string): Promise<CheckReport> {
  return new Pass(session, phases, server).run();
}

class Pass {
  readonly #session: Session;
  readonly #check: Check;
  readonly #phases: Phases;
  readonly #server: string;
  readonly #runId = newRunId();
  readonly #startedAtMs: number;
  readonly #ledger: Ledger;
  readonly #unread = new Map<string, string>();
  readonly #complaints: string[] = [];
  #foreign = 0;
  #failedToSend = 0;
  #sendError: string | undefined;
  #canaries = 0;
  #sendingMs: number | undefined;

  constructor(session: Session, phases: Phases, server: string) {
    this.#session = session;
    this.#check = session.options.check;
    this.#phases = phases;
    this.#server = server;
    this.#startedAtMs = session.options.clock.now();
    this.#ledger = new Ledger(this.#check.hops.map((hop) => hop.name));
  }

  async run(): Promise<CheckReport> {
    const { clock, signal } = this.#session.options;
    const ended = new AbortController();
    let probes: Probe[] = [];
    let coldHop: string | undefined;
    const sends = planSending(this.#check.send, this.#check.decoys);
    try {
      this.#phases.begin('open probes');
      const sender = await openSender(this.#check.send, {
        clients: this.#session.options.clients,
        resolve: (text) => this.#session.resolver.resolve(text),
      });
      probes = await this.#openProbes(ended.signal);
      this.#phases.begin('warm up');
      coldHop = await this.#warmUp(sender);
      if (coldHop === undefined && !signal.aborted) {
        this.#phases.begin('send');
        const sendingSince = clock.now();
        await this.#send(sender, sends);
        this.#sendingMs = clock.now() - sendingSince;
        this.#phases.begin('arrive');
        await this.#waitForArrivals();
        this.#phases.begin('settle');
        const settleMs = this.#check.expect.settleMs ?? paceOf(this.#session.options.clients.target).settleMs;
        if (!signal.aborted) await clock.sleep(settleMs, signal).catch(() => {});
      }
    } finally {
      // Ctrl-C does not wait for a last read.
      if (signal.aborted) ended.abort(signal.reason);
      await Promise.all(probes.map((probe) => probe.close()));
      ended.abort();
      this.#tell();
    }
    return this.#report(sends, probes, coldHop);
  }

  async #openProbes(ended: AbortSignal): Promise<Probe[]> {
    const { clients, clock } = this.#session.options;
    const opened = await Promise.allSettled(
      this.#check.hops.map((hop, index) =>
        openProbe(hop.probe, {
          clients,
          clock,
          pace: paceOf(clients.target),
          signal: ended,
          runId: this.#runId,
          recorders: this.#session.recorders,
          resolve: (text) => this.#session.resolver.resolve(text),
          see: ({ text, stampedAtMs }) => {
            const { own, foreign } = findMarkers(text, this.#runId);
            this.#foreign += foreign;
            for (const marker of own)
              this.#ledger.seen(index, {
                marker,
                seenAtMs: clock.now(),
                ...(stampedAtMs !== undefined && { stampedAtMs }),
              });
          },
          unreadable: (why) => {
            if (why === undefined) this.#unread.delete(hop.name);
            else this.#unread.set(hop.name, why);
          },
        }),
      ),
    );
    const probes = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const failed = opened.find((each) => each.status === 'rejected');
    if (!failed) return probes;
    await Promise.all(probes.map((probe) => probe.close()));
    throw failed.reason;
  }

  /** Sends canaries until one of each key has been seen at every hop. @returns the hop none came to, when time ran out */
  async #warmUp(sender: Sender): Promise<string | undefined> {
    const { clock, signal, clients } = this.#session.options;
    const { keys, payload } = this.#check.send;
    const deadline = clock.now() + this.#check.expect.warmUpMs;
    const pace = paceOf(clients.target);
    while (!this.#ledger.warm(keys) && !signal.aborted) {
      if (clock.now() >= deadline) return this.#ledger.firstColdHop(keys);
      const cold = Array.from({ length: keys }, (_, key) => key).filter((key) => !this.#ledger.warmFor(key, keys));
      // A canary's number tells its key, as an event's does.
      const round = Math.floor(this.#canaries / keys);
      await Promise.all(
        cold.map((key) => this.#sendOne(sender, { kind: 'canary', n: round * keys + key }, payload, `key-${key}`)),
      );
      this.#canaries = (round + 1) * keys;
      const next = Math.min(clock.now() + pace.canaryMs, deadline);
      while (clock.now() < next && !this.#ledger.warm(keys) && !signal.aborted)
        await clock.sleep(LOOK_EVERY_MS, signal).catch(() => {});
    }
    return undefined;
  }

  async #send(sender: Sender, sends: readonly PlannedSend[]): Promise<void> {
    const { clock, signal } = this.#session.options;
    const telling = this.#tellWhile();
    await sendPaced({
      items: sends,
      perSecond: (this.#check.send.eventsPerSecond * sends.length) / this.#check.send.count,
      clock,
      signal,
      sendOne: async ({ marker, payload, key }) => {
        if (marker.kind === 'event') this.#ledger.sent(marker.n, key, clock.now());
        const taken = await this.#sendOne(sender, marker, payload, key);
        if (taken || marker.kind !== 'event') return;
        this.#ledger.unsend(marker.n);
        this.#failedToSend += 1;
      },
    });
    telling();
  }

  /** @returns false when it was not taken */
  async #sendOne(sender: Sender, marker: Marker, payload: unknown, key: string): Promise<boolean> {
    const { clock, signal } = this.#session.options;
    const values = { marker: writeMarker(this.#runId, marker), n: marker.n, key, now: new Date(clock.now()) };
    const { send } = this.#check;
    const partitionKey = send.kind === 'put' ? fillText(send.partitionKey, values) : key;
    try {
      const complaint = await sender.send({ payload: fillTemplate(payload, values), partitionKey }, signal);
      if (complaint !== undefined) this.#complaints.push(complaint);
      return true;
    } catch (error) {
      if (!signal.aborted)
        this.#sendError ??= `${(error as Error).name}: ${(error as Error).message}`.replace(/^Error: /, '');
      return false;
    }
  }

  async #waitForArrivals(): Promise<void> {
    const { clock, signal } = this.#session.options;
    const telling = this.#tellWhile();
    const deadline = clock.now() + this.#check.expect.withinMs;
    while (!this.#ledger.complete() && clock.now() < deadline && !signal.aborted)
      await clock.sleep(LOOK_EVERY_MS, signal).catch(() => {});
    telling();
  }

  #tellWhile(): () => void {
    let lastTold = '';
    const timer = setInterval(() => {
      const counts = `${this.#ledger.sentCount} ${this.#ledger.arrivedCounts().join(' ')}`;
      if (counts !== lastTold) this.#tell();
      lastTold = counts;
    }, TELL_EVERY_MS);
    return () => clearInterval(timer);
  }

  #tell(): void {
    const arrived = this.#ledger.arrivedCounts();
    this.#session.options.onEvent({
      kind: 'counts',
      wanted: this.#check.send.count,
      sent: this.#ledger.sentCount,
      hops: this.#check.hops.map(({ name }, index) => ({ name, arrived: arrived[index] ?? 0 })),
    });
  }

  async #report(
    sends: readonly PlannedSend[],
    probes: readonly Probe[],
    coldHop: string | undefined,
  ): Promise<CheckReport> {
    const { options } = this.#session;
    const { clock, clients, file, signal } = options;
    const { send, expect } = this.#check;
    const tallies = this.#ledger.tallies();
    const hops = tallies.map((tally, index) => toHopReport(tally, probes[index]?.watched ?? ''));
    const decoys = this.#decoyReports(sends);
    const reasons = judge({
      wanted: send.count,
      sent: this.#ledger.sentCount,
      sendError: this.#sendError,
      hops,
      decoys,
      limits: expect.limits,
      coldHop,
      unread: [...this.#unread].map(([hop, why]) => ({ hop, why })),
      interrupted: signal.aborted,
      withinMs: expect.withinMs,
      warmUpMs: expect.warmUpMs,
    });
    const firstLossyHop = tallies.find((tally) => tally.lost.length > 0)?.name;
    const lostEvents = this.#lostEvents(tallies, sends);
    const green = reasons.length === 0;
    if (!green) this.#phases.begin('diagnose');
    const findings =
      green || signal.aborted
        ? []
        : await diagnose({
            session: this.#session,
            check: this.#check,
            runId: this.#runId,
            brokenHop: firstLossyHop ?? coldHop,
            lostEvents,
            complaints: this.#complaints,
            sinceMs: this.#startedAtMs,
          });
    this.#phases.end();
    return {
      check: this.#check.name,
      runId: this.#runId,
      file: file.path,
      target: {
        kind: clients.target.kind,
        url: clients.target.endpointUrl,
        region: clients.target.region,
        server: this.#server,
      },
      startedAt: new Date(this.#startedAtMs).toISOString(),
      durationMs: clock.now() - this.#startedAtMs,
      phases: [...this.#phases.done],
      send: {
        via: this.#via(),
        wanted: send.count,
        sent: this.#ledger.sentCount,
        failed: this.#failedToSend,
        wantedPerSecond: send.eventsPerSecond,
        perSecond: this.#sendingMs ? (this.#ledger.sentCount * 1000) / this.#sendingMs : undefined,
      },
      canaries: this.#canaries,
      hops,
      decoys,
      verdict: { green, reasons, firstLossyHop, findings },
      lostEvents,
      foreignMarkers: this.#foreign,
      leftStanding: [...this.#session.leftStanding],
    };
  }

  #via(): string {
    const { send } = this.#check;
    if (send.kind === 'invoke') return `invoke ${send.functionName}`;
    return send.kind === 'put' ? `put ${send.stream}` : `POST ${send.url}`;
  }

  #decoyReports(sends: readonly PlannedSend[]): DecoyReport[] {
    return this.#check.decoys.map((decoy, index) => {
      const own = sends.filter((send) => send.decoy === index);
      const lastHop = decoy.last === undefined ? -1 : this.#check.hops.findIndex((hop) => hop.name === decoy.last);
      const sightings = own.map((send) => this.#ledger.decoySightings(send.marker.n));
      const seenAt = (hop: number): number => sightings.filter((counts) => (counts[hop] ?? 0) > 0).length;
      return {
        payload: JSON.stringify(decoy.payload),
        last: decoy.last,
        sent: own.length,
        seenAtLast: lastHop < 0 ? undefined : seenAt(lastHop),
        passed: this.#check.hops.flatMap(({ name }, hop) =>
          hop > lastHop && seenAt(hop) > 0 ? [{ hop: name, count: seenAt(hop) }] : [],
        ),
      };
    });
  }

  #lostEvents(tallies: readonly HopTally[], sends: readonly PlannedSend[]): LostEvent[] {
    const keys = new Map(sends.flatMap((send) => (send.marker.kind === 'event' ? [[send.marker.n, send]] : [])));
    return tallies.flatMap((tally) =>
      tally.lost.map((n) => {
        const marker = writeMarker(this.#runId, { kind: 'event', n });
        const values = { marker, n, key: keys.get(n)?.key ?? '', now: new Date(this.#startedAtMs) };
        return { n, marker, payload: fillTemplate(this.#check.send.payload, values), lostAt: tally.name };
      }),
    );
  }
}

function toHopReport(tally: HopTally, watched: string): HopReport {
  return {
    name: tally.name,
    watched,
    sent: tally.sent,
    arrived: tally.arrived,
    lost: tally.lost.length,
    unseen: tally.unseen.length,
    duplicated: tally.duplicated,
    reordered: tally.reordered.length,
    fromSendingMs: summarizeLatency(tally.fromSendingMs),
    fromBeforeMs: summarizeLatency(tally.fromBeforeMs),
    distribution: bucketLatency(tally.fromSendingMs),
    clock: tally.clock,
  };
}
