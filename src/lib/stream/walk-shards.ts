// Every shard of a stream in order: which may be read when is Lineage's to say; here they are started, each from its place.
import type { Clock } from '../shared/clock.js';
import type { Deliver } from './delivery.js';
import { Lineage } from './lineage.js';
import type { ReaderOptions, ReadShard } from './read-shard.js';
import type { Position, ShardPosition, ShardStart } from './shard-position.js';
import { type ListedShard, ReadFailure, type ShardEnd } from './shard-source.js';

/** A list may lag behind the end of a shard: it is asked for again this often, this far apart. */
const MOST_LISTS = 10;
const LIST_AGAIN_MS = 1000;

export interface WalkOptions {
  from: Position;
  untilMs?: number | undefined;
  /** Only these shards; undefined reads them all, and those that come. */
  only?: ReadonlySet<string> | undefined;
  /** Shards that are closed before the walk begins are not read. True where `from` is latest. */
  skipClosed?: boolean;
  /** Positions of an earlier run, by shard. */
  resume?: ReadonlyMap<string, ShardPosition>;
  clock: Clock;
  list(): Promise<ListedShard[]>;
  read: ReadShard;
  deliver: Deliver;
  onPosition?(shardId: string, position: ShardPosition): void;
  /** Told when every shard that is read at first is being read. */
  onReady?(shardCount: number): void;
  /** Told when the shards of a reshard are read to their end, and reading goes on with their children. */
  onChildren?(parents: readonly string[], children: readonly string[]): void;
  onWarning?(text: string): void;
  signal: AbortSignal;
  finish?: AbortSignal | undefined;
}

/** A shard was named that the stream does not list. */
export class NoSuchShard extends Error {
  constructor(shardId: string) {
    super(`the stream has no shard ${shardId}`);
  }
}

/** Reads every shard of a stream in order; resolves when all are read as far as was wanted, and rejects when one cannot be read. */
export async function walkShards(options: WalkOptions): Promise<void> {
  await new Walk(options).run();
}

/** Lists the shards, with the patience of their reader. */
export async function listPatiently(
  {
    source,
    clock,
    patience,
  }: Pick<ReaderOptions, 'clock' | 'patience'> & { source: Pick<ReaderOptions['source'], 'list'> },
  signal: AbortSignal,
): Promise<ListedShard[]> {
  const caller = 'the list of shards';
  for (let tries = 1; ; tries += 1) {
    try {
      const shards = await source.list(signal);
      patience.answered(caller);
      return shards;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ReadFailure)) throw error;
      await clock.sleep(patience.failed(caller, error, tries), signal);
    }
  }
}

