import type {
  KinesisClient,
  StartingPosition,
  SubscribeToShardEvent,
  SubscribeToShardEventStream,
} from '@aws-sdk/client-kinesis';
import type { Clock } from '../shared/clock.js';
import type { StreamRecord } from './delivery.js';
import type { ReadPatience, ReadShard, ShardRead } from './read-shard.js';
import { iteratorAt, type ShardStart } from './shard-position.js';
import { type FailureKind, type ListedShard, ReadFailure, type ShardEnd } from './shard-source.js';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html: the same pair again within 5 s is refused. */
const RESUBSCRIBE_MS = 5100;
/** The clock of this machine may be a little ahead of the service's, which refuses times to come. */
const CLOCK_MARGIN_MS = 2000;

/** Subscribes to one shard; the answer is what comes of it until the subscription ends. Rejects with the SDK's error. */
export type Subscribe = (
  shardId: string,
  position: ShardStart,
  signal: AbortSignal,
) => Promise<AsyncIterable<SubscribeToShardEventStream>>;

/** The subscriptions of a registered consumer. */
export function subscriptionsOf(kinesis: KinesisClient, consumerArn: string): Subscribe {
  return async (ShardId, position, abortSignal) => {
    const { SubscribeToShardCommand } = await import('@aws-sdk/client-kinesis');
    const input = { ConsumerARN: consumerArn, ShardId, StartingPosition: startingPosition(position) };
    return (await kinesis.send(new SubscribeToShardCommand(input), { abortSignal })).EventStream ?? nothing();
  };
}

export interface PushOptions {
  subscribe: Subscribe;
  clock: Clock;
  patience: ReadPatience;
  /** All shards; asked for at most every few seconds. */
  list(): Promise<readonly ListedShard[]>;
  /** Reads what a subscription leaves unread: LocalStack and kinesis-local never say that a shard is at its end. */
  poll: ReadShard;
}

/** The reader that is told: records come by SubscribeToShard as they arrive, and a subscription is renewed where it ended. */
export function pushReader(options: PushOptions): ReadShard {
  return (read) => new Subscriber(options, read).run();
}

class Subscriber {
  readonly #options: PushOptions;
  readonly #read: ShardRead;
  #position: ShardStart;
  #failures = 0;
  #subscribed = false;
  /** Set when the output failed, not the subscription: no new one would help. */
  #undeliverable: { error: unknown } | undefined;

  constructor(options: PushOptions, read: ShardRead) {
    this.#options = options;
    this.#read = read;
    this.#position = read.start;
  }

