import type { KinesisRecord } from '../../../batching/kinesis-event.js';
import { isKplAggregate, readKplAggregate } from '../../../decode/kpl-aggregate.js';
import type { StreamRecord } from '../../../stream/delivery.js';
import type { ReadPace } from '../../../stream/read-pace.js';
import { type ReadPatience, shardReader } from '../../../stream/read-shard.js';
import type { ShardPosition } from '../../../stream/shard-position.js';
import { walkShards } from '../../../stream/walk-shards.js';
import { readerSource } from '../../kit/reader-source.js';
import type { ShardSource } from '../../ports.js';
import type { ServiceEnvironment } from '../../service.js';
import type { HoseRecord } from './hose-record.js';

/** Told of changes of the stream instead of asking for them; this often it asks all the same, which also keeps iterators from expiring. */
const IDLE_POLL_MS = 60_000;
const RETRY_MS = 200;

export interface StreamReaderHost {
  environment: ServiceEnvironment;
  region: string;
  sourceArn: string;
  /** Takes records; resolves when there is room for more. */
  take(records: readonly HoseRecord[]): Promise<void>;
  /** The reader has its place in every shard. */
  onReady(): void;
  signal: AbortSignal;
}

/**
 * Reads a Kinesis stream from the moment that the delivery stream was made, reshards included.
 * https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html
 */
export class StreamReader {
  readonly #host: StreamReaderHost;
  /** How far each shard has been read: what a walk that begins again goes on from. */
  readonly #positions = new Map<string, ShardPosition>();
  readonly #wakes = new Set<() => void>();
  /** Counts what changed in the stream. */
  #news = 0;
  /** The news up to which each shard that is read has been read. */
  readonly #readTo = new Map<string, number>();
  /** A stream that is gone is followed by a new one, all of which is new. */
  #isFirst = true;

  constructor(host: StreamReaderHost) {
    this.#host = host;
  }

  /** Whether the delivery stream has all that is in the stream. */
  get idle(): boolean {
    return [...this.#readTo.values()].every((news) => news === this.#news);
  }

  /** Reads until the signal aborts. */
  async run(): Promise<void> {
    const { environment, sourceArn, region, signal } = this.#host;
    while (!signal.aborted) {
      let stopListening = (): void => {};
      try {
        const source = await (await environment.ports.eventSource(sourceArn))?.open(sourceArn, region);
        if (source?.kind !== 'shards') throw new Error(`${sourceArn} is not a stream`);
        stopListening = source.onChange(() => this.#tell());
        await this.#walk(source);
      } catch (error) {
        if (error instanceof StreamGone) this.#forget();
      } finally {
        stopListening();
        this.#readTo.clear();
      }
      await environment.clock.sleep(RETRY_MS, signal).catch(() => {});
    }
  }

  #forget(): void {
    this.#positions.clear();
    this.#isFirst = false;
  }

  #walk(source: ShardSource): Promise<void> {
    const { environment, take, onReady, signal } = this.#host;
    const { clock } = environment;
    const { records, ...reading } = readerSource(source);
    const stream = {
      ...reading,
      records: async (shardId: string, iterator: string) => {
        const page = await records(shardId, iterator);
        return { ...page, records: (page.records as KinesisRecord[]).map(streamRecord) };
      },
    };
    return walkShards({
      from: { kind: this.#isFirst ? 'latest' : 'trim-horizon' },
      resume: new Map(this.#positions),
      clock,
      list: () => stream.list(),
      read: shardReader({ source: stream, clock, pace: (shardId) => this.#pace(shardId), patience: PATIENCE }),
      deliver: async ({ records }) => {
        await take(records.flatMap(userRecords));
        return records.length;
      },
      onPosition: (shardId, position) => {
        this.#positions.set(shardId, position);
        // Until its children are read, something may be left.
        if ('ended' in position && this.#readTo.has(shardId)) this.#readTo.set(shardId, -1);
      },
      onReady,
      onChildren: (parents) => {
        for (const parent of parents) this.#readTo.delete(parent);
      },
      signal,
    });
  }

  /** The next reading goes when the stream has news. */
  #pace(shardId: string): ReadPace {
    const { clock } = this.#host.environment;
    let seen = this.#news;
    this.#readTo.set(shardId, -1);
    return {
      readsAhead: false,
      wait: async (more, _, signal) => {
        if (!more) {
          this.#readTo.set(shardId, seen);
          if (seen === this.#news) await this.#nextNews(signal);
        }
        signal.throwIfAborted();
        seen = this.#news;
      },
      pause: (ms, signal) => clock.sleep(ms, signal),
      throttled: () => {},
    };
  }

  #nextNews(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#wakes.delete(done);
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.#host.environment.clock.after(IDLE_POLL_MS, done);
      this.#wakes.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  #tell(): void {
    this.#news += 1;
    for (const wake of [...this.#wakes]) wake();
  }
}

class StreamGone extends Error {}

/** A delivery stream never gives up: only the end of its stream ends a reading. */
const PATIENCE: ReadPatience = {
  answered: () => {},
  failed(_, { kind }) {
    if (kind === 'gone') throw new StreamGone();
    return RETRY_MS;
  },
};

const streamRecord = ({ data, ...record }: KinesisRecord): StreamRecord => ({
  ...record,
  data: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
});

/** What the producer library packed into one record comes apart, as on AWS. https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html */
function userRecords({ data, arrivedMs, sequenceNumber, partitionKey, shardId }: StreamRecord): HoseRecord[] {
  const origin = { sequenceNumber, subsequenceNumber: 0, partitionKey, shardId };
  if (isKplAggregate(data)) {
    try {
      return readKplAggregate(data).map((user, index) => ({
        data: user.data,
        arrivedMs,
        kinesis: { ...origin, subsequenceNumber: index, partitionKey: user.partitionKey },
      }));
    } catch {
      // Not what it seemed: delivered as it is.
    }
  }
  return [{ data, arrivedMs, kinesis: origin }];
}
