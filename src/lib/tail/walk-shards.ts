// The order of a stream: a record of a child shard comes after every record of its parents, so a child is read only when its parents are read to
// their end.

import type { ShardDescription } from '../stream/list-shards.js';
import type { Deliver } from './delivery.js';
import type { Position } from './position.js';
import type { ReadShard, ShardEnd } from './read-shard.js';
import type { ShardPosition } from './shard-position.js';

export interface WalkOptions {
  from: Position;
  untilMs: number | undefined;
  /** Only these shards; undefined reads them all, and those that come. */
  only: ReadonlySet<string> | undefined;
  /** Positions of an earlier run, by shard. */
  resume: ReadonlyMap<string, ShardPosition>;
  list(): Promise<ShardDescription[]>;
  read: ReadShard;
  deliver: Deliver;
  onPosition(shardId: string, position: ShardPosition): void;
  /** Told when every shard that is read at first is being read. */
  onReady(shardCount: number): void;
  /** Told when the shards of a reshard are read to their end, and reading goes on with their children. */
  onChildren(parents: readonly string[], children: readonly string[]): void;
  onWarning(text: string): void;
  signal: AbortSignal;
}

/** A shard was named that the stream does not list. */
export class NoSuchShard extends Error {
  constructor(shardId: string) {
    super(`the stream has no shard ${shardId}`);
  }
}

/** Reads every shard of a stream in order; resolves when all are read as far as was wanted, and rejects when one cannot be read. */
export async function walkShards(options: WalkOptions): Promise<void> {
  const walk = new Walk(options);
  await walk.run();
}

class Walk {
  readonly #options: WalkOptions;
  readonly #parents = new Map<string, string[]>();
  readonly #done = new Set<string>();
  readonly #started = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #waitingForReady = 0;
  #announced = false;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { from, only, resume, onReady } = this.#options;
    const shards = await this.#options.list();
    for (const shard of shards) this.#learn(shard);
    if (from.kind === 'sequence' && !this.#parents.has(from.shardId)) throw new NoSuchShard(from.shardId);
    for (const id of only ?? []) if (!this.#parents.has(id)) throw new NoSuchShard(id);

    for (const shard of shards) {
      const id = shard.ShardId;
      const position = resume.get(id);
      if (position && 'ended' in position) this.#done.add(id);
      else if (!position && !this.#isWanted(shard)) this.#done.add(id);
    }
    this.#startReady();
    const first = this.#running.size;
    if (first === 0) {
      onReady(0);
      return;
    }
    while (this.#running.size > 0) await Promise.race(this.#running);
  }

  /** Whether a shard that no checkpoint knows belongs to what was asked for. */
  #isWanted(shard: ShardDescription): boolean {
    const { from, resume } = this.#options;
    if (from.kind === 'sequence')
      return shard.ShardId === from.shardId || this.#descendsFrom(shard.ShardId, from.shardId);
    const closed = shard.SequenceNumberRange?.EndingSequenceNumber != null;
    // From the latest record on, a shard that takes no more records has nothing to say; but with a checkpoint, children of a known one have.
    if (from.kind === 'latest' && closed) return resume.size > 0 && this.#hasKnownParent(shard.ShardId);
    return true;
  }

  #hasKnownParent(id: string): boolean {
    return (this.#parents.get(id) ?? []).some(
      (parent) => this.#options.resume.has(parent) || this.#hasKnownParent(parent),
    );
  }

  #descendsFrom(id: string, ancestor: string): boolean {
    return (this.#parents.get(id) ?? []).some((parent) => parent === ancestor || this.#descendsFrom(parent, ancestor));
  }

  #hasUnknownParent(id: string): boolean {
    return (this.#parents.get(id) ?? []).some((parent) => !this.#parents.has(parent));
  }

  #learn(shard: ShardDescription & { ParentShards?: string[] }): void {
    if (this.#parents.has(shard.ShardId)) return;
    const parents = shard.ParentShards ?? [shard.ParentShardId, shard.AdjacentParentShardId];
    this.#parents.set(
      shard.ShardId,
      parents.filter((id): id is string => typeof id === 'string'),
    );
  }

  /** Starts every shard whose parents are done, or are no longer in the stream. */
  #startReady(): void {
    const { only } = this.#options;
    const ready = [...this.#parents].filter(
      ([id, parents]) =>
        !this.#started.has(id) &&
        !this.#done.has(id) &&
        (only === undefined || only.has(id)) &&
        this.#areDone(parents.filter((parent) => only === undefined || only.has(parent))),
    );
    if (!this.#announced) this.#waitingForReady = ready.length;
    for (const [id, parents] of ready) this.#start(id, this.#positionOf(id, parents));
  }

  /** Whether nothing of these shards is left to read: what is no longer in the stream counts as read. */
  #areDone(shardIds: readonly string[]): boolean {
    return shardIds.every((id) => this.#done.has(id) || !this.#parents.has(id));
  }

  #positionOf(id: string, parents: readonly string[]): Exclude<ShardPosition, { ended: true }> {
    const { from, resume } = this.#options;
    const known = resume.get(id);
    if (known && !('ended' in known)) return known;
    // Born after its parents were read: all of it is new.
    if (parents.some((parent) => this.#started.has(parent) || resume.has(parent))) {
      return from.kind === 'time' && !resume.size ? { since: from.epochMs } : { oldest: true };
    }
    if (from.kind === 'sequence') return { at: from.sequenceNumber };
    if (from.kind === 'time') return { since: from.epochMs };
    // Where an earlier run has left off, a shard of parents that are gone by now was born since.
    if (from.kind === 'latest' && !(resume.size > 0 && this.#hasUnknownParent(id))) return { latest: true };
    return { oldest: true };
  }

  #start(shardId: string, start: Exclude<ShardPosition, { ended: true }>): void {
    const { read, deliver, untilMs, onPosition, onWarning, signal } = this.#options;
    this.#started.add(shardId);
    onPosition(shardId, start);
    let ready = false;
    const onReady = (): void => {
      if (ready) return;
      ready = true;
      if (this.#announced || --this.#waitingForReady > 0) return;
      this.#announced = true;
      this.#options.onReady(this.#started.size);
    };
    const running = read({
      shardId,
      start,
      untilMs,
      deliver,
      onReady,
      onProgress: (position) => onPosition(shardId, position),
      onWarning,
      signal,
    }).then((end) => this.#ended(shardId, end));
    const tracked = running.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    tracked.catch(() => {}); // run() races for it
  }

  async #ended(shardId: string, end: ShardEnd): Promise<void> {
    if (end.kind === 'reached') return;
    const { onPosition, onChildren, only, list } = this.#options;
    this.#done.add(shardId);
    onPosition(shardId, { ended: true });
    for (const child of end.children ?? []) this.#learn(child);
    // Some endpoints do not name the children at a shard's end; and a child may have a second parent of which nothing was heard so far, because its own
    // parent is still being read. To take it for one that is gone would show the child's records before it.
    if (!end.children?.length || end.children.some((child) => this.#hasUnknownParent(child.ShardId)))
      for (const shard of await list()) this.#learn(shard);
    const ready = [...this.#parents].filter(([, parents]) => parents.includes(shardId) && this.#areDone(parents));
    const parents = ready[0]?.[1].filter((parent) => this.#done.has(parent)) ?? [];
    if (ready.length > 0 && only === undefined) onChildren(parents, ready.map(([id]) => id).sort());
    this.#startReady();
  }
}
