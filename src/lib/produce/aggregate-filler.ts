import { describeShards } from '../stream/describe-stream.js';
import type { Clients } from '../target/clients.js';
import { AggregateWriters, addAggregate, bytesAlone } from './aggregate-writers.js';
import { type AggregatedRecord, recordsOf } from './aggregated-records.js';
import { keyByteLength } from './ascii-key.js';
import type { BatchFiller, FillerHost, FillerOptions } from './batch-filler.js';
import type { FreshState } from './fresh-records.js';
import type { KplAggregateWriter } from './kpl-aggregate-writer.js';
import type { LoadPlan } from './load-plan.js';
import type { Meter } from './meter.js';
import { type Aggregated, type Due, dataOf, type HeldEntry, type PutBatch, usersIn } from './put-batch.js';
import { type Lane, ShardLanes } from './shard-lanes.js';

/** How long a record may wait for others to share its aggregate with; the KPL's own default. */
const LINGER_MS = 100;
/** More in one call gains nothing and delays what comes behind it. */
const CALL_BYTES = 1024 * 1024;
const READ_AGAIN_MS = 1000;
/** More than a few aggregates of each shard need not wait for one of the same shard: what is not taken yet costs nothing. */
const MAX_PARKED_BYTES = 8 * 1024 * 1024;

export interface AggregateFillerOptions extends FillerOptions {
  plan: LoadPlan;
  clients: Clients;
  meter: Meter;
}

/** An aggregate that arrived on another shard than foretold. */
interface Stray {
  entry: HeldEntry;
  contents: Aggregated;
  shardId: string;
  atMs: number;
}

/**
 * Packs user records into aggregates, one shard each: consumers drop user records whose key does not belong to the shard they arrive on, so every key's
 * shard is foretold from the stream's hash ranges. An aggregate that a reshard put elsewhere is looked at record by record, as the KPL does: those
 * whose keys belong to the shard it arrived on are there, the others go out again.
 */
export async function openAggregateFiller(options: AggregateFillerOptions): Promise<BatchFiller> {
  const filler = new AggregateFiller(options);
  await filler.readShards();
  return filler;
}

class AggregateFiller implements BatchFiller {
  parked = 0;
  parkedBytes = 0;
  state: FreshState = 'later';
  readonly #options: AggregateFillerOptions;
  readonly #writers: AggregateWriters;
  #full: { writer: KplAggregateWriter; lane: Lane }[] = [];
  readonly #lanes = new ShardLanes();
  #host: FillerHost | undefined;
  #strays: Stray[] = [];
  #reading = false;
  #readAt = Number.NEGATIVE_INFINITY;
  #freshState: FreshState = 'later';

  constructor(options: AggregateFillerOptions) {
    this.#options = options;
    const { plan, recordLimitBytes } = options;
    this.#writers = new AggregateWriters(plan.stream, recordLimitBytes, plan.keys.kind !== 'random');
  }

  attach(host: FillerHost): void {
    this.#host = host;
  }

