import { listShards } from '../stream/list-shards.js';
import type { Clients } from '../target/clients.js';
import { keyByteLength } from './ascii-key.js';
import type { BatchFiller, FillerOptions } from './batch-filler.js';
import type { FreshState } from './fresh-records.js';
import { KplAggregateWriter } from './kpl-aggregate-writer.js';
import type { LoadPlan } from './load-plan.js';
import type { Meter } from './meter.js';
import { type HeldEntry, PutBatch } from './put-batch.js';
import { ShardOfKey } from './shard-of-key.js';

/** The KPL's own default: larger aggregates meet a shard's limit of 1 MiB/s in lumps. */
const AGGREGATE_BYTES = 51_200;
/** How long a record may wait for others to share its aggregate with; the KPL's own default. */
const LINGER_MS = 100;
/** More in one call gains nothing and delays what comes behind it. */
const CALL_BYTES = 1024 * 1024;

export interface AggregateFillerOptions extends FillerOptions {
  plan: LoadPlan;
  clients: Clients;
  meter: Meter;
  elapsedMs(): number;
}

const READ_AGAIN_MS = 1000;

interface Lane {
  shardId: string;
  open: KplAggregateWriter | undefined;
  /** With --ordered: an aggregate of this shard is under way, and these wait for it. */
  busy: boolean;
  waiting: HeldEntry[];
}

/**
 * Packs user records into aggregates, one shard each: consumers drop user records whose key does not belong to the shard they arrive on, so every key's
 * shard is foretold from the stream's hash ranges.
 */
export async function openAggregateFiller(options: AggregateFillerOptions): Promise<BatchFiller> {
  const filler = new AggregateFiller(options);
  await filler.readShards();
  return filler;
}

class AggregateFiller implements BatchFiller {
  parked = 0;
  state: FreshState = 'later';
  readonly #options: AggregateFillerOptions;
  readonly #scratch: PutBatch;
  readonly #spare: KplAggregateWriter[] = [];
  readonly #full: { writer: KplAggregateWriter; lane: Lane }[] = [];
  readonly #underWay = new Map<string, Lane>();
  readonly #aggregateBytes: number;
  #shards = new ShardOfKey<Lane>([]);
  #lanes: Lane[] = [];
  #reading = false;
  #readAt = Number.NEGATIVE_INFINITY;
  #freshState: FreshState = 'later';

  constructor(options: AggregateFillerOptions) {
    this.#options = options;
    this.#scratch = new PutBatch(options.plan.stream);
    this.#aggregateBytes = Math.min(AGGREGATE_BYTES, options.recordLimitBytes);
  }

