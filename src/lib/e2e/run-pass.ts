import { setMaxListeners } from 'node:events';
import { formatDuration } from '../shared/duration.js';
import { explainSdkError } from '../target/explain-sdk-error.js';
import type { Check } from './check-file/check.js';
import type { CheckReport } from './check-report.js';
import { concludePass, type PassOutcome } from './conclude-pass.js';
import { fillTemplate, fillText } from './fill-template.js';
import { decoyMissingAt, lostTooManyAt, missingAt } from './find-missing.js';
import { type Marker, newRunId, writeMarker } from './marker.js';
import type { FormerPass, Session } from './open-session.js';
import { type Pace, paceOf } from './pace-of.js';
import { createPhases, type Phases } from './phases.js';
import { keyOf, type PlannedSend, planSending } from './senders/plan-sending.js';
import { sendPaced } from './senders/send-paced.js';
import type { Sender } from './senders/sender.js';
import { senderOf } from './senders/senders.js';
import { settlePass } from './settle-pass.js';
import { pendingIds } from './watch-endpoint.js';
import { HopWatch } from './watch-hops.js';

/** How often the counts are told while events are under way. */
const TELL_EVERY_MS = 100;
const LOOK_EVERY_MS = 10;

/** One run over a standing pipeline: probes, canaries, events, verdict. @param server what answers at the target, with its version */
export async function runPass(session: Session, phases: Phases, server: string): Promise<CheckReport> {
  return new Pass(session, phases, server).run();
}

class Pass {
  readonly #session: Session;
  readonly #check: Check;
  readonly #phases: Phases;
  readonly #server: string;
  readonly #pace: Pace;
  readonly #plan: readonly PlannedSend[];
  readonly #runId = newRunId();
  readonly #startedAtMs: number;
  readonly #watch: HopWatch;
  /** What functions that were invoked said of their failures. */
  readonly #complaints: string[] = [];
  readonly #decoysSent = new Set<number>();
  #failedToSend = 0;
  #sendError: string | undefined;
  readonly #canaries: number[] = [];
  #coldHop: string | undefined;
  #sending: PassOutcome['sending'];
  #pendingBefore: ReadonlySet<string> = new Set();
  #settled: PassOutcome['settled'];
  #withinMs: number;
  #toldWaitingAtMs = Number.NEGATIVE_INFINITY;

  constructor(session: Session, phases: Phases, server: string) {
    this.#session = session;
    this.#check = session.options.check;
    this.#phases = phases;
    this.#server = server;
    this.#pace = paceOf(session.options.clients.target);
    this.#plan = planSending(this.#check.send, this.#check.decoys);
    this.#startedAtMs = session.options.clock.now();
    this.#watch = new HopWatch(session, this.#runId);
    this.#withinMs = this.#check.expect.withinMs;
  }

