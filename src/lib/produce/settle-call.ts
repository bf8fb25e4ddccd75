import { shardIdOf } from '../stream/sequence-number.js';
import type { BatchFiller } from './batch-filler.js';
import type { Meter } from './meter.js';
import { type EntryAnswer, shardInMessage } from './put-answer.js';
import { type HeldEntry, type PutBatch, usersIn } from './put-batch.js';
import type { WaitingEntries } from './waiting-entries.js';

/** What a shard's limit refuses. */
const THROTTLED = 'ProvisionedThroughputExceededException';
const isThrottled = (code: string | null | undefined): boolean => code === THROTTLED;

export interface SettlerOptions {
  filler: BatchFiller;
  waiting: WaitingEntries;
  meter: Meter;
  /** How often a record is sent before it is given up. */
  maxAttempts: number;
  /** Told of every record that is given up. */
  onGivenUp(entry: HeldEntry, code: string, message: string): void;
  /** Told of the shard that took a record. */
  onShard(shardId: string): void;
}

/** Why records were not taken. */
export interface Refusal {
  code: string;
  message: string;
  retryable: boolean;
  /** It does not count against the records. */
  excused?: boolean;
}

/** What becomes of the entries of a call once it is answered: acknowledged, to be sent again, or given up. */
export class CallSettler {
  /** Nothing is sent again from now on. */
  final = false;
  readonly #options: SettlerOptions;
  /** Ids by their number, so that an answer of 500 makes no strings. */
  readonly #shardIds: string[] = [];

  constructor(options: SettlerOptions) {
    this.#options = options;
  }

  /** All entries were taken. */
  settleAll(batch: PutBatch, shardIndexes: Int32Array, sentMs: number, now: number): void {
    const { meter, waiting } = this.#options;
    if (waiting.pacing) waiting.paced?.learn(batch, () => false, sentMs, now);
    for (let index = 0; index < shardIndexes.length; index++) {
      const shardIndex = shardIndexes[index] ?? 0;
      this.#acknowledge(batch, index, (this.#shardIds[shardIndex] ??= shardIdOf(shardIndex)), now);
    }
    meter.lastAcknowledgedMs = now;
  }

  /** Each entry has an answer of its own. */
  settle(batch: PutBatch, entries: readonly EntryAnswer[], sentMs: number, now: number): void {
    const { meter, waiting } = this.#options;
    if (waiting.paced && (waiting.pacing || entries.some(({ ErrorCode }) => isThrottled(ErrorCode)))) {
      waiting.pacing = true;
      waiting.paced.learn(batch, (index) => isThrottled(entries[index]?.ErrorCode), sentMs, now);
    }
    for (let index = 0; index < entries.length; index++) {
      const { ErrorCode, ErrorMessage = '', ShardId = '' } = entries[index] ?? {};
      if (ErrorCode == null) this.#acknowledge(batch, index, ShardId, now);
      else this.#retry(batch, index, { code: ErrorCode, message: ErrorMessage, retryable: true }, now);
    }
    meter.lastAcknowledgedMs = now;
  }

  /** No entry was taken. */
  refuseAll(batch: PutBatch, refusal: Refusal, sentMs: number, now: number): void {
    const { waiting } = this.#options;
    if (waiting.paced && isThrottled(refusal.code)) {
      waiting.pacing = true;
      waiting.paced.learn(batch, () => true, sentMs, now);
    }
    for (let index = 0; index < batch.count; index++) this.#retry(batch, index, refusal, now);
  }

  giveUp(entry: HeldEntry, code: string, message: string, now: number): void {
    const { filler, waiting } = this.#options;
    this.report(entry, code, message);
    const released = filler.settled(entry.partitionKey, entry.due);
    if (released) waiting.add(released, now);
  }

  report(entry: HeldEntry, code: string, message: string): void {
    const { meter, onGivenUp } = this.#options;
    meter.failed(code, usersIn(entry.due));
    onGivenUp(entry, code, message);
  }

  /** Gives up everything that waits, and what waits behind it for its turn. */
  giveUpWaiting(code: string, message: string, now: number): void {
    const { filler, meter, waiting } = this.#options;
    for (const entry of filler.abandon()) {
      meter.counts.uncertain += usersIn(entry.due); // they arrived somewhere, which need not be where consumers take them
      this.giveUp(entry, code, message, now);
    }
    while (waiting.size > 0) for (const entry of waiting.drain()) this.giveUp(entry, code, message, now);
  }

  #acknowledge(batch: PutBatch, index: number, shardId: string, now: number): void {
    const { meter, filler, waiting, onShard } = this.#options;
    const due = batch.due[index] ?? 0;
    meter.counts.kinesisRecords += 1;
    if (waiting.pacing) onShard(shardId);
    if (typeof due !== 'number' && due.shardId !== shardId && shardId !== '') {
      filler.strayed(batch.hold(index), shardId, now);
      return;
    }
    meter.acknowledged(typeof due === 'number' ? due : due.due, batch.sizes[index] ?? 0, shardId, now);
    const released = filler.settled(batch.keys[index] ?? '', due);
    if (released) waiting.add(released, now);
  }

  #retry(batch: PutBatch, index: number, refusal: Refusal, now: number): void {
    const { meter, maxAttempts, waiting } = this.#options;
    const { code, message, retryable } = refusal;
    const users = usersIn(batch.due[index] ?? 0);
    const throttled = isThrottled(code);
    if (throttled) {
      meter.counts.throttled += users;
      const shardId = shardInMessage(message);
      if (shardId !== undefined) meter.shard(shardId).throttled += users;
    }
    const entry = batch.hold(index);
    const paced = throttled && waiting.paced !== undefined;
    if (paced || refusal.excused) entry.excused = (entry.excused ?? 0) + 1;
    if (!retryable || this.final || entry.attempts - (entry.excused ?? 0) >= maxAttempts)
      this.giveUp(entry, code, message, now);
    else if (paced) waiting.addRefused(entry);
    else if (refusal.excused) waiting.add(entry, now);
    else waiting.addAfterFailure(entry, now);
  }
}
