import type { Clock } from '../shared/clock.js';
import type { KinesisWire } from '../target/kinesis-wire.js';
import type { BatchFiller } from './batch-filler.js';
import { CallWindow } from './call-window.js';
import { type Fatal, NO_ANSWER } from './fatal.js';
import type { FreshState } from './fresh-records.js';
import type { Meter } from './meter.js';
import type { PacedShards } from './paced-shards.js';
import { type CallOutcome, failedCall, readPutAnswer } from './put-answer.js';
import { type HeldEntry, PutBatch } from './put-batch.js';
import { CallSettler, type Refusal } from './settle-call.js';
import { WaitingEntries } from './waiting-entries.js';

/** Records fall due in slots this long, so that each 100 ms is even and a call carries more than one record. */
const SLOT_MS = 4;
/** How long the rest may take after Ctrl-C, and after the end of a schedule that the target did not keep up with. */
const DRAIN_MS = 5000;
export interface SenderOptions {
  wire: KinesisWire;
  /** Name or ARN. */
  stream: string;
  filler: BatchFiller;
  /** False where no pace is set: then completions drive the sending, not the clock. */
  paced: boolean;
  /** The pace of each shard, where a run has none of its own: what a shard refuses slows it and uses up no attempt. */
  shards?: PacedShards | undefined;
  /** When the schedule ends, milliseconds after the start; undefined when a count or the source ends it. */
  scheduleEndMs: number | undefined;
  maxInFlight: number;
  /** How often a record is sent before it is given up. */
  maxAttempts: number;
  meter: Meter;
  clock: Clock;
  /** Milliseconds since the start of the run. */
  elapsedMs(): number;
  /** Who is sent to, for messages: `http://127.0.0.1:4566`. */
  who: string;
  /** Told of every record that is given up. */
  onGivenUp(entry: HeldEntry, code: string, message: string): void;
  /** Told in a sentence that the endpoint does not answer, and that it answers again. */
  onWarning(text: string): void;
  /** Told of a shard that took records while they wait for their shards. */
  onShard?(shardId: string): void;
  signal: AbortSignal;
}

/**
 * Sends what falls due, with a bounded number of calls in flight, and sends again what was refused, and only that. It never slows a
 * schedule: a record keeps the time it was due, and its latency counts from there. Without a schedule each shard sets its own pace.
 */
export class LoadSender {
  fatal: Fatal | undefined;
  readonly #options: SenderOptions;
  readonly #waiting: WaitingEntries;
  readonly #settler: CallSettler;
  readonly #window: CallWindow;
  readonly #idleBatches: PutBatch[] = [];
  readonly #resolve: () => void;
  readonly #finished: Promise<void>;
  #inFlight = 0;
  #cancelTimer = (): void => {};
  #refilling = false;
  #done = false;
  /** From here on nothing is sent again. */
  #giveUpAtMs = Number.POSITIVE_INFINITY;
  /** From here on no answer is waited for. */
  #closeAtMs = Number.POSITIVE_INFINITY;

