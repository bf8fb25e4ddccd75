import type { DescribedShard } from '../stream/describe-stream.js';
import { HASH_KEY_COUNT } from '../stream/hash-key.js';
import { MAX_WAITING } from './batch-filler.js';
import { Fifo } from './fifo.js';
import { type Due, type HeldEntry, type PutBatch, usersIn } from './put-batch.js';
import { ShardOfKey } from './shard-of-key.js';
import { PACE_SLOT_MS, ShardPace } from './shard-pace.js';

/** An open shard and its hash keys, 128-bit numbers in decimal, both ends included. */
export interface KeyedShard {
  shardId: string;
  startHashKey: string;
  endHashKey: string;
}

export const keyedShardsOf = (shards: readonly DescribedShard[]): KeyedShard[] =>
  shards
    .filter(({ open }) => open)
    .map(({ id, startHashKey, endHashKey }) => ({ shardId: id, startHashKey, endHashKey }));

/** What waits for one shard. */
interface PacedLane {
  /** Undefined until the shard refuses something: then it takes whatever comes. */
  pace: ShardPace | undefined;
  /** What the shard refused, by number: it goes before what was never sent. */
  refused: HeldEntry[];
  fresh: Fifo<HeldEntry>;
}

export interface PacedShardsOptions {
  /** Which shard has which keys; undefined where nobody may know, or where keys are ignored: then one pace serves the stream. */
  shards: readonly KeyedShard[] | undefined;
  /** How many open shards one pace stands for where their keys are not known. */
  openShards: number;
  /** The part of each shard's limits that this run may use: one of four workers has 0.25. */
  part: number;
  /** What a shard has acknowledged since the start, bytes. */
  takenBytes(shardId: string): number;
}

const WHOLE_STREAM = '';
/** With a few shards, no more than they take within the seconds that a run has to end; with many, what chance heaps up before one of them. */
const ROOM = { entries: 4000, entriesPerShard: 200 };

/**
 * The records of a run without a rate that wait for their shard, each shard at its own pace. A shard that is slow holds up its own records alone, as long
 * as there is room for them.
 */
export class PacedShards {
  /** Entries that wait. */
  size = 0;
  /** Keys and data of what waits. */
  bytes = 0;
  readonly #options: PacedShardsOptions;
  #lanes = new Map<string, PacedLane>();
  #byKey: ShardOfKey<string> | undefined;
  #turn = 0;

  constructor(options: PacedShardsOptions) {
    this.#options = options;
    this.useShards(options.shards);
  }

