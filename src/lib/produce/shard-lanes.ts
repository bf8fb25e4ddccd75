import type { DescribedShard } from '../stream/describe-stream.js';
import { type HashKeyRange, hashKeyOf } from '../stream/hash-key.js';
import type { KplAggregateWriter } from './kpl-aggregate-writer.js';
import type { HeldEntry } from './put-batch.js';
import { ShardOfKey } from './shard-of-key.js';

/** A shard as a stream lists it. */
type ListedShard = Pick<DescribedShard, 'id' | 'open' | 'startHashKey' | 'endHashKey'>;

/** What is being packed for one open shard. */
export interface Lane {
  readonly shardId: string;
  readonly range: HashKeyRange;
  open: KplAggregateWriter | undefined;
  /** With --ordered: an aggregate of this shard is under way, and these wait for it. */
  busy: boolean;
  waiting: HeldEntry[];
}

/** The lanes of a stream's open shards, through its reshards. */
export class ShardLanes {
  #open = new Map<string, Lane>();
  #byKey = new ShardOfKey<Lane>([]);
  /** Closed shards with an aggregate under way: where it arrives is not known yet. */
  readonly #leaving = new Map<string, Lane>();
  /** Of all the shards listed: closed ones may have taken an aggregate before they closed. */
  #ranges = new Map<string, HashKeyRange>();

  get all(): Iterable<Lane> {
    return this.#open.values();
  }

  /** The lane of an open shard, or of a closed one with an aggregate under way. */
  get(shardId: string): Lane | undefined {
    return this.#open.get(shardId) ?? this.#leaving.get(shardId);
  }

  isOpen(shardId: string): boolean {
    return this.#open.has(shardId);
  }

  knows(shardId: string): boolean {
    return this.#ranges.has(shardId);
  }

  /** @throws Error where no shard is open */
  ofKey(partitionKey: string): Lane {
    const lane = this.#byKey.find(partitionKey);
    if (!lane) throw new Error('the stream has no open shard');
    return lane;
  }

  /** Whether a shard's keys are a record's: what KCL consumers ask before they hand out a user record. */
  owns(shardId: string, partitionKey: string): boolean {
    const range = this.#ranges.get(shardId);
    const hash = hashKeyOf(partitionKey);
    return range !== undefined && range.start <= hash && hash <= range.end;
  }

  /** Goes by what the stream lists now. @returns the lanes of shards that are not open any more */
  update(shards: readonly ListedShard[]): Lane[] {
    const before = this.#open;
    this.#ranges = new Map(
      shards.map(({ id, startHashKey, endHashKey }) => [id, { start: BigInt(startHashKey), end: BigInt(endHashKey) }]),
    );
    this.#open = new Map();
    for (const { id, open } of shards) {
      const range = this.#ranges.get(id);
      if (!open || !range) continue;
      const lane = before.get(id) ?? { shardId: id, range, open: undefined, busy: false, waiting: [] };
      this.#open.set(id, lane);
    }
    this.#byKey = new ShardOfKey([...this.#open.values()].map((lane) => [lane.range, lane]));
    const closed = [...before.values()].filter(({ shardId }) => !this.#open.has(shardId));
    for (const lane of closed) if (lane.busy) this.#leaving.set(lane.shardId, lane);
    return closed;
  }

  /** Whether nothing of a lane may go out yet: its own aggregate is under way, or one of a closed shard with keys of its. */
  isHeld({ busy, range }: Lane): boolean {
    if (busy) return true;
    for (const other of this.#leaving.values())
      if (other.range.start <= range.end && range.start <= other.range.end) return true;
    return false;
  }

  /** The aggregate under way of a shard has arrived, or was given up. @returns the lanes that may go on now */
  settled(shardId: string): Iterable<Lane> {
    if (this.#leaving.delete(shardId)) return this.#open.values();
    const lane = this.#open.get(shardId);
    if (!lane) return [];
    lane.busy = false;
    return [lane];
  }
}