  get #ledger() {
    return this.#watch.ledger;
  }

  get #clock() {
    return this.#session.options.clock;
  }

  get #signal() {
    return this.#session.options.signal;
  }

  get #warmUpMs(): number {
    return this.#check.expect.warmUpMs ?? this.#pace.warmUpMs;
  }

  async run(): Promise<CheckReport> {
    const { clients } = this.#session.options;
    const ended = new AbortController();
    setMaxListeners(0, this.#signal, ended.signal); // every send under way and every shard's reader listens
    try {
      this.#phases.begin('open probes');
      const sender = await senderOf(this.#check.send).open(this.#check.send, {
        clients,
        resolve: (text) => this.#session.resolver.resolve(text),
        signal: this.#signal,
      });
      this.#pendingBefore = await pendingIds(clients.target, this.#signal);
      await this.#watch.open(this.#pace, ended.signal);
      const steps = {
        'warm up': () => this.#warmUp(sender),
        send: () => this.#send(sender),
        arrive: () => this.#waitForArrivals(),
        settle: () => this.#settle(),
      };
      for (const [phase, step] of Object.entries(steps)) {
        const nothingSent = this.#sending !== undefined && this.#ledger.sentCount + this.#decoysSent.size === 0;
        if (this.#signal.aborted || nothingSent) break;
        this.#phases.begin(phase);
        await step();
        const [unread] = this.#watch.unread.keys();
        if (unread !== undefined && !this.#signal.aborted) this.#phases.fail(`the probe of ${unread} could not read`);
      }
    } catch (error) {
      this.#phases.fail();
      throw error;
    } finally {
      // Ctrl-C does not wait for a last read.
      if (this.#signal.aborted) {
        ended.abort(this.#signal.reason);
        this.#phases.fail('interrupted');
      }
      await this.#watch.close();
      ended.abort();
    }
    this.#tell();
    const report = await concludePass(this.#outcome(), this.#session, this.#phases).catch((error: unknown) => {
      this.#phases.fail();
      throw error;
    });
    await this.#session.options.latencies?.add(this.#check.name, this.#runId, this.#ledger.times());
    for (const former of this.#session.formerPasses) await former.revise();
    this.#session.formerPasses.push(this.#asFormer(report));
    return report;
  }

  /** What later passes know of this one: what they see of its events is judged once more. */
  #asFormer(report: CheckReport): FormerPass {
    const watch = this.#watch;
    return {
      runId: this.#runId,
      see: (hop, sight) => watch.seeLater(hop, sight),
      revise: async () => {
        if (!watch.takeNews() || this.#signal.aborted) return;
        const { durationMs, phases } = report;
        const silent = createPhases(this.#clock, () => {});
        Object.assign(report, await concludePass(this.#outcome(), this.#session, silent), { durationMs, phases });
      },
    };
  }

  /**
   * Sends canaries until one of each key has been seen at every hop: a mapping that starts at LATEST misses what comes before it is ready.
   * When time runs out the events go all the same, so that the verdict can say where and how many are lost.
   */
  async #warmUp(sender: Sender): Promise<void> {
    const { count, payload } = this.#check.send;
    // A key that no event will have needs no open way.
    const keys = Math.min(this.#check.send.keys, count);
    const deadline = this.#clock.now() + this.#warmUpMs;
    for (let round = 0; !this.#ledger.warm(keys) && !this.#signal.aborted; round += 1) {
      if (this.#clock.now() >= deadline) {
        this.#coldHop = this.#ledger.firstColdHop(keys);
        this.#phases.fail(`no warm-up event reached ${this.#coldHop}`);
        // What a canary did not do in all this time, the events will hardly do in more.
        this.#withinMs = Math.min(this.#withinMs, this.#warmUpMs);
        return;
      }
      const cold = Array.from({ length: keys }, (_, key) => key).filter((key) => !this.#ledger.warmFor(key, keys));
      await Promise.all(
        cold.map((key) => this.#sendOne(sender, { kind: 'canary', n: round * keys + key }, payload, keyOf(key, keys))),
      );
      this.#canaries.push(...cold.map((key) => round * keys + key));
      const isWarm = (): boolean => {
        this.#tellWaiting(this.#ledger.firstColdHop(keys));
        return this.#ledger.warm(keys);
      };
      await this.#until(isWarm, Math.min(this.#pace.canaryMs, deadline - this.#clock.now()));
    }
    // Stragglers would share batches with the first events.
    await this.#until(() => this.#ledger.canariesUnderWay(this.#canaries).length === 0, this.#warmUpMs);
  }

  /** Waits until something holds, at most so long, and not after an interruption. */
  async #until(holds: () => boolean, withinMs: number): Promise<void> {
    const deadline = this.#clock.now() + withinMs;
    while (!holds() && this.#clock.now() < deadline && !this.#signal.aborted) await this.#sleep(LOOK_EVERY_MS);
  }

  async #send(sender: Sender): Promise<void> {
    const { count, eventsPerSecond } = this.#check.send;
    const since = this.#clock.now();
    const stopTelling = this.#tellWhile();
    await sendPaced({
      items: this.#plan,
      // Decoys go between the events, which keep their own rate.
      perSecond: (eventsPerSecond * this.#plan.length) / count,
      clock: this.#clock,
      signal: this.#signal,
      sendOne: async ({ marker, payload, key }) => {
        const isEvent = marker.kind === 'event';
        if (isEvent) this.#ledger.sent(marker.n, key, this.#clock.now());
        const taken = await this.#sendOne(sender, marker, payload, key);
        if (taken && !isEvent) this.#decoysSent.add(marker.n);
        if (taken || !isEvent) return;
        this.#ledger.unsend(marker.n);
        this.#failedToSend += 1;
      },
    });
    stopTelling();
    const endedAtMs = this.#clock.now();
    this.#sending = { durationMs: endedAtMs - since, endedAtMs };
    if (this.#failedToSend > 0 && !this.#signal.aborted)
      this.#phases.fail(`${this.#failedToSend} of ${count} not sent`);
  }

  /** @returns false when it was not taken */
  async #sendOne(sender: Sender, marker: Marker, payload: unknown, key: string): Promise<boolean> {
    const values = { marker: writeMarker(this.#runId, marker), n: marker.n, key, now: new Date(this.#clock.now()) };
    const event = { payload: fillTemplate(payload, values), fill: (text: string) => fillText(text, values) };
    try {
      const complaint = await sender.send(event);
      if (complaint !== undefined) this.#complaints.push(complaint);
      return true;
    } catch (error) {
      if (!this.#signal.aborted) this.#sendError ??= this.#why(error as Error);
      return false;
    }
  }

  #why(error: Error): string {
    // What is posted to is not the target.
    const { outside } = senderOf(this.#check.send);
    const known = outside ? undefined : explainSdkError(error, this.#session.options.clients.target);
    return known?.message ?? `${error.name}: ${error.message}`.replace(/^Error: /, '');
  }

  async #waitForArrivals(): Promise<void> {
    const stopTelling = this.#tellWhile();
    const arrived = (): boolean => {
      const missing = missingAt(this.#check, this.#ledger) ?? this.#decoyMissingAt();
      this.#tellWaiting(missing);
      return missing === undefined;
    };
    await this.#until(arrived, this.#withinMs);
    stopTelling();
    const failed = lostTooManyAt(this.#check, this.#ledger) ?? this.#decoyMissingAt();
    if (failed !== undefined && !this.#signal.aborted)
      this.#phases.fail(`not all reached ${failed} within ${formatDuration(this.#withinMs)}`);
  }

  #decoyMissingAt(): string | undefined {
    return decoyMissingAt(this.#check, this.#plan, this.#decoysSent, this.#ledger);
  }

  /** Says what a phase waits for, as often as a person can read it. */
  #tellWaiting(what: string | undefined): void {
    const now = this.#clock.now();
    if (now - this.#toldWaitingAtMs < TELL_EVERY_MS) return;
    this.#toldWaitingAtMs = now;
    this.#phases.waitFor(what);
  }

  async #settle(): Promise<void> {
    const { settleMs } = this.#check.expect;
    this.#settled = await settlePass({
      session: this.#session,
      watch: this.#watch,
      quietMs: settleMs ?? this.#pace.settleMs,
      before: this.#pendingBefore,
      asked: settleMs !== undefined,
      deadlineMs: (this.#sending?.endedAtMs ?? this.#clock.now()) + this.#withinMs,
    });
  }

  /** Ends early, and quietly, when the run is interrupted. */
  #sleep(ms: number): Promise<void> {
    return this.#clock.sleep(ms, this.#signal).catch(() => {});
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
      hops: this.#check.hops.map(({ name, after }, index) => ({ name, after, arrived: arrived[index] ?? 0 })),
    });
  }

  #outcome(): PassOutcome {
    return {
      runId: this.#runId,
      server: this.#server,
      startedAtMs: this.#startedAtMs,
      plan: this.#plan,
      watch: this.#watch,
      canariesSent: this.#canaries.length,
      coldHop: this.#coldHop,
      decoysSent: this.#decoysSent,
      failedToSend: this.#failedToSend,
      sendError: this.#sendError,
      sending: this.#sending,
      settled: this.#settled,
      withinMs: this.#withinMs,
      warmUpMs: this.#warmUpMs,
      complaints: this.#complaints,
    };
  }
}
