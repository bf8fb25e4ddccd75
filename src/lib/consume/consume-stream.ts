import { setMaxListeners } from 'node:events';
import type { KinesisRecord } from '../batching/kinesis-event.js';
import { OperationError, UsageError } from '../shared/errors.js';
import { Checkpoint } from '../stream/checkpoint.js';
import type { Deliver } from '../stream/delivery.js';
import { openReaders } from '../stream/open-readers.js';
import type { ReadShard } from '../stream/read-shard.js';
import type { Position, ShardPosition } from '../stream/shard-position.js';
import { NoSuchShard, walkShards } from '../stream/walk-shards.js';
import type { Clients } from '../target/clients.js';
import { type ConsumerHost, ShardConsumer } from './consume-shard.js';

const SAVE_EVERY_MS = 500;

export interface ConsumeOptions extends Omit<ConsumerHost, 'signal' | 'onActivity'> {
  clients: Clients;
  stream: string;
  from: Position;
  /** Records that arrived at this time or later are not processed. */
  untilMs?: number | undefined;
  /** Records handed to the handler, then it ends. */
  limit?: number | undefined;
  /** Ends when no record arrived, and no batch was processed, for this long. */
  idleExitMs?: number | undefined;
  checkpointFile?: string | undefined;
  /** Once it aborts, what is in the stream now is processed, and then the run ends. */
  finish?: AbortSignal | undefined;
  onReady?(shardCount: number): void;
  onNote?(note: string): void;
  signal: AbortSignal;
}

/** What ended a run; undefined if every shard was read to its end. */
export type ConsumeEnd = 'limit' | 'idle' | 'once' | 'interrupted' | undefined;

/**
 * Hands the records of a stream to a handler until the signal aborts or what was asked for is processed. After an abort, batches that are
 * with the handler end, and the checkpoint has them.
 */
export const consumeStream = (options: ConsumeOptions): Promise<ConsumeEnd> => new Consumption(options).run();

class Consumption {
  readonly #options: ConsumeOptions;
  /** Ends reading; what is read is processed. */
  readonly #stopReading = new AbortController();
  readonly #readSignal: AbortSignal;
  readonly #consumers = new Map<string, ShardConsumer>();
  readonly #positions = new Map<string, ShardPosition>();
  readonly #host: ConsumerHost;
  #changed = false;
  #accepted = 0;
  #end: ConsumeEnd;
  #cancelIdle: () => void = () => {};