  get nextDueMs(): number {
    let at = this.#options.fresh.dueMs;
    for (const { open } of this.#lanes) if (open && open.count > 0) at = Math.min(at, (open.due[0] ?? 0) + LINGER_MS);
    return at;
  }

  fill(batch: PutBatch, horizonMs: number): FreshState {
    while (this.#takeFull(batch) && (this.#freshState = this.#options.fresh.peek(horizonMs)) === 'ready')
      this.#addRecord();
    this.#closeOld(horizonMs);
    this.#takeFull(batch);
    const holds = this.#full.length > 0 || this.#lanes.some(({ open }) => open !== undefined);
    this.state = this.#freshState === 'end' && holds ? 'ready' : this.#freshState;
    return this.state;
  }

  settled(partitionKey: string, shardId: string | undefined): HeldEntry | undefined {
    const foretold = this.#underWay.get(partitionKey);
    const lane = foretold ?? this.#shards.find(partitionKey);
    if (shardId !== undefined && lane && lane.shardId !== shardId) {
      this.#options.meter.counts.misrouted += 1;
      this.#readShardsAgain();
    }
    if (!foretold) return undefined;
    this.#underWay.delete(partitionKey);
    const next = foretold.waiting.shift();
    foretold.busy = next !== undefined;
    if (!next) return undefined;
    this.#underWay.set(next.partitionKey, foretold);
    this.parked -= 1;
    return next;
  }

  refill(): Promise<void> {
    return this.#options.fresh.refill();
  }

  stop(): void {
    this.#options.fresh.stop();
    this.#freshState = 'end';
    this.state = this.#full.length > 0 || this.#lanes.some(({ open }) => open !== undefined) ? 'ready' : 'end';
  }

  /** Reads the stream's open shards. What is in open aggregates by the ranges of before is closed as it is. */
  async readShards(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      const { clients, plan } = this.#options;
      const lanes: [{ start: bigint; end: bigint }, Lane][] = [];
      for (const shard of await listShards(clients.kinesisControl(), plan.stream)) {
        const { ShardId: shardId, HashKeyRange: range, SequenceNumberRange } = shard;
        if (SequenceNumberRange?.EndingSequenceNumber !== undefined || !range) continue;
        const { StartingHashKey = 0, EndingHashKey = 0 } = range;
        lanes.push([
          { start: BigInt(StartingHashKey), end: BigInt(EndingHashKey) },
          { shardId, open: undefined, busy: false, waiting: [] },
        ]);
      }
      for (const lane of this.#lanes) this.#close(lane);
      this.#shards = new ShardOfKey(lanes);
      this.#lanes = lanes.map(([, lane]) => lane);
    } finally {
      this.#reading = false;
    }
  }

  /** Aggregates under way tell of one reshard many times. */
  #readShardsAgain(): void {
    const now = performance.now();
    if (now - this.#readAt < READ_AGAIN_MS) return;
    this.#readAt = now;
    this.readShards().catch(() => {}); // the shards of before serve until the next try
  }

  #addRecord(): void {
    const { fresh, recordLimitBytes, onOversized } = this.#options;
    const { draft } = fresh;
    const { bytes, start, end, partitionKey, n } = draft;
    const keyBytes = keyByteLength(partitionKey);
    const cost = KplAggregateWriter.cost(end - start, keyBytes) + keyBytes + 24;
    if (cost > recordLimitBytes) {
      onOversized(n, end - start + keyBytes);
      fresh.take();
      return;
    }
    const lane = this.#shards.find(partitionKey);
    if (!lane) throw new Error('the stream has no open shard');
    if (lane.open && !lane.open.fits(end - start, keyBytes)) this.#close(lane);
    lane.open ??= this.#writerFor(cost);
    lane.open.add(bytes, start, end, partitionKey, keyBytes, n, fresh.dueMs);
    fresh.take();
  }

  /** A user record larger than an aggregate's usual size gets one of its own. */
  #writerFor(cost: number): KplAggregateWriter {
    if (cost > this.#aggregateBytes) return new KplAggregateWriter(cost, false);
    return this.#spare.pop() ?? new KplAggregateWriter(this.#aggregateBytes, this.#options.plan.keys.kind !== 'random');
  }

  #closeOld(horizonMs: number): void {
    // Nothing more is coming, or nobody knows when: what is open goes now.
    const all = this.#freshState === 'end' || this.#freshState === 'wait';
    for (const lane of this.#lanes) {
      if (lane.open && (all || (this.#freshState === 'later' && (lane.open.due[0] ?? 0) + LINGER_MS <= horizonMs)))
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
    const data = writer.finish();
    const { partitionKey, firstNumber } = writer;
    const keyBytes = keyByteLength(partitionKey);
    const due = new Float64Array(writer.due);
    if (this.#options.plan.ordered && lane.busy) {
      this.#scratch.clear();
      this.#scratch.add(data, 0, data.length, partitionKey, keyBytes, firstNumber, due);
      lane.waiting.push({ ...this.#scratch.hold(0), attempts: 0 });
      this.parked += 1;
    } else {
      batch.add(data, 0, data.length, partitionKey, keyBytes, firstNumber, due);
      if (this.#options.plan.ordered) {
        lane.busy = true;
        this.#underWay.set(partitionKey, lane);
      }
    }
    writer.clear();
    if (writer.maxBytes === this.#aggregateBytes) this.#spare.push(writer);
  }
}
