import { randomUUID } from 'node:crypto';
import type {
  EncryptionType,
  MetricsName,
  RecordDistributionStrategy,
  StreamMode,
  StreamStatus,
} from '@aws-sdk/client-kinesis';
import type { Clock } from '../../../shared/clock.js';
import { RECORD_KIB } from '../../../stream/capacity.js';
import { evenHashKeyRanges, HashKeyIndex, type HashKeyRange } from '../../../stream/hash-key.js';
import type { MemoryBudget } from '../../kit/memory-budget.js';
import type { Consumer } from './consumer.js';
import { type Lineage, Shard } from './shard.js';
import { shardIndexIn } from './shard-index.js';
import type { CallBuckets } from './token-bucket.js';

const HOUR_MS = 3_600_000;

export interface StreamOptions {
  name: string;
  arn: string;
  shardCount: number;
  mode: StreamMode;
  distribution: RecordDistributionStrategy;
  maxRecordKib: number | undefined;
  warmMiBps: number | undefined;
  tags: ReadonlyMap<string, string>;
  clock: Clock;
  memory: MemoryBudget;
  limited: boolean;
}

/** One stream: its settings, its shards past and present, and which of them a record goes to. */
export class Stream {
  readonly name: string;
  readonly arn: string;
  /** Tells it from a later stream of the same name. */
  readonly id = randomUUID();
  readonly createdMs: number;
  readonly tags: Map<string, string>;
  readonly consumers = new Map<string, Consumer>();
  readonly callBuckets: CallBuckets = new Map();
  status: StreamStatus = 'CREATING';
  mode: StreamMode;
  distribution: RecordDistributionStrategy;
  maxRecordKib: number;
  warmMiBps: number | undefined;
  retentionHours = 24;
  encryption: EncryptionType = 'NONE';
  keyId: string | undefined;
  metrics: MetricsName[] = [];
  policy: string | undefined;
  /** Ends the watch over the load of an on-demand stream. */
  stopScaling: (() => void) | undefined;
  /** When UpdateShardCount, UpdateStreamMode and the two encryption calls were called, for their limits per day. */
  readonly reshardedMs: number[] = [];
  readonly modeChangedMs: number[] = [];
  readonly encryptionMs = { started: [] as number[], stopped: [] as number[] };
  readonly #options: StreamOptions;
  readonly #shards = new Map<number, Shard>();
  #nextIndex = 0;
  #routes: { open: readonly Shard[]; index: HashKeyIndex<Shard> } | undefined;
  #turn = 0;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.name = options.name;
    this.arn = options.arn;
    this.createdMs = options.clock.now();
    this.mode = options.mode;
    this.distribution = options.distribution;
    this.maxRecordKib = options.maxRecordKib ?? RECORD_KIB.byDefault;
    this.warmMiBps = options.warmMiBps;
    this.tags = new Map(options.tags);
  }

  /** The last step of CREATING. */
  addFirstShards(): void {
    for (const range of evenHashKeyRanges(this.#options.shardCount)) this.#addShard(range, {}, []);
  }

  /** Shards that are open, or closed and not yet older than the retention period, in the order of their ids. */
  get shards(): readonly Shard[] {
    for (const shard of this.#shards.values()) if (this.#expired(shard)) this.#forget(shard);
    return [...this.#shards.values()];
  }

  get openShards(): readonly Shard[] {
    return this.#routing().open;
  }

  /** Open shards, or those it is about to get while it is being created. */
  get plannedShards(): number {
    return this.status === 'CREATING' ? this.#options.shardCount : this.openShards.length;
  }

  /** What its shards have let in since they were there; nothing where limits are off. */
  taken(): { records: number; bytes: number } {
    const sum = { records: 0, bytes: 0 };
    for (const { limits } of this.#shards.values()) {
      sum.records += limits?.recordsIn.taken ?? 0;
      sum.bytes += limits?.bytesIn.taken ?? 0;
    }
    return sum;
  }

  /** Records that arrived before this instant can no longer be read. */
  get horizonMs(): number {
    return this.#options.clock.now() - this.retentionHours * HOUR_MS;
  }

  /** Whether records can be put: AWS answers as if the stream were not there while it is being created or deleted. */
  get takesRecords(): boolean {
    return this.status === 'ACTIVE' || this.status === 'UPDATING';
  }

  /** The shard with this id, its expired records trimmed. */
  shard(shardId: string): Shard | undefined {
    const shard = this.#shards.get(shardIndexIn(shardId) ?? -1);
    if (!shard) return undefined;
    if (this.#expired(shard)) {
      this.#forget(shard);
      return undefined;
    }
    shard.log.trimBefore(this.horizonMs);
    return shard;
  }

  /** The open shard that owns a hash key, given as 32 hexadecimal digits. */
  shardFor(hashHex: string): Shard {
    return this.#routing().index.find(hashHex) as Shard;
  }

  /** The next open shard in turn that can take a record of this size, or the next in turn when none can: the AUTO strategy. */
  nextShard(bytes: number, nowMs: number): { shard: Shard; admitted: boolean } {
    const { open } = this.#routing();
    for (let tries = 0; tries < open.length; tries++) {
      const shard = open[this.#turn++ % open.length] as Shard;
      if (shard.admit(bytes, nowMs)) return { shard, admitted: true };
    }
    return { shard: open[this.#turn++ % open.length] as Shard, admitted: false };
  }

  /** Closes a shard and opens two in its place; `at` is where the second one starts. */
  split(parent: Shard, at: bigint): [low: Shard, high: Shard] {
    const lineage = { parentShardId: parent.id };
    const low = this.#addShard({ start: parent.range.start, end: at - 1n }, lineage, [parent]);
    const high = this.#addShard({ start: at, end: parent.range.end }, lineage, [parent]);
    parent.close(this.#options.clock.now(), [low, high]);
    return [low, high];
  }

  /** Closes two shards and opens one in their place. */
  merge(parent: Shard, adjacent: Shard): Shard {
    const [low, high] = parent.range.start < adjacent.range.start ? [parent, adjacent] : [adjacent, parent];
    const child = this.#addShard(
      { start: low.range.start, end: high.range.end },
      { parentShardId: parent.id, adjacentParentShardId: adjacent.id },
      [parent, adjacent],
    );
    const nowMs = this.#options.clock.now();
    parent.close(nowMs, [child]);
    adjacent.close(nowMs, [child]);
    return child;
  }

  /** Makes what has expired under the present retention period unreadable for good, before that period grows. */
  trim(): void {
    for (const shard of this.shards) shard.log.trimBefore(this.horizonMs);
  }

  /** Frees all records. */
  close(): void {
    this.stopScaling?.();
    for (const shard of this.#shards.values()) shard.log.close();
  }

  #addShard(range: HashKeyRange, lineage: Lineage, parents: readonly Shard[]): Shard {
    const { clock, memory, limited } = this.#options;
    // The first shards are as old as the stream: what was open at its trim horizon must include them.
    const nowMs = parents.length === 0 ? this.createdMs : clock.now();
    const createdSec = Math.max(
      Math.floor(nowMs / 1000),
      ...parents.map((parent) => parent.numbers.shardCreatedSec + 1),
    );
    const shard = new Shard({ index: this.#nextIndex++, range, lineage, nowMs, createdSec, memory, limited });
    this.#shards.set(shard.index, shard);
    this.#routes = undefined;
    return shard;
  }

  #routing(): { open: readonly Shard[]; index: HashKeyIndex<Shard> } {
    if (!this.#routes) {
      const open = [...this.#shards.values()].filter((shard) => shard.open);
      this.#routes = { open, index: new HashKeyIndex(open.map((shard) => [shard.range, shard] as const)) };
    }
    return this.#routes;
  }

  #expired(shard: Shard): boolean {
    return shard.closed !== undefined && shard.closed.atMs < this.horizonMs;
  }

  #forget(shard: Shard): void {
    shard.log.close();
    this.#shards.delete(shard.index);
  }
}

/** Whether a caller that tells streams of one name apart by their creation means this one. Clients carry seconds only. */
export const wasCreatedAt = (stream: Stream, created: Date | undefined): boolean =>
  created === undefined || Math.floor(created.getTime() / 1000) === Math.floor(stream.createdMs / 1000);