  get nextDueMs(): number {
    let at = this.#options.fresh.dueMs;
    for (const { open } of this.#lanes.all) if (open) at = Math.min(at, open.firstDueMs + LINGER_MS);
    return at;
  }

  fill(batch: PutBatch, horizonMs: number): FreshState {
    while (
      this.parkedBytes < MAX_PARKED_BYTES &&
      this.#takeFull(batch) &&
      (this.#freshState = this.#options.fresh.peek(horizonMs)) === 'ready'
    )
      this.#addFresh();
    this.#closeOld(horizonMs);
    this.#takeFull(batch);
    this.state = this.#freshState === 'end' && this.#holds() ? 'ready' : this.#freshState;
    return this.state;
  }

  settled(_partitionKey: string, due: Due): HeldEntry | undefined {
    if (this.#options.plan.ordered && typeof due !== 'number') this.#release(due.shardId);
    return undefined;
  }

  strayed(entry: HeldEntry, shardId: string, atMs: number): void {
    if (typeof entry.due === 'number') return;
    this.#park(entry);
    const stray = { entry, contents: entry.due, shardId, atMs };
    this.#strays.push(stray);
    if (this.#lanes.knows(shardId) && !this.#lanes.isOpen(entry.due.shardId)) this.#settleStrays([stray]);
    else this.#readShardsAgain();
  }

  abandon(): HeldEntry[] {
    const entries = this.#strays.map(({ entry }) => entry);
    for (const entry of entries) this.#unpark(entry);
    this.#strays = [];
    return entries;
  }

  refill(): Promise<void> {
    return this.#options.fresh.refill();
  }

  stop(): void {
    this.#options.fresh.stop();
    this.#freshState = 'end';
    this.state = this.#holds() ? 'ready' : 'end';
  }

  /** Reads the stream's shards. What was packed for a shard that has closed is packed anew for those that have its keys now. */
  async readShards(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    const strays = [...this.#strays];
    try {
      const { clients, plan } = this.#options;
      for (const closed of this.#lanes.update(await describeShards(clients.kinesisControl(), plan.stream)))
        this.#repack(closed);
    } finally {
      this.#reading = false;
    }
    this.#settleStrays(strays.filter(({ shardId }) => this.#lanes.knows(shardId)));
  }

  /** Aggregates under way tell of one reshard many times. */
  #readShardsAgain(): void {
    if (this.#reading) return;
    this.#reading = true;
    const again = (): void => {
      this.#reading = false;
      this.#readAt = performance.now();
      this.readShards()
        .catch(() => {}) // the shards of before serve until the next try
        .finally(() => {
          if (this.#strays.length > 0) this.#readShardsAgain();
        });
    };
    setTimeout(again, Math.max(0, this.#readAt + READ_AGAIN_MS - performance.now())).unref();
  }

  #holds(): boolean {
    if (this.#full.length > 0) return true;
    for (const { open } of this.#lanes.all) if (open) return true;
    return false;
  }

  #addFresh(): void {
    const { fresh, recordLimitBytes, onOversized } = this.#options;
    const { bytes, start, end, partitionKey, n } = fresh.draft;
    const keyBytes = keyByteLength(partitionKey);
    if (bytesAlone(end - start, keyBytes) > recordLimitBytes) onOversized(n, end - start + keyBytes);
    else this.#add(bytes, start, end, partitionKey, keyBytes, n, fresh.dueMs);
    fresh.take();
  }

  #add(
    bytes: Buffer,
    start: number,
    end: number,
    partitionKey: string,
    keyBytes: number,
    n: number,
    dueMs: number,
  ): void {
    const lane = this.#lanes.ofKey(partitionKey);
    if (lane.open && !lane.open.fits(end - start, keyBytes)) this.#close(lane);
    lane.open ??= this.#writers.take(end - start, keyBytes);
    lane.open.add(bytes, start, end, partitionKey, keyBytes, n, dueMs);
  }

  #closeOld(horizonMs: number): void {
    // Nothing more is coming, or nobody knows when: what is open goes now.
    const all = this.#freshState === 'end' || this.#freshState === 'wait';
    for (const lane of this.#lanes.all) {
      if (lane.open && (all || (this.#freshState === 'later' && lane.open.firstDueMs + LINGER_MS <= horizonMs)))
        this.#close(lane);
    }
  }

  #close(lane: Lane): void {
    if (lane.open) this.#full.push({ writer: lane.open, lane });
    lane.open = undefined;
  }

  /** Moves full aggregates into the call. @returns whether the call takes more */
  #takeFull(batch: PutBatch): boolean {
    while (this.#full.length > 0) {
      const first = this.#full[0];
      if (!first || batch.payloadBytes >= CALL_BYTES || !batch.fits(this.#options.recordLimitBytes)) return false;
      this.#full.shift();
      this.#put(batch, first.writer, first.lane);
    }
    return batch.payloadBytes < CALL_BYTES;
  }

  #put(batch: PutBatch, writer: KplAggregateWriter, lane: Lane): void {
    const { ordered } = this.#options.plan;
    if (ordered && (lane.waiting.length > 0 || this.#lanes.isHeld(lane))) {
      const entry = this.#writers.hold(writer, lane.shardId, { moves: 0, attempts: 0 });
      lane.waiting.push(entry);
      this.#park(entry);
    } else {
      addAggregate(batch, writer, lane.shardId, 0);
      lane.busy = ordered;
    }
    this.#writers.takeBack(writer);
  }

  #park(entry: HeldEntry): void {
    this.parked += 1;
    this.parkedBytes += entry.bytes;
  }

  #unpark(entry: HeldEntry): void {
    this.parked -= 1;
    this.parkedBytes -= entry.bytes;
  }

  /** An aggregate of this shard has come to its end: those that waited for it may go out. */
  #release(shardId: string): void {
    const released: HeldEntry[] = [];
    for (const lane of this.#lanes.settled(shardId)) {
      if (lane.waiting.length === 0 || this.#lanes.isHeld(lane)) continue;
      const next = lane.waiting.shift();
      if (!next) continue;
      lane.busy = true;
      this.#unpark(next);
      released.push(next);
    }
    if (released.length > 0) this.#host?.release(released);
  }

  /** Packs what was not sent yet of a shard that has closed for the shards that have its keys now, in the same order. */
  #repack(closed: Lane): void {
    const records: AggregatedRecord[] = [];
    for (const entry of closed.waiting.splice(0)) {
      this.#unpark(entry);
      if (typeof entry.due !== 'number') records.push(...recordsOf(dataOf(entry), entry.due));
    }
    this.#close(closed);
    const mine = this.#full.filter(({ lane }) => lane === closed);
    this.#full = this.#full.filter(({ lane }) => lane !== closed);
    for (const { writer } of mine) records.push(...recordsOf(writer.finish(), writer.contents()));
    for (const { data, partitionKey, keyBytes, n, dueMs } of records)
      this.#add(data, 0, data.length, partitionKey, keyBytes, n, dueMs);
    for (const { writer } of mine) this.#writers.takeBack(writer);
  }

  #settleStrays(settled: readonly Stray[]): void {
    if (settled.length === 0) return;
    this.#strays = this.#strays.filter((stray) => !settled.includes(stray));
    for (const stray of settled) this.#settleStray(stray);
  }

  #settleStray({ entry, contents, shardId, atMs }: Stray): void {
    const { meter, plan } = this.#options;
    this.#unpark(entry);
    const records = recordsOf(dataOf(entry), contents);
    const dueThere: number[] = [];
    const elsewhere: AggregatedRecord[] = [];
    for (const record of records)
      if (this.#lanes.owns(shardId, record.partitionKey)) dueThere.push(record.dueMs);
      else elsewhere.push(record);
    const bytes = Math.round((entry.bytes * dueThere.length) / records.length);
    if (dueThere.length > 0) meter.acknowledged(dueThere, bytes, shardId, atMs);
    const again = this.#writers.pack(elsewhere, (key) => this.#lanes.ofKey(key), contents.moves + 1);
    if (contents.moves >= plan.maxAttempts) {
      const message = `it arrived on ${shardId}, which has not its key, however often it was sent again`;
      for (const [, late] of again) this.#host?.giveUp(late, 'WrongShard', message);
    } else this.#sendAgain(again);
    if (plan.ordered) this.#release(contents.shardId);
    this.#host?.release([]); // nothing may be left to wait for
  }

  #sendAgain(again: readonly [Lane, HeldEntry][]): void {
    const { meter, plan } = this.#options;
    for (const [, entry] of again) meter.counts.rerouted += usersIn(entry.due);
    if (!plan.ordered) this.#host?.release(again.map(([, entry]) => entry));
    // In order they come before whatever waits there: it was due later.
    else
      for (const [lane, entry] of [...again].reverse()) {
        lane.waiting.unshift(entry);
        this.#park(entry);
      }
  }
}