  /** Goes by these shards from now on; what waits for shards that are gone goes to those that have its keys. */
  useShards(shards: readonly KeyedShard[] | undefined): void {
    const before = this.#lanes;
    this.#lanes = new Map();
    const covered = shards?.reduce(
      (sum, { startHashKey, endHashKey }) => sum + BigInt(endHashKey) - BigInt(startHashKey) + 1n,
      0n,
    );
    // Anything else is the list of a stream in the middle of a reshard.
    this.#byKey =
      shards && covered === HASH_KEY_COUNT
        ? new ShardOfKey(
            shards.map(({ shardId, startHashKey, endHashKey }) => [
              { start: BigInt(startHashKey), end: BigInt(endHashKey) },
              shardId,
            ]),
          )
        : undefined;
    for (const shardId of this.#byKey && shards ? shards.map((shard) => shard.shardId) : [WHOLE_STREAM])
      this.#lanes.set(shardId, before.get(shardId) ?? emptyLane());
    for (const [shardId, lane] of before) {
      if (this.#lanes.has(shardId)) continue;
      for (const entry of lane.refused) this.#lane(entry.partitionKey, entry.due).refused.push(entry);
      for (let entry = lane.fresh.take(); entry; entry = lane.fresh.take())
        this.#lane(entry.partitionKey, entry.due).fresh.add(entry);
    }
    for (const lane of this.#lanes.values()) lane.refused.sort((a, b) => a.n - b.n);
  }

  /** The shard that a record goes to; an empty text where one pace serves the stream. */
  shardOf(partitionKey: string, due: Due): string {
    return typeof due === 'number' ? (this.#byKey?.find(partitionKey) ?? WHOLE_STREAM) : due.shardId;
  }

  add(entry: HeldEntry): void {
    this.#count(entry, 1);
    this.#lane(entry.partitionKey, entry.due).fresh.add(entry);
  }

  /** Takes back what a shard refused. */
  addRefused(entry: HeldEntry): void {
    this.#count(entry, 1);
    const { refused } = this.#lane(entry.partitionKey, entry.due);
    let at = refused.length;
    while (at > 0 && (refused[at - 1]?.n ?? 0) > entry.n) at -= 1;
    refused.splice(at, 0, entry);
  }

  /** Whether no more records should be made before some are through. */
  get isFull(): boolean {
    const entries = Math.min(MAX_WAITING.entries, Math.max(ROOM.entries, ROOM.entriesPerShard * this.#lanes.size));
    return this.size >= entries || this.bytes > MAX_WAITING.bytes;
  }

  /** Whether some shard takes more in this slot, and nothing waits for it. */
  isHungry(nowMs: number): boolean {
    const end = slotEnd(nowMs);
    for (const { pace, refused, fresh } of this.#lanes.values())
      if (refused.length === 0 && fresh.size === 0 && (pace?.readyAtMs ?? 0) < end) return true;
    return false;
  }

  /** When to look again: the slot in which a shard takes more. @param all also of shards for which nothing waits */
  nextAtMs(all: boolean): number {
    let at = Number.POSITIVE_INFINITY;
    for (const { pace, refused, fresh } of this.#lanes.values())
      if (all || refused.length + fresh.size > 0) at = Math.min(at, pace?.readyAtMs ?? 0);
    return Number.isFinite(at) ? Math.floor(at / PACE_SLOT_MS) * PACE_SLOT_MS : at;
  }

  /** Puts into a call what its shards take in this slot, the shards by turns. @returns how many of the users' records an earlier call has carried */
  fill(batch: PutBatch, nowMs: number): number {
    const end = slotEnd(nowMs);
    const lanes = [...this.#lanes.values()];
    let resent = 0;
    for (let turn = 0; turn < lanes.length; turn++) {
      const lane = lanes[(this.#turn + turn) % lanes.length];
      if (!lane) continue;
      while ((lane.pace?.readyAtMs ?? 0) < end) {
        const entry = lane.refused[0] ?? lane.fresh.first;
        if (!entry) break;
        if (!batch.fits(entry.bytes)) {
          this.#turn = (this.#turn + turn) % lanes.length; // it comes first in the next call
          return resent;
        }
        if (lane.refused.length > 0) lane.refused.shift();
        else lane.fresh.take();
        this.#count(entry, -1);
        lane.pace?.spend(entry.bytes, nowMs);
        if (entry.attempts > 0) resent += usersIn(entry.due);
        batch.addHeld(entry);
      }
    }
    return resent;
  }

  /** Learns from an answer. @param isRefused whether a shard's limit refused the record of that place */
  learn(batch: PutBatch, isRefused: (index: number) => boolean, sentMs: number, nowMs: number): void {
    const byShard = new Map<string, { sent: number; records: number; bytes: number }>();
    for (let index = 0; index < batch.count; index++) {
      const shardId = this.shardOf(batch.keys[index] ?? '', batch.due[index] ?? 0);
      let seen = byShard.get(shardId);
      if (!seen) byShard.set(shardId, (seen = { sent: 0, records: 0, bytes: 0 }));
      seen.sent += 1;
      if (!isRefused(index)) continue;
      seen.records += 1;
      seen.bytes += batch.sizes[index] ?? 0;
    }
    const { openShards, part, takenBytes } = this.#options;
    for (const [shardId, { sent, ...refused }] of byShard) {
      const lane = this.#laneOf(shardId);
      if (refused.records === 0) lane.pace?.accepted();
      else if (lane.pace) lane.pace.refused(refused, sent, sentMs, nowMs);
      else lane.pace = new ShardPace(nowMs, takenBytes(shardId), shardId === WHOLE_STREAM ? part * openShards : part);
    }
  }

  /** Takes all that waits. */
  drain(): HeldEntry[] {
    const all: HeldEntry[] = [];
    for (const lane of this.#lanes.values()) {
      all.push(...lane.refused.splice(0));
      for (let entry = lane.fresh.take(); entry; entry = lane.fresh.take()) all.push(entry);
    }
    this.size = 0;
    this.bytes = 0;
    return all;
  }

  #lane(partitionKey: string, due: Due): PacedLane {
    return this.#laneOf(this.shardOf(partitionKey, due));
  }

  #laneOf(shardId: string): PacedLane {
    let lane = this.#lanes.get(shardId);
    if (!lane) this.#lanes.set(shardId, (lane = emptyLane()));
    return lane;
  }

  #count({ bytes }: HeldEntry, sign: 1 | -1): void {
    this.size += sign;
    this.bytes += sign * bytes;
  }
}

const emptyLane = (): PacedLane => ({ pace: undefined, refused: [], fresh: new Fifo() });

/** What is due before it may go out now. */
const slotEnd = (nowMs: number): number => (Math.floor(nowMs / PACE_SLOT_MS) + 1) * PACE_SLOT_MS;
