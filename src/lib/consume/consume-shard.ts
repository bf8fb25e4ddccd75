import { randomUUID } from 'node:crypto';
import type { BatchSettings, Delivery, Discarded } from '../batching/batch.js';
import { eventBytes, type KinesisRecord, toEvent } from '../batching/kinesis-event.js';
import { Lanes } from '../batching/lanes.js';
import { readAnswer } from '../batching/read-answer.js';
import type { WindowTurn } from '../batching/tumbling-window.js';
import type { Clock } from '../shared/clock.js';
import type { ConsumeMeter } from './consume-meter.js';
import { type Invoker, NotCalled } from './invoker.js';
import { ShardProgress } from './shard-progress.js';

/** What the shards of one run share. */
export interface ConsumerHost {
  clock: Clock;
  settings: BatchSettings;
  /** ARN and region of the stream. */
  eventSourceArn: string;
  region: string;
  invoker: Invoker;
  meter: ConsumeMeter;
  accepts(record: KinesisRecord): boolean;
  /** Takes each event before the handler gets it. */
  keep?: ((event: Buffer) => void) | undefined;
  /** Told of records that the handler has processed. */
  onProcessed?: ((records: readonly KinesisRecord[]) => void) | undefined;
  /** Takes a batch that is given up. */
  giveUp(discarded: Discarded<KinesisRecord>): Promise<void>;
  onWarning(text: string): void;
  /** A record was taken, or something is done. */
  onActivity(): void;
  /** Aborts when no batch is to begin any more; one that is with the handler ends. */
  signal: AbortSignal;
}

/** Batches the records of one shard, hands them to the handler, and tells how far the shard is processed. */
export class ShardConsumer {
  readonly #host: ConsumerHost;
  readonly #shardId: string;
  readonly #lanes: Lanes<KinesisRecord>;
  readonly #progress: ShardProgress;
  /** Records whose tumbling window is open: they are done when it ends. */
  #inWindow: string[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(host: ConsumerHost, shardId: string, onProgress: (sequenceNumber: string) => void) {
    this.#host = host;
    this.#shardId = shardId;
    this.#progress = new ShardProgress(onProgress);
    const { clock, settings, eventSourceArn, region, invoker, signal } = host;
    const address = { eventSourceArn, region, roleArn: invoker.roleArn };
    this.#lanes = new Lanes<KinesisRecord>({
      clock,
      settings: () => settings,
      paused: () => false,
      signal,
      shardId,
      sizeOf: (record) => eventBytes(record, address),
      deliver: (records, turn) => this.#deliver(records, turn),
      discard: (discarded) => this.#discard(discarded),
      processed: () => {},
      trouble: (error) => host.onWarning(error instanceof Error ? error.message : String(error)),
      moved: () => this.#moved(),
    });
    signal.addEventListener('abort', () => this.#moved(), { once: true });
  }

  /** Takes records; resolves when there is room for more. */
  async take(records: readonly KinesisRecord[]): Promise<void> {
    const { meter, accepts, signal, onActivity } = this.#host;
    meter.shard(this.#shardId).records += records.length;
    meter.read += records.length;
    const filtered: string[] = [];
    for (const record of records) {
      this.#progress.take(record.sequenceNumber);
      if (accepts(record)) this.#lanes.push(record);
      else filtered.push(record.sequenceNumber);
    }
    meter.filtered += filtered.length;
    this.#progress.finish(filtered);
    if (records.length > 0) onActivity();
    this.#lanes.work();
    await this.#until(() => this.#lanes.hasRoom || signal.aborted);
  }

  /** No more records come: resolves when the handler is done with all of them, or the run stops. */
  async drain(): Promise<void> {
    this.#lanes.end();
    await this.#until(() => this.#lanes.idle || (this.#host.signal.aborted && this.#lanes.resting));
  }

  /** Whether nothing is with the handler, or waits for it. */
  get idle(): boolean {
    return this.#lanes.idle;
  }

  async #deliver(records: readonly KinesisRecord[], turn?: WindowTurn): Promise<Delivery> {
    const { clock, settings, eventSourceArn, region, invoker, meter, keep } = this.#host;
    const requestId = randomUUID();
    const part = turn?.window.part(this.#shardId, eventSourceArn, turn.isFinal);
    const event = toEvent(records, { eventSourceArn, region, roleArn: invoker.roleArn }, part);
    keep?.(event);
    meter.began(records, clock.now());
    const startedAt = performance.now();
    let delivery: Delivery;
    try {
      const answer = await invoker.invoke(event, requestId);
      delivery = readAnswer(answer, records, settings.reportsItemFailures, turn);
    } catch (error) {
      if (!(error instanceof NotCalled)) throw error;
      return { kind: 'not-called', why: error.message };
    }
    const failed = delivery.kind === 'failed';
    const done = delivery.kind === 'failed' ? records.slice(0, delivery.from) : records;
    meter.ended(failed, done.length, performance.now() - startedAt, clock.now());
    this.#host.onProcessed?.(done);
    this.#finish(done, turn, !failed);
    return delivery;
  }

  #finish(done: readonly KinesisRecord[], turn: WindowTurn | undefined, succeeded: boolean): void {
    const numbers = done.map(({ sequenceNumber }) => sequenceNumber);
    if (turn) this.#inWindow.push(...numbers);
    // The state of a window is in this process: before its end, a checkpoint must bring its records back.
    if (!turn) this.#progress.finish(numbers);
    else if (turn.isFinal && succeeded) this.#closeWindow();
    this.#host.onActivity();
  }

  #closeWindow(): void {
    this.#progress.finish(this.#inWindow);
    this.#inWindow = [];
  }

  async #discard(discarded: Discarded<KinesisRecord>): Promise<void> {
    const { meter, giveUp, onActivity } = this.#host;
    await giveUp(discarded);
    meter.givenUpBatches += 1;
    meter.givenUpRecords += discarded.records.length;
    this.#progress.finish(discarded.records.map(({ sequenceNumber }) => sequenceNumber));
    if (discarded.records.length === 0) this.#closeWindow(); // the end of a window was given up
    onActivity();
  }

  #moved(): void {
    for (const check of [...this.#waiting]) check();
  }

  #until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
    });
  }
}
