import { setTimeout as sleep } from 'node:timers/promises';
import { OperationError } from '../shared/errors.js';
import type { ShardDescription } from '../stream/list-shards.js';
import { callKinesis, isPassing, isThrottle, KinesisError } from '../target/kinesis-call.js';
import type { KinesisWire } from '../target/kinesis-wire.js';
import type { StreamRecord } from './delivery.js';
import type { ReadShard, ShardEnd, ShardRead } from './read-shard.js';
import { iteratorAt, type ShardPosition } from './shard-position.js';

/** A shard allows five reads a second, to all its readers together. */
const POLITE_MS = 210;
/** With nothing new, four reads a second leave one for others. */
const IDLE_MS = 250;
const BACKOFF_FIRST_MS = 300;
const BACKOFF_LONGEST_MS = 5000;
/** A target that is gone for longer has gone for good. */
const GIVE_UP_AFTER_MS = 60_000;
/** The clock of this machine may be a little ahead of the service's, which refuses times to come. */
const CLOCK_MARGIN_MS = 2000;

interface RecordsAnswer {
  NextShardIterator?: string | null;
  MillisBehindLatest?: number;
  Records: WireRecord[];
  ChildShards?: (ShardDescription & { ParentShards?: string[] })[];
}

interface WireRecord {
  SequenceNumber: string;
  PartitionKey: string;
  Data: string;
  ApproximateArrivalTimestamp?: number;
}

/** Reads shards by GetRecords. @param eager read as fast as answers come until the first throttle; for AWS, where others share the limit, not */
export function pollShards(wire: KinesisWire, stream: string, eager: boolean): ReadShard {
  return (read) => new Poll(wire, stream, eager, read).run();
}

class Poll {
  readonly #wire: KinesisWire;
  readonly #stream: string;
  readonly #read: ShardRead;
  #eager: boolean;
  #position: Exclude<ShardPosition, { ended: true }>;
  #failures = 0;
  #failingSince: number | undefined;
  #calledAt = 0;
  /** When the iterator in hand was right: what LATEST meant, should it expire before the first record. */
  #latestSince = 0;

  constructor(wire: KinesisWire, stream: string, eager: boolean, read: ShardRead) {
    this.#wire = wire;
    this.#stream = stream;
    this.#eager = eager;
    this.#read = read;
    this.#position = read.start;
  }

  async run(): Promise<ShardEnd> {
    const { deliver, onReady, onProgress, untilMs, shardId } = this.#read;
    let iterator: string | undefined = await this.#openIterator();
    onReady();
    let pending: Promise<RecordsAnswer | undefined> | undefined;
    for (;;) {
      const answer: RecordsAnswer | undefined = await (pending ?? this.#getRecords(iterator ?? ''));
      pending = undefined;
      if (!answer) {
        iterator = await this.#openIterator();
        continue;
      }
      const behindMs = answer.MillisBehindLatest ?? 0;
      iterator = answer.NextShardIterator ?? undefined;
      // The next answer travels while this one is decoded.
      if (iterator !== undefined && behindMs > 0 && this.#eager && answer.Records.length > 0) {
        pending = this.#getRecords(iterator);
        pending.catch(() => {}); // told by the await above
      }
      if (answer.Records.length > 0) {
        const records = readRecords(answer.Records, shardId);
        const wanted = untilMs === undefined ? records : records.filter(({ arrivedMs }) => arrivedMs < untilMs);
        const taken = await deliver({ shardId, records: wanted, behindMs });
        const last = wanted[taken - 1];
        if (last) onProgress((this.#position = { after: last.sequenceNumber }));
        if (taken < records.length) return { kind: 'reached' };
      } else {
        await deliver({ shardId, records: [], behindMs });
      }
      if (iterator === undefined) return { kind: 'closed', children: answer.ChildShards };
      if (untilMs !== undefined && behindMs === 0 && Date.now() >= untilMs) return { kind: 'reached' };
      if (pending === undefined) await this.#wait(behindMs === 0 ? IDLE_MS : this.#eager ? 0 : POLITE_MS);
    }
  }

  async #openIterator(): Promise<string> {
    const { shardId, onProgress, onWarning } = this.#read;
    const before = Date.now();
    for (;;) {
      try {
        const { ShardIterator } = await callKinesis<{ ShardIterator: string }>(
          this.#wire,
          'GetShardIterator',
          { StreamName: this.#stream, ShardId: shardId, ...iteratorAt(this.#position) },
          this.#read.signal,
        );
        this.#succeeded();
        if ('latest' in this.#position) {
          this.#latestSince = before - CLOCK_MARGIN_MS;
          // A reader that starts again must not miss what comes from now on.
          onProgress({ since: this.#latestSince });
        }
        return ShardIterator;
      } catch (error) {
        if (error instanceof KinesisError && error.code === 'InvalidArgumentException' && 'after' in this.#position) {
          onWarning(`${shardId}: the last record read is no longer in the stream; going on from the oldest one`);
          this.#position = { oldest: true };
        } else await this.#afterFailure(error);
      }
    }
  }

  /** @returns undefined when the iterator has expired and a new one is needed */
  async #getRecords(iterator: string): Promise<RecordsAnswer | undefined> {
    for (;;) {
      try {
        this.#calledAt = performance.now();
        const input = { ShardIterator: iterator, Limit: 10_000 };
        const answer = await callKinesis<RecordsAnswer>(this.#wire, 'GetRecords', input, this.#read.signal);
        this.#succeeded();
        return answer;
      } catch (error) {
        if (error instanceof KinesisError && error.code === 'ExpiredIteratorException') {
          // LATEST again would skip what came meanwhile.
          if ('latest' in this.#position) this.#position = { since: this.#latestSince };
          return undefined;
        }
        if (isThrottle(error)) this.#eager = false;
        await this.#afterFailure(error);
      }
    }
  }

  #succeeded(): void {
    if (this.#failures > 3 && this.#failingSince !== undefined)
      this.#read.onWarning(`${this.#read.shardId}: reading again`);
    this.#failures = 0;
    this.#failingSince = undefined;
  }

  /** Waits a little longer after each failure in a row, with jitter; gives up on what no waiting mends. */
  async #afterFailure(error: unknown): Promise<void> {
    const { signal, onWarning, shardId } = this.#read;
    signal.throwIfAborted();
    const throttled = isThrottle(error);
    if (!throttled && !isPassing(error)) throw error;
    this.#failures += 1;
    if (!throttled) {
      this.#failingSince ??= Date.now();
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#failures === 3) onWarning(`${shardId}: ${reason}; trying on`);
      if (Date.now() - this.#failingSince > GIVE_UP_AFTER_MS)
        throw new OperationError(`${shardId} cannot be read: ${reason}`, { cause: error });
    }
    const bound = Math.min(BACKOFF_LONGEST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(this.#failures - 1, 10));
    await sleep(bound / 2 + (Math.random() * bound) / 2, undefined, { signal });
  }

  async #wait(ms: number): Promise<void> {
    const rest = ms - (performance.now() - this.#calledAt);
    if (rest > 0) await sleep(rest, undefined, { signal: this.#read.signal });
    else this.#read.signal.throwIfAborted();
  }
}

function readRecords(records: WireRecord[], shardId: string): StreamRecord[] {
  return records.map(({ SequenceNumber, PartitionKey, Data, ApproximateArrivalTimestamp }) => ({
    shardId,
    sequenceNumber: SequenceNumber,
    partitionKey: PartitionKey,
    arrivedMs: Math.round((ApproximateArrivalTimestamp ?? 0) * 1000),
    data: Buffer.from(Data, 'base64'),
  }));
}