  async run(): Promise<ShardEnd> {
    const { signal } = this.#read;
    const { clock } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const startedMs = clock.now();
      let pauseMs = 0;
      try {
        const end = await this.#subscribe(startedMs);
        if (end) return end;
        // A subscription ends after five minutes; one that ends at once is refused when it is renewed too soon.
        pauseMs = startedMs + RESUBSCRIBE_MS - clock.now();
      } catch (error) {
        signal.throwIfAborted();
        if (this.#undeliverable) throw this.#undeliverable.error;
        if (this.#subscribed && (error as Error).name === 'ResourceNotFoundException') return this.#withoutConsumer();
        pauseMs = this.#afterFailure(error as Error);
      }
      if (await this.#isClosed()) return this.#readByPolling();
      if (pauseMs > 0) await clock.sleep(pauseMs, signal);
    }
  }

  /** One subscription. @returns undefined when it ended and the shard did not */
  async #subscribe(startedMs: number): Promise<ShardEnd | undefined> {
    const { shardId, onReady, onProgress, signal } = this.#read;
    const events = await this.#options.subscribe(shardId, this.#position, signal);
    onReady();
    this.#subscribed = true;
    this.#options.patience.answered(shardId);
    if ('latest' in this.#position) onProgress((this.#position = { since: startedMs - CLOCK_MARGIN_MS }));
    for await (const { SubscribeToShardEvent: event } of untilAborted(events, signal)) {
      if (!event) continue;
      this.#failures = 0;
      const end = await this.#take(event);
      if (end) return end;
    }
    return undefined;
  }

  async #take(event: SubscribeToShardEvent): Promise<ShardEnd | undefined> {
    const { shardId, deliver, onProgress, untilMs } = this.#read;
    const records = (event.Records ?? []).map((record) => toStreamRecord(shardId, record));
    const behindMs = event.MillisBehindLatest ?? 0;
    const wanted = untilMs === undefined ? records : records.filter(({ arrivedMs }) => arrivedMs < untilMs);
    const taken = await deliver({ shardId, records: wanted, behindMs }).catch((error: unknown) => {
      this.#undeliverable = { error };
      throw error;
    });
    const last = wanted[taken - 1];
    if (last) onProgress((this.#position = { after: last.sequenceNumber }));
    if (taken < records.length) return { kind: 'reached' };
    const children = event.ChildShards?.map(({ ShardId = '', ParentShards = [] }) => ({ ShardId, ParentShards }));
    if (event.ContinuationSequenceNumber === undefined) return { kind: 'closed', children };
    // Not every endpoint's is a number of the stream: LocalStack begins with 0.
    if (isSequenceNumber(event.ContinuationSequenceNumber))
      this.#position = { after: event.ContinuationSequenceNumber };
    if (untilMs !== undefined && behindMs === 0 && this.#options.clock.now() >= untilMs) return { kind: 'reached' };
    const quiet = records.length === 0 && behindMs === 0;
    return quiet && (await this.#isClosed()) ? this.#readByPolling() : undefined;
  }

  /** The shard list decides where a subscription does not say that its shard is closed. */
  async #isClosed(): Promise<boolean> {
    const shards = await this.#options.list();
    const shard = shards.find(({ ShardId }) => ShardId === this.#read.shardId);
    return shard?.SequenceNumberRange?.EndingSequenceNumber !== undefined;
  }

  /** GetRecords says where a closed shard ends, on every endpoint. */
  #readByPolling(): Promise<ShardEnd> {
    return this.#options.poll({ ...this.#read, start: this.#position, onReady: () => {} });
  }

  /** An endpoint that restarted has lost the consumer, or another program deregistered it. */
  #withoutConsumer(): Promise<ShardEnd> {
    this.#read.onWarning(`${this.#read.shardId}: the registered consumer is gone; reading continues with GetRecords`);
    return this.#readByPolling();
  }

  /** @returns how long to wait before the next subscription */
  #afterFailure(error: Error): number {
    if (error.name === 'ResourceInUseException') return RESUBSCRIBE_MS;
    this.#failures += 1;
    return this.#options.patience.failed(this.#read.shardId, new ReadFailure(kindOf(error), error), this.#failures);
  }
}

/** What an error of the SDK means for a reader. */
function kindOf(error: Error & { $fault?: string; $metadata?: { httpStatusCode?: number } }): FailureKind {
  if (error.name === 'LimitExceededException') return 'throttled';
  if (error.name === 'ResourceNotFoundException') return 'gone';
  // What is no answer of the service came of the connection.
  const answered = error.$fault === 'client' && (error.$metadata?.httpStatusCode ?? 400) < 500;
  return answered ? 'refused' : 'passing';
}

/** At least as long as those of the oldest streams, which have 38 digits less than today's. */
const isSequenceNumber = (text: string): boolean => /^\d{20,}$/.test(text);

function startingPosition(position: ShardStart): StartingPosition {
  const { ShardIteratorType: Type, StartingSequenceNumber: SequenceNumber, Timestamp } = iteratorAt(position);
  return {
    Type,
    ...(SequenceNumber !== undefined && { SequenceNumber }),
    ...(Timestamp !== undefined && { Timestamp: new Date(Timestamp * 1000) }),
  };
}

type SdkRecord = NonNullable<SubscribeToShardEvent['Records']>[number];

const toStreamRecord = (shardId: string, record: SdkRecord): StreamRecord => ({
  shardId,
  sequenceNumber: record.SequenceNumber ?? '',
  partitionKey: record.PartitionKey ?? '',
  arrivedMs: record.ApproximateArrivalTimestamp?.getTime() ?? 0,
  data: Buffer.from(record.Data ?? []),
});

/** Iterates until the signal aborts, even while nothing comes. */
async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  aborted.catch(() => {});
  try {
    for (;;) {
      const result = await Promise.race([iterator.next(), aborted]);
      if (result.done) return;
      yield result.value;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    void iterator.return?.(undefined);
  }
}

async function* nothing(): AsyncGenerator<never> {}
