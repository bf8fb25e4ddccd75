import type { Clock } from '../shared/clock.js';
import { SYNC_PAYLOAD_BYTES } from '../shared/payload-limit.js';
import type { BatchRecord, BatchSettings, Delivery, Discarded } from './batch.js';
import { TumblingWindow, type WindowTurn } from './tumbling-window.js';

/** Between tries of a failing batch; ours, AWS does not say. */
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 10_000;
/** Of the 6 MB that an invocation takes, some is kept for the envelope. */
const EVENT_BYTES = 6_000_000;

/** What a lane needs of the one that batches: a mapping, or a consumer. */
export interface LaneHost<R extends BatchRecord> {
  clock: Clock;
  settings(): BatchSettings;
  paused(): boolean;
  signal: AbortSignal;
  shardId: string;
  sizeOf(record: R): number;
  deliver(records: readonly R[], turn?: WindowTurn): Promise<Delivery>;
  /** Gives a batch up. */
  discard(discarded: Discarded<R>): Promise<void>;
  /** Tells how processing goes, in AWS's words. */
  processed(result: string): void;
  /** Something went wrong that no function is to blame for. */
  trouble(error: unknown): void;
  /** Something left the lane: there may be room for more, or nothing left at all. */
  moved(): void;
}

interface Batch<R extends BatchRecord> {
  records: readonly R[];
  tries: number;
  last?: Delivery;
  /** The tumbling window it belongs to, and whether it is the end of it; such a one has no records. */
  turn?: WindowTurn;
}

/** One sequence of batches: what is in it reaches the function in order, one invocation at a time. */
export class Lane<R extends BatchRecord> {
  readonly #host: LaneHost<R>;
  #queue: R[] = [];
  /** Batches on their way, the next one last: a failed batch comes again, in halves perhaps, before anything else. */
  #batches: Batch<R>[] = [];
  #working = false;
  #wait: { over: boolean; cancel(): void } | undefined;
  #window: TumblingWindow | undefined;
  #cancelWindowEnd: () => void = () => {};
  /** No more records will come: what is here goes without waiting for a full batch. */
  #ended = false;

  constructor(host: LaneHost<R>) {
    this.#host = host;
  }

  /** Records that are here and not done. */
  get size(): number {
    return this.#queue.length + this.#batches.reduce((sum, { records }) => sum + records.length, 0);
  }

  get working(): boolean {
    return this.#working;
  }

  /** Whether nothing is to be done: no record is here, and no tumbling window waits for its end. */
  get idle(): boolean {
    return this.size === 0 && !this.#working && this.#window === undefined;
  }

  push(record: R): void {
    this.#queue.push(record);
  }

  /** Takes out what has not been tried yet. */
  takeQueue(): R[] {
    const queue = this.#queue;
    this.#queue = [];
    this.#stopWaiting();
    return queue;
  }

  end(): void {
    this.#ended = true;
    this.work();
  }

  /** Goes on, if there is something to do and nobody does it. */
  work(): void {
    if (!this.#working) void this.#run();
  }

  async #run(): Promise<void> {
    this.#working = true;
    const { signal } = this.#host;
    while (!this.#host.paused() && !signal.aborted) {
      const batch = this.#batches.pop() ?? this.#nextBatch();
      if (!batch) break;
      try {
        await this.#try(batch);
      } catch (error) {
        if (signal.aborted) break; // whoever batches ends
        this.#host.trouble(error);
        this.#batches.push(batch);
        await this.#host.clock.sleep(LONGEST_RETRY_MS, signal).catch(() => {});
      }
      this.#host.moved();
    }
    this.#working = false;
    this.#host.moved();
  }

