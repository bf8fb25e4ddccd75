import { shardIdOf } from '../stream/sequence-number.js';
import { isNetworkError } from '../target/kinesis-call.js';
import type { KinesisWire } from '../target/kinesis-wire.js';
import { type BatchFiller, MAX_WAITING } from './batch-filler.js';
import type { FreshState } from './fresh-records.js';
import type { Meter } from './meter.js';
import { type CallOutcome, type EntryAnswer, readPutAnswer, shardInMessage } from './put-answer.js';
import { type HeldEntry, PutBatch, usersIn } from './put-batch.js';
import { RetryQueue } from './retry-queue.js';

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
  /** When the schedule ends, milliseconds after the start; undefined when a count or the source ends it. */
  scheduleEndMs: number | undefined;
  maxInFlight: number;
  /** How often a record is sent before it is given up. */
  maxAttempts: number;
  meter: Meter;
  /** Milliseconds since the start of the run. */
  elapsedMs(): number;
  /** Told of every record that is given up. */
  onGivenUp(entry: HeldEntry, code: string, message: string): void;
  signal: AbortSignal;
}

/** Errors of a connection that was never made: nothing of the call can have been carried out. */
const NEVER_ARRIVED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNTIMEOUT', // our own: no connection within the time a call may take
]);

/** Why a run ended before its time: an error that no attempt mends. */
export interface Fatal {
  code: string;
  message: string;
}

/**
 * Sends what falls due, with a bounded number of calls in flight, and sends again what was refused, and only that. It never slows the
 * schedule: a record keeps the time it was due, and its latency counts from there.
 */
export class LoadSender {
  fatal: Fatal | undefined;
  readonly #options: SenderOptions;
  readonly #retries = new RetryQueue();
  readonly #idleBatches: PutBatch[] = [];
  /** Ids by their number, so that an answer of 500 makes no strings. */
  readonly #shardIds: string[] = [];
  readonly #resolve: () => void;
  readonly #finished: Promise<void>;
  #inFlight = 0;
  #timer: NodeJS.Timeout | undefined;
  #refilling = false;
  #done = false;
  /** From here on nothing is sent again. */
  #giveUpAtMs = Number.POSITIVE_INFINITY;
  /** From here on no answer is waited for. */
  #closeAtMs = Number.POSITIVE_INFINITY;