  constructor(options: SenderOptions) {
    this.#options = options;
    const { clock, who, filler, meter, maxAttempts, onGivenUp, onWarning, onShard = () => {} } = options;
    this.#waiting = new WaitingEntries(options.stream, options.paced ? undefined : options.shards);
    this.#settler = new CallSettler({ filler, waiting: this.#waiting, meter, maxAttempts, onGivenUp, onShard });
    this.#window = new CallWindow({ most: options.maxInFlight, startsSlow: !options.paced, clock, who, onWarning });
    let finish = (): void => {};
    this.#finished = new Promise((resolve) => {
      finish = resolve;
    });
    this.#resolve = finish;
    filler.attach({
      release: (entries) => {
        for (const entry of entries) this.#waiting.add(entry, options.elapsedMs());
        queueMicrotask(() => this.#pump());
      },
      giveUp: (entry, code, message) => this.#settler.report(entry, code, message),
    });
  }

  /** Resolves when everything is acknowledged or given up. */
  async run(): Promise<void> {
    const { signal } = this.#options;
    const onAbort = (): void => this.#stop(DRAIN_MS);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    this.#pump();
    await this.#finished;
    signal.removeEventListener('abort', onAbort);
    this.#cancelTimer();
  }

  #pump(): void {
    if (this.#done) return;
    const { filler, paced, elapsedMs, scheduleEndMs, wire, meter } = this.#options;
    const waiting = this.#waiting;
    const now = elapsedMs();
    const horizon = paced ? Math.floor(now / SLOT_MS) * SLOT_MS : now;
    if (scheduleEndMs !== undefined && now > scheduleEndMs + DRAIN_MS) filler.stop();
    if (now > this.#giveUpAtMs)
      this.#settler.giveUpWaiting('NotSent', 'the run ended before the record was accepted', now);
    if (now > this.#closeAtMs && this.#inFlight > 0) wire.close(); // calls under way fail, and their records are uncertain
    let state = filler.state;
    let full = false;
    let asked = false;
    while (this.#inFlight < this.#window.roomAt(now)) {
      const batch = this.#idleBatches.pop() ?? new PutBatch(this.#options.stream);
      let resent = waiting.fill(batch, now);
      full = waiting.isFull(filler);
      if (!full) {
        const fresh = waiting.fillFresh(batch, now, filler, (into) => this.#fill(into, horizon));
        resent += fresh.resent;
        asked ||= fresh.state !== undefined;
        state = fresh.state ?? state;
      }
      if (batch.count === 0) {
        this.#idleBatches.push(batch);
        break;
      }
      meter.counts.resent += resent;
      if (batch.userRecords > resent) meter.sent(batch.userRecords - resent, now);
      void this.#send(batch);
    }
    // Only what the source says now counts: with no room to ask, an old `wait` would refill for ever.
    if (asked && state === 'wait') this.#refill();
    if (state === 'end' && this.#inFlight === 0 && waiting.size === 0 && filler.parked === 0) this.#finish();
    else {
      const hasMore = !full && (state === 'ready' || (state === 'wait' && !asked));
      this.#schedule(now, state === 'later' && !full ? filler.nextDueMs : Number.POSITIVE_INFINITY, hasMore);
    }
  }

  #fill(batch: PutBatch, horizonMs: number): FreshState {
    try {
      return this.#options.filler.fill(batch, horizonMs);
    } catch (error) {
      this.fatal ??= { code: 'InputError', message: (error as Error).message };
      this.#options.filler.stop();
      return 'end';
    }
  }

  /** @param hasMore whether the source may have records, and was not asked because no shard took any */
  #schedule(now: number, nextDueMs: number, hasMore: boolean): void {
    this.#cancelTimer();
    const { clock } = this.#options;
    let at = Number.POSITIVE_INFINITY;
    if (now <= this.#giveUpAtMs) at = this.#giveUpAtMs + 1;
    else if (now <= this.#closeAtMs) at = this.#closeAtMs + 1;
    const opensAt = this.#window.opensAtMs(now);
    if (opensAt !== undefined) at = Math.min(at, opensAt);
    // With no room for another call an answer comes first.
    else if (this.#inFlight < this.#window.roomAt(now))
      at = Math.min(at, Math.ceil(nextDueMs / SLOT_MS) * SLOT_MS, this.#waiting.nextAtMs(hasMore));
    if (!Number.isFinite(at)) return;
    const delay = Math.max(0, at - now);
    this.#cancelTimer = clock.after(Math.min(Math.ceil(delay), 2 ** 30), () => this.#pump());
  }

  #refill(): void {
    if (this.#refilling) return;
    this.#refilling = true;
    const again = (): void => {
      this.#refilling = false;
      this.#pump();
    };
    this.#options.filler.refill().then(again, (error: unknown) => {
      this.fatal ??= { code: 'InputError', message: error instanceof Error ? error.message : String(error) };
      this.#options.filler.stop();
      again();
    });
  }

  async #send(batch: PutBatch): Promise<void> {
    const { wire, meter, elapsedMs } = this.#options;
    this.#inFlight += 1;
    meter.counts.calls += 1;
    const sentMs = elapsedMs();
    let outcome: CallOutcome;
    try {
      const answer = await wire.call('PutRecords', batch.finish());
      outcome = readPutAnswer(answer, batch.count);
    } catch (error) {
      const failed = failedCall(error);
      if (failed.mayHaveArrived) meter.counts.uncertain += batch.userRecords;
      outcome = failed.outcome;
    }
    const now = elapsedMs();
    meter.service.record(now - sentMs);
    if (outcome.kind === 'refused') this.#refused(batch, outcome, sentMs, now);
    else {
      this.#window.answered(now);
      if (outcome.kind === 'taken') this.#settler.settleAll(batch, outcome.shardIndexes, sentMs, now);
      else this.#settler.settle(batch, outcome.entries, sentMs, now);
    }
    batch.clear();
    this.#idleBatches.push(batch);
    this.#inFlight -= 1;
    this.#pump();
  }

  #refused(batch: PutBatch, outcome: Extract<CallOutcome, { kind: 'refused' }>, sentMs: number, now: number): void {
    this.#options.meter.counts.failedCalls += 1;
    let refusal: Refusal = outcome;
    if (!outcome.failed) this.#window.answered(now);
    else if (outcome.retryable) {
      try {
        const silent = this.#window.failed(outcome, sentMs, now);
        refusal = { ...outcome, excused: silent && outcome.failed === 'no-answer' };
      } catch (error) {
        refusal = { code: NO_ANSWER, message: (error as Error).message, retryable: false };
      }
    }
    this.#settler.refuseAll(batch, refusal, sentMs, now);
    if (refusal.retryable) return;
    // What refuses one call for good refuses the next one too: end here, and say why.
    this.fatal ??= { code: refusal.code, message: refusal.message };
    this.#stop(0);
  }

  /** Takes no fresh records any more; what is under way has `drainMs` to get through. */
  #stop(drainMs: number): void {
    const { filler, elapsedMs } = this.#options;
    filler.stop();
    const now = elapsedMs();
    this.#giveUpAtMs = Math.min(this.#giveUpAtMs, now + drainMs);
    this.#closeAtMs = Math.min(this.#closeAtMs, now + DRAIN_MS);
    if (drainMs === 0) {
      this.#settler.final = true;
      const { code, message } = this.fatal ?? { code: 'NotSent', message: 'the run ended before it' };
      this.#settler.giveUpWaiting(code, message, now);
    } else queueMicrotask(() => this.#pump());
  }

  #finish(): void {
    this.#done = true;
    this.#resolve();
  }
}
