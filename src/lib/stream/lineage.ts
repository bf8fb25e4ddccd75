// The order of a stream: a record of a child shard comes after every record of its parents, so a child is read only when its parents are
// read to their end. Pure: the endpoint's own pollers use it too.

/** A shard and those that it came from, as ListShards, GetRecords and SubscribeToShard tell of it. */
export interface ShardOrigin {
  ShardId: string;
  ParentShardId?: string | undefined;
  AdjacentParentShardId?: string | undefined;
  /** How the end of a parent names them. */
  ParentShards?: readonly string[] | undefined;
}

/** Which shard may be read when. */
export class Lineage {
  readonly #parents = new Map<string, readonly string[]>();
  /** Shards that a list of all shards has named. */
  readonly #listed = new Set<string>();
  readonly #started = new Set<string>();
  readonly #ended = new Set<string>();

  /** Takes a list of all shards of the stream: a parent that it lacks is no longer in the stream. */
  learnAll(shards: readonly ShardOrigin[]): void {
    this.learnChildren(shards);
    for (const { ShardId } of shards) this.#listed.add(ShardId);
  }

  /**
   * Takes what the end of a shard says of its children. A parent of theirs that was never heard of may still be to come, because its own
   * parent is still being read: only a list can tell.
   */
  learnChildren(children: readonly ShardOrigin[]): void {
    for (const shard of children) {
      if (this.#parents.has(shard.ShardId)) continue;
      const parents = shard.ParentShards ?? [shard.ParentShardId, shard.AdjacentParentShardId];
      this.#parents.set(
        shard.ShardId,
        parents.filter((id): id is string => typeof id === 'string'),
      );
    }
  }

  has(id: string): boolean {
    return this.#parents.has(id);
  }

  /** The shards that a shard came from, those that are no longer in the stream too. */
  parentsOf(id: string): readonly string[] {
    return this.#parents.get(id) ?? [];
  }

  childrenOf(id: string): string[] {
    return [...this.#parents].filter(([, parents]) => parents.includes(id)).map(([child]) => child);
  }

  /** Whether a shard came from another that fits, however many reshards lie between. */
  descendsFrom(id: string, fits: (ancestor: string) => boolean): boolean {
    return this.parentsOf(id).some((parent) => fits(parent) || this.descendsFrom(parent, fits));
  }

  /** Whether only a list of all shards can tell when this one may be read: a parent of it was never heard of. */
  needsList(id: string): boolean {
    return !this.#listed.has(id) && this.parentsOf(id).some((parent) => !this.#parents.has(parent));
  }

  /** Shards that may be read now: not begun, and nothing left to read of their parents. */
  ready(): string[] {
    return [...this.#parents.keys()].filter((id) => !this.#started.has(id) && !this.#ended.has(id) && this.isReady(id));
  }

  isReady(id: string): boolean {
    const mayBeGone = this.#listed.has(id);
    return this.parentsOf(id).every((parent) => this.#ended.has(parent) || (mayBeGone && !this.#parents.has(parent)));
  }

  start(id: string): void {
    this.#started.add(id);
  }

  hasStarted(id: string): boolean {
    return this.#started.has(id);
  }

  /** Nothing is left to read of this shard, or nothing is wanted of it. */
  end(id: string): void {
    this.#ended.add(id);
  }

  hasEnded(id: string): boolean {
    return this.#ended.has(id);
  }
}