  constructor(options: SenderOptions) {
    this.#options = options;
    let finish = (): void => {};
    this.#finished = new Promise((resolve) => {
      finish = resolve;
    });
    this.#resolve = finish;
    options.filler.attach({
      release: (entries) => {
        for (const entry of entries) this.#retries.add(entry, options.elapsedMs());
        queueMicrotask(() => this.#pump());
      },
      giveUp: (entry, code, message) => this.#report(entry, code, message),
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
    clearTimeout(this.#timer);
  }

  #pump(): void {
    if (this.#done) return;
    const { filler, paced, maxInFlight, elapsedMs, scheduleEndMs, wire } = this.#options;
    const now = elapsedMs();
    const horizon = paced ? Math.floor(now / SLOT_MS) * SLOT_MS : now;
    if (scheduleEndMs !== undefined && now > scheduleEndMs + DRAIN_MS) filler.stop();
    if (now > this.#giveUpAtMs) this.#giveUpWaiting('NotSent', 'the run ended before the record was accepted');
    if (now > this.#closeAtMs && this.#inFlight > 0) wire.close(); // calls under way fail, and their records are uncertain
    let state = filler.state;
    let full = false;
    let asked = false;
    while (this.#inFlight < maxInFlight) {
      const batch = this.#idleBatches.pop() ?? new PutBatch(this.#options.stream);
      const resent = this.#addWaiting(batch, now);
      full =
        this.#retries.size + filler.parked >= MAX_WAITING.entries ||
        this.#retries.bytes + filler.parkedBytes > MAX_WAITING.bytes;
      if (!full) {
        state = this.#fill(batch, horizon);
        asked = true;
      }
      if (batch.count === 0) {
        this.#idleBatches.push(batch);
        break;
      }
      if (batch.userRecords > resent) this.#options.meter.sent(batch.userRecords - resent, now);
      void this.#send(batch);
    }
    // Only what the source says now counts: with no room to ask, an old `wait` would refill for ever.
    if (asked && state === 'wait') this.#refill();
    if (state === 'end' && this.#inFlight === 0 && this.#retries.size === 0 && filler.parked === 0) this.#finish();
    else this.#schedule(state === 'later' && !full ? filler.nextDueMs : Number.POSITIVE_INFINITY);
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

  /** Adds what waits and whose time has come. @returns how many of its records an earlier call has carried */
  #addWaiting(batch: PutBatch, now: number): number {
    let resent = 0;
    for (;;) {
      const entry = this.#retries.peek();
      if (!entry || this.#retries.nextAtMs > now || !batch.fits(entry.bytes)) break;
      this.#retries.take();
      if (entry.attempts > 0) resent += usersIn(entry.due);
      batch.addHeld(entry);
    }
    this.#options.meter.counts.resent += resent;
    return resent;
  }

  #schedule(nextDueMs: number): void {
    clearTimeout(this.#timer);
    const now = this.#options.elapsedMs();
    let at = Number.POSITIVE_INFINITY;
    if (now <= this.#giveUpAtMs) at = this.#giveUpAtMs + 1;
    else if (now <= this.#closeAtMs) at = this.#closeAtMs + 1;
    // With no room for another call an answer comes first.
    if (this.#inFlight < this.#options.maxInFlight)
      at = Math.min(at, Math.ceil(nextDueMs / SLOT_MS) * SLOT_MS, this.#retries.nextAtMs);
    if (!Number.isFinite(at)) return;
    const delay = Math.max(0, at - now);
    this.#timer = setTimeout(() => this.#pump(), Math.min(Math.ceil(delay), 2 ** 30));
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
    const startMs = elapsedMs();
    let outcome: CallOutcome;
    try {
      const answer = await wire.call('PutRecords', batch.finish());
      outcome = readPutAnswer(answer, batch.count);
    } catch (error) {
      const code = (error as { code?: string }).code ?? (error as Error).name;
      if (!NEVER_ARRIVED.has(code)) meter.counts.uncertain += batch.userRecords;
      outcome = { kind: 'refused', code, message: (error as Error).message, retryable: isNetworkError(error) };
    }
    const now = elapsedMs();
    meter.service.record(now - startMs);
    if (outcome.kind === 'taken') this.#settleAll(batch, outcome.shardIndexes, now);
    else if (outcome.kind === 'mixed') this.#settle(batch, outcome.entries, now);
    else this.#refused(batch, outcome, now);
    batch.clear();
    this.#idleBatches.push(batch);
    this.#inFlight -= 1;
    this.#pump();
  }

  #settleAll(batch: PutBatch, shardIndexes: Int32Array, now: number): void {
    for (let index = 0; index < shardIndexes.length; index++) {
      const shardIndex = shardIndexes[index] ?? 0;
      this.#acknowledge(batch, index, (this.#shardIds[shardIndex] ??= shardIdOf(shardIndex)), now);
    }
    this.#options.meter.lastAcknowledgedMs = now;
  }

  #settle(batch: PutBatch, entries: readonly EntryAnswer[], now: number): void {
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index] ?? {};
      if (entry.ErrorCode == null) this.#acknowledge(batch, index, entry.ShardId ?? '', now);
      else this.#retry(batch, index, entry.ErrorCode, entry.ErrorMessage ?? '', now, true);
    }
    this.#options.meter.lastAcknowledgedMs = now;
  }

  #acknowledge(batch: PutBatch, index: number, shardId: string, now: number): void {
    const { meter, filler } = this.#options;
    const due = batch.due[index] ?? 0;
    meter.counts.kinesisRecords += 1;
    if (typeof due !== 'number' && due.shardId !== shardId && shardId !== '') {
      filler.strayed(batch.hold(index), shardId, now);
      return;
    }
    meter.acknowledged(typeof due === 'number' ? due : due.due, batch.sizes[index] ?? 0, shardId, now);
    const released = filler.settled(batch.keys[index] ?? '', due);
    if (released) this.#retries.add(released, now);
  }

  #refused(batch: PutBatch, outcome: Extract<CallOutcome, { kind: 'refused' }>, now: number): void {
    this.#options.meter.counts.failedCalls += 1;
    for (let index = 0; index < batch.count; index++)
      this.#retry(batch, index, outcome.code, outcome.message, now, outcome.retryable);
    if (outcome.retryable) return;
    // What refuses one call for good refuses the next one too: end here, and say why.
    this.fatal ??= { code: outcome.code, message: outcome.message };
    this.#stop(0);
  }

  #retry(batch: PutBatch, index: number, code: string, message: string, now: number, retryable: boolean): void {
    const { meter, maxAttempts } = this.#options;
    const users = usersIn(batch.due[index] ?? 0);
    if (code === 'ProvisionedThroughputExceededException') {
      meter.counts.throttled += users;
      const shardId = shardInMessage(message);
      if (shardId !== undefined) meter.shard(shardId).throttled += users;
    }
    const entry = batch.hold(index);
    if (retryable && entry.attempts < maxAttempts && this.fatal === undefined)
      this.#retries.addAfterFailure(entry, now);
    else this.#giveUp(entry, code, message);
  }

  #giveUp(entry: HeldEntry, code: string, message: string): void {
    const { filler, elapsedMs } = this.#options;
    this.#report(entry, code, message);
    const released = filler.settled(entry.partitionKey, entry.due);
    if (released) this.#retries.add(released, elapsedMs());
  }

  #report(entry: HeldEntry, code: string, message: string): void {
    const { meter, onGivenUp } = this.#options;
    meter.failed(code, usersIn(entry.due));
    onGivenUp(entry, code, message);
  }

  #giveUpWaiting(code: string, message: string): void {
    const { filler, meter } = this.#options;
    for (const entry of filler.abandon()) {
      meter.counts.uncertain += usersIn(entry.due); // they arrived somewhere, which need not be where consumers take them
      this.#giveUp(entry, code, message);
    }
    while (this.#retries.size > 0) for (const entry of this.#retries.drain()) this.#giveUp(entry, code, message);
  }

  /** Takes no fresh records any more; what is under way has `drainMs` to get through. */
  #stop(drainMs: number): void {
    const { filler, elapsedMs } = this.#options;
    filler.stop();
    const now = elapsedMs();
    this.#giveUpAtMs = Math.min(this.#giveUpAtMs, now + drainMs);
    this.#closeAtMs = Math.min(this.#closeAtMs, now + DRAIN_MS);
    if (drainMs === 0)
      this.#giveUpWaiting(this.fatal?.code ?? 'NotSent', this.fatal?.message ?? 'the run ended before it');
    else queueMicrotask(() => this.#pump());
  }

  #finish(): void {
    this.#done = true;
    this.#resolve();
  }
}