  constructor(options: ConsumeOptions) {
    this.#options = options;
    this.#readSignal = AbortSignal.any([options.signal, this.#stopReading.signal]);
    for (const signal of [this.#readSignal, options.signal]) setMaxListeners(0, signal); // every shard listens
    this.#host = { ...options, onActivity: () => this.#armIdle() };
  }

  async run(): Promise<ConsumeEnd> {
    const { clients, stream, checkpointFile, from, untilMs, clock, onWarning } = this.#options;
    const checkpoint = checkpointFile === undefined ? undefined : await Checkpoint.open(checkpointFile, stream);
    for (const [id, position] of checkpoint?.positions ?? []) this.#positions.set(id, position);
    const signal = this.#readSignal;
    const readers = await openReaders({ clients, stream, fanOut: false, clock, onWarning, signal });
    const cancelSaving = checkpoint && this.#saveNowAndThen(checkpoint);
    try {
      await walkShards({
        from,
        untilMs,
        resume: checkpoint?.positions ?? new Map(),
        clock,
        list: readers.list,
        read: this.#reading(readers.read),
        deliver: this.#deliver,
        onPosition: (shardId, position) => this.#reached(shardId, position),
        onReady: (count) => {
          this.#armIdle();
          this.#options.onReady?.(count);
        },
        onChildren: (parents, children) =>
          this.#options.onNote?.(
            `${parents.join(' and ')} closed and processed; continuing with ${children.join(' and ')}`,
          ),
        onWarning,
        signal,
        finish: this.#options.finish,
      });
      if (untilMs !== undefined) this.#end ??= 'once';
    } catch (error) {
      if (!signal.aborted) throw explain(error, stream, from);
    } finally {
      this.#stopReading.abort();
      this.#cancelIdle();
      await Promise.all([...this.#consumers.values()].map((consumer) => consumer.drain()));
      cancelSaving?.();
      if (checkpoint) await this.#save(checkpoint);
      await readers.close();
    }
    return this.#options.signal.aborted ? 'interrupted' : this.#end;
  }

  /** A shard ends, for its children, when all of it is processed; its progress is what is processed, not what is read. */
  #reading(read: ReadShard): ReadShard {
    return async (shard) => {
      const { shardId, onProgress } = shard;
      const consumer = new ShardConsumer(this.#host, shardId, (after) => onProgress({ after }));
      this.#consumers.set(shardId, consumer);
      const end = await read({
        ...shard,
        onProgress: (position) => {
          if (!('after' in position)) onProgress(position);
        },
      });
      await consumer.drain();
      this.#readSignal.throwIfAborted();
      return end;
    };
  }

  readonly #deliver: Deliver = async ({ shardId, records, behindMs }) => {
    const { limit = Number.POSITIVE_INFINITY, meter, accepts } = this.#options;
    const consumer = this.#consumers.get(shardId);
    if (!consumer) throw new Error(`no consumer of ${shardId}`);
    meter.shard(shardId).behindMs = behindMs;
    const wanted = this.#within(records, limit, accepts);
    const taken = consumer.take(wanted);
    if (this.#accepted >= limit) this.#stop('limit');
    await taken;
    return wanted.length;
  };

  /** The records up to the limit of those that pass the filter. */
  #within(
    records: readonly KinesisRecord[],
    limit: number,
    accepts: (record: KinesisRecord) => boolean,
  ): readonly KinesisRecord[] {
    if (limit === Number.POSITIVE_INFINITY) return records;
    let count = 0;
    for (const record of records) {
      if (this.#accepted >= limit) break;
      count += 1;
      if (accepts(record)) this.#accepted += 1;
    }
    return records.slice(0, count);
  }

  #reached(shardId: string, position: ShardPosition): void {
    this.#positions.set(shardId, position);
    this.#changed = true;
  }

  #stop(end: ConsumeEnd): void {
    this.#end ??= end;
    this.#stopReading.abort();
  }

  #armIdle(): void {
    const { idleExitMs, clock } = this.#options;
    if (idleExitMs === undefined || this.#readSignal.aborted) return;
    this.#cancelIdle();
    this.#cancelIdle = clock.after(idleExitMs, () => {
      if ([...this.#consumers.values()].every(({ idle }) => idle)) this.#stop('idle');
      else this.#armIdle();
    });
  }

  #saveNowAndThen(checkpoint: Checkpoint): () => void {
    const timer = setInterval(() => {
      this.#save(checkpoint).catch((error: Error) =>
        this.#options.onWarning(`--checkpoint: cannot write the file: ${error.message}`),
      );
    }, SAVE_EVERY_MS);
    return () => clearInterval(timer);
  }

  async #save(checkpoint: Checkpoint): Promise<void> {
    if (!this.#changed) return;
    this.#changed = false;
    try {
      await checkpoint.save(new Map(this.#positions));
    } catch (error) {
      this.#changed = true; // the next round tries again
      throw error;
    }
  }
}

/** What was asked for and is not there; every other error of the service stays as it is. */
function explain(error: unknown, stream: string, from: Position): unknown {
  const name = error instanceof Error ? error.name : '';
  if (error instanceof NoSuchShard || (name === 'InvalidArgumentException' && from.kind === 'sequence'))
    return new UsageError(`--from: the position does not exist in "${stream}".`, {
      hint: `List its shards: pipectl streams ${stream}`,
      cause: error,
    });
  if (name === 'ResourceNotFoundException')
    return new OperationError(`Stream "${stream}" disappeared while it was read.`, {
      hint: 'List streams: pipectl streams',
      cause: error,
    });
  return error;
}