  /** A batch, when one is due: enough records or bytes, or the batching window is over; or the end of a tumbling window. */
  #nextBatch(): Batch<R> | undefined {
    const { batchSize, windowSeconds, tumblingSeconds } = this.#host.settings();
    const window = this.#windowNow(tumblingSeconds);
    if (window && this.#isOver(window)) return { records: [], tries: 0, turn: this.#turn(window, true) };
    if (this.#queue.length === 0) return undefined;
    let count = 0;
    let bytes = window?.stateBytes ?? 0;
    let cut = false;
    for (const record of this.#queue) {
      bytes += this.#host.sizeOf(record);
      cut = bytes > EVENT_BYTES || window?.holds(record) === false;
      if (cut && count > 0) break;
      count += 1;
      if (count === batchSize) break;
    }
    const full = cut || count === batchSize || this.#ended;
    if (!full && windowSeconds > 0 && !this.#windowIsOver(windowSeconds * 1000)) return undefined;
    this.#stopWaiting();
    const records = this.#queue.splice(0, count);
    return { records, tries: 0, ...(window && { turn: this.#turn(window, false) }) };
  }

  /** The open window; one is opened by the first record that finds none. */
  #windowNow(seconds: number): TumblingWindow | undefined {
    const first = this.#queue[0];
    if (seconds === 0) this.#window = undefined;
    else if (first) this.#window ??= new TumblingWindow(first.arrivedMs, seconds);
    return this.#window;
  }

  /** Whether all of a window is done: a later record is here, the shard or the time is at its end, or its state grew too large. */
  #isOver(window: TumblingWindow): boolean {
    const first = this.#queue[0];
    if (window.outgrown) return true;
    if (first) return !window.holds(first);
    const leftMs = window.overAtMs - this.#host.clock.now();
    this.#cancelWindowEnd();
    if (leftMs <= 0 || this.#ended) return true;
    this.#cancelWindowEnd = this.#host.clock.after(leftMs, () => this.work());
    return false;
  }

  #turn(window: TumblingWindow, isFinal: boolean): WindowTurn {
    return { window, shardId: this.#host.shardId, isFinal };
  }

  #windowIsOver(windowMs: number): boolean {
    if (!this.#wait) {
      // The timer itself says when it is over: it may fire a moment before the clock reads as much.
      const wait = { over: false, cancel: () => {} };
      wait.cancel = this.#host.clock.after(windowMs, () => {
        wait.over = true;
        this.work();
      });
      this.#wait = wait;
    }
    return this.#wait.over;
  }

  #stopWaiting(): void {
    this.#wait?.cancel();
    this.#wait = undefined;
  }

  async #try(batch: Batch<R>): Promise<void> {
    const settings = this.#host.settings();
    const records = await this.#dropOld(batch, settings);
    if (records.length === 0 && !batch.turn?.isFinal) return;
    if (this.#isTooLarge(records))
      return this.#host.discard({ records, reason: 'RecordTooLarge', tries: 0, last: undefined });
    const delivery = await this.#host.deliver(records, batch.turn);
    if (this.#host.signal.aborted) return; // whatever came of it, nobody is left to act on it
    if (delivery.kind !== 'not-called' && delivery.state !== undefined) batch.turn?.window.keep(delivery.state);
    if (delivery.kind === 'ok') {
      if (batch.turn?.isFinal) this.#window = undefined;
      this.#host.processed('OK');
      return;
    }
    if (delivery.kind === 'not-called') {
      this.#host.processed(delivery.why);
      this.#batches.push({ ...batch, records });
      await this.#backOff(batch.tries);
      return;
    }
    this.#host.processed('PROBLEM: Function call failed');
    await this.#failed({ ...batch, records, last: delivery }, delivery.from, settings);
  }

  /** A record of a stream that takes up to 10 MiB: no function can be invoked with it, so it goes to the destination without a try. */
  #isTooLarge([only, ...others]: readonly R[]): boolean {
    return only !== undefined && others.length === 0 && this.#host.sizeOf(only) > SYNC_PAYLOAD_BYTES;
  }

  async #failed(batch: Batch<R>, from: number, settings: BatchSettings): Promise<void> {
    const { records, last } = batch;
    if (from > 0) {
      // The records before the reported one are done; the count of tries belongs to the first record left.
      const rest = records.slice(from);
      if (settings.maximumRetryAttempts === 0 && !settings.bisect) {
        return this.#host.discard({ records: rest, reason: 'RetryAttemptsExhausted', tries: 1, last });
      }
      this.#batches.push({ ...batch, records: rest, tries: 1 });
      return this.#backOff(0);
    }
    if (settings.bisect && records.length > 1) {
      // Splitting does not use up tries.
      const middle = Math.ceil(records.length / 2);
      this.#batches.push({ ...batch, records: records.slice(middle) });
      this.#batches.push({ ...batch, records: records.slice(0, middle) });
      return this.#backOff(0);
    }
    const tries = batch.tries + 1;
    if (settings.maximumRetryAttempts >= 0 && tries > settings.maximumRetryAttempts) {
      if (batch.turn?.isFinal) this.#window = undefined;
      return this.#host.discard({ records, reason: 'RetryAttemptsExhausted', tries, last });
    }
    this.#batches.push({ ...batch, tries });
    return this.#backOff(batch.tries);
  }

  async #dropOld(batch: Batch<R>, { maximumRecordAgeSeconds: age }: BatchSettings): Promise<readonly R[]> {
    if (age < 0) return batch.records;
    const oldest = this.#host.clock.now() - age * 1000;
    const old = batch.records.filter(({ arrivedMs }) => arrivedMs < oldest);
    if (old.length === 0) return batch.records;
    await this.#host.discard({ records: old, reason: 'RecordAgeExceeded', tries: batch.tries, last: batch.last });
    return batch.records.filter(({ arrivedMs }) => arrivedMs >= oldest);
  }

  #backOff(tries: number): Promise<void> {
    return this.#host.clock.sleep(Math.min(FIRST_RETRY_MS * 2 ** tries, LONGEST_RETRY_MS), this.#host.signal);
  }
}
