import type { SubscribeToShardEventStream } from '@aws-sdk/client-kinesis';
import type { Clock } from '../../../shared/clock.js';
import { GET_RECORDS } from '../../../stream/capacity.js';
import type { AwsError } from '../../wire/aws-error.js';
import { deliver, millisBehind } from './delivery.js';
import type { Shard } from './shard.js';
import { describeChildren } from './shard-description.js';

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html */
const SUBSCRIPTION_LIFE_MS = 300_000;
/** Where nothing happens a reader is told how far it has come about this often. */
const HEARTBEAT_MS = 5_000;
/** The most one event carries. */
const EVENT_BYTES = 1024 * 1024;

/** One push subscription of a consumer to a shard: records as they arrive, for five minutes, at a rate of its own. */
export class Subscription {
  readonly startedMs: number;
  readonly #shard: Shard;
  readonly #clock: Clock;
  #ordinal: number;
  #ended: { with: AwsError | undefined } | undefined;
  #nudged = false;
  #wake: (() => void) | undefined;

  /** @param ordinal of the first record to push */
  constructor(shard: Shard, ordinal: number, clock: Clock) {
    this.startedMs = clock.now();
    this.#shard = shard;
    this.#ordinal = ordinal;
    this.#clock = clock;
  }

  get active(): boolean {
    return this.#ended === undefined;
  }

  /** Ends it: quietly, or with an error that the reader sees. */
  end(error?: AwsError): void {
    this.#ended ??= { with: error };
    this.#nudge();
  }

  /** What the reader gets. Ends with the subscription, at the end of a closed shard, and when the signal aborts. */
  async *events(signal: AbortSignal): AsyncGenerator<SubscribeToShardEventStream> {
    const shard = this.#shard;
    const limit = shard.fanOutLimit(this.startedMs);
    const endsMs = this.startedMs + SUBSCRIPTION_LIFE_MS;
    const forgetShard = shard.onChange(() => this.#nudge());
    const onAbort = (): void => this.end();
    if (signal.aborted) this.end();
    signal.addEventListener('abort', onAbort, { once: true });
    let toldMs = Number.NEGATIVE_INFINITY;
    try {
      while (this.active) {
        const nowMs = this.#clock.now();
        if (nowMs >= endsMs) break;
        const pauseMs = limit?.waitMs(nowMs) ?? 0;
        if (pauseMs > 0) {
          await this.#sleep(Math.min(pauseMs, endsMs - nowMs), true);
          continue;
        }
        const from = Math.max(this.#ordinal, shard.log.first);
        const { records, bytes } = shard.log.read(from, GET_RECORDS.maxRecords, EVENT_BYTES);
        limit?.take(bytes);
        this.#ordinal = from + records.length;
        if (shard.closed && this.#ordinal >= shard.log.next) {
          yield this.#event(deliver(shard, records), nowMs, true);
          break;
        }
        if (records.length > 0 || nowMs - toldMs >= HEARTBEAT_MS) {
          toldMs = nowMs;
          yield this.#event(deliver(shard, records), nowMs, false);
          continue;
        }
        await this.#sleep(Math.min(HEARTBEAT_MS - (nowMs - toldMs), endsMs - nowMs), false);
      }
      if (this.#ended?.with) throw this.#ended.with;
    } finally {
      this.end();
      forgetShard();
      signal.removeEventListener('abort', onAbort);
    }
  }

  #event(records: ReturnType<typeof deliver>, nowMs: number, atEnd: boolean): SubscribeToShardEventStream {
    const shard = this.#shard;
    return {
      SubscribeToShardEvent: {
        Records: records,
        // At the end of a shard there is nowhere to continue but in its children: readers know it by this being absent.
        ContinuationSequenceNumber: atEnd
          ? undefined
          : shard.numbers.behind(this.#ordinal - 1, Math.max(shard.numbers.shardCreatedSec, Math.floor(nowMs / 1000))),
        MillisBehindLatest: millisBehind(shard, this.#ordinal, nowMs),
        ...(atEnd && { ChildShards: describeChildren(shard) }),
      },
    };
  }

  #nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  /** Until the time is over, or something happens. While its rate is used up, only the end of the subscription counts. */
  async #sleep(ms: number, throttled: boolean): Promise<void> {
    if (this.#nudged && !throttled) {
      this.#nudged = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const done = (): void => {
        cancel();
        this.#wake = undefined;
        resolve();
      };
      const cancel = this.#clock.after(Math.max(1, ms), done);
      this.#wake = () => {
        if (!throttled || !this.active) done();
      };
    });
    if (!throttled) this.#nudged = false;
  }
}