class Walk {
  readonly #options: WalkOptions;
  readonly #resume: ReadonlyMap<string, ShardPosition>;
  readonly #lineage = new Lineage();
  readonly #running = new Set<Promise<void>>();
  #started = 0;
  #waitingForReady = 0;
  #announced = false;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#resume = options.resume ?? new Map();
  }

  async run(): Promise<void> {
    const { from, only, onReady, onPosition, list } = this.#options;
    const shards = await list();
    this.#lineage.learnAll(shards);
    if (from.kind === 'sequence' && !this.#lineage.has(from.shardId)) throw new NoSuchShard(from.shardId);
    for (const id of only ?? []) if (!this.#lineage.has(id)) throw new NoSuchShard(id);

    for (const shard of shards) {
      const id = shard.ShardId;
      const position = this.#resume.get(id);
      if (position ? !('ended' in position) : this.#isWanted(shard)) continue;
      this.#lineage.end(id);
      // A later run must not take it for a shard that was born since.
      if (!position && only === undefined && from.kind === 'latest') onPosition?.(id, { ended: true });
    }
    this.#startReady();
    if (this.#running.size === 0) onReady?.(0);
    while (this.#running.size > 0) await Promise.race(this.#running);
  }

  /** Whether a shard that no checkpoint knows belongs to what was asked for. */
  #isWanted(shard: ListedShard): boolean {
    const { from, skipClosed = from.kind === 'latest' } = this.#options;
    const id = shard.ShardId;
    if (from.kind === 'sequence')
      return id === from.shardId || this.#lineage.descendsFrom(id, (ancestor) => ancestor === from.shardId);
    const closed = shard.SequenceNumberRange?.EndingSequenceNumber !== undefined;
    // A shard that takes no more records has nothing to say; but with a checkpoint, one that was born and closed since has.
    return !(skipClosed && closed) || this.#bornSince(id);
  }

  /** Whether an earlier run cannot have seen the shard: it came from one that the run knew, or from one that is gone by now. */
  #bornSince(id: string): boolean {
    if (this.#resume.size === 0) return false;
    return this.#lineage.descendsFrom(id, (parent) => this.#resume.has(parent) || !this.#lineage.has(parent));
  }

  /** Starts every shard whose parents are done, or are no longer in the stream. */
  #startReady(): void {
    const { only } = this.#options;
    const lineage = this.#lineage;
    const ready =
      only === undefined
        ? lineage.ready()
        : [...only].filter(
            (id) =>
              !lineage.hasStarted(id) &&
              !lineage.hasEnded(id) &&
              lineage.parentsOf(id).every((parent) => !only.has(parent) || lineage.hasEnded(parent)),
          );
    if (!this.#announced) this.#waitingForReady += ready.length;
    for (const id of ready) this.#start(id, this.#startOf(id));
  }

  #startOf(id: string): ShardStart {
    const { from } = this.#options;
    const known = this.#resume.get(id);
    if (known && !('ended' in known)) return known;
    // Born after its parents were read: all of it is new.
    if (this.#bornSince(id)) return { oldest: true };
    if (this.#lineage.parentsOf(id).some((parent) => this.#lineage.hasStarted(parent)))
      return from.kind === 'time' ? { since: from.epochMs } : { oldest: true };
    if (from.kind === 'sequence') return { at: from.sequenceNumber };
    if (from.kind === 'time') return { since: from.epochMs };
    return from.kind === 'latest' ? { latest: true } : { oldest: true };
  }

  #start(shardId: string, start: ShardStart): void {
    const { read, deliver, untilMs, onPosition, onWarning, signal, finish } = this.#options;
    this.#lineage.start(shardId);
    this.#started += 1;
    onPosition?.(shardId, start);
    let ready = false;
    const onReady = (): void => {
      if (ready) return;
      ready = true;
      if (this.#announced || --this.#waitingForReady > 0) return;
      this.#announced = true;
      this.#options.onReady?.(this.#started);
    };
    const running = read({
      shardId,
      start,
      untilMs,
      deliver,
      onReady,
      onProgress: (position) => onPosition?.(shardId, position),
      onWarning: (text) => onWarning?.(text),
      signal,
      finish,
    }).then((end) => {
      onReady();
      return this.#ended(shardId, end);
    });
    const tracked = running.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
    tracked.catch(() => {}); // run() races for it
  }

  async #ended(shardId: string, end: ShardEnd): Promise<void> {
    if (end.kind === 'reached') return;
    const { onPosition, onChildren, only } = this.#options;
    const lineage = this.#lineage;
    lineage.end(shardId);
    onPosition?.(shardId, { ended: true });
    lineage.learnChildren(end.children ?? []);
    // Some endpoints do not name the children at a shard's end, and of a child's other parent nothing may have been heard so far.
    if (!this.#knowsChildrenOf(shardId)) await this.#listUntilKnown(shardId);
    if (only === undefined) {
      const ready = lineage.childrenOf(shardId).filter((id) => lineage.isReady(id) && !lineage.hasStarted(id));
      const parents = lineage.parentsOf(ready[0] ?? '').filter((parent) => lineage.hasEnded(parent));
      if (ready.length > 0) onChildren?.(parents, ready.sort());
    }
    this.#startReady();
  }

  #knowsChildrenOf(shardId: string): boolean {
    const children = this.#lineage.childrenOf(shardId);
    return children.length > 0 && !children.some((id) => this.#lineage.needsList(id));
  }

  /** Asks for the list until it names the children of a closed shard, and their other parents. */
  async #listUntilKnown(shardId: string): Promise<void> {
    const { list, clock, signal, finish, only, onWarning } = this.#options;
    for (let lists = 1; ; lists += 1) {
      this.#lineage.learnAll(await list());
      if (only !== undefined || finish?.aborted || this.#knowsChildrenOf(shardId)) return;
      if (lists >= MOST_LISTS) break;
      await clock.sleep(LIST_AGAIN_MS, signal);
    }
    onWarning?.(`${shardId} is closed, and its child shards are not listed; records of theirs may be missing`);
  }
}
