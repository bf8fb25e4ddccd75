// Subscription filters at work: from what was stored to envelopes in Kinesis or Lambda. Delivery goes on behind PutLogEvents' back, in
// order for each log stream; a destination that throttles slows its own deliveries and nothing else.
import { createHash, randomUUID } from 'node:crypto';
import { formatByteSize } from '../../../shared/byte-size.js';
import { LogMessage } from '../../../shared/filter-pattern/log-message.js';
import type { Fault } from '../../faults.js';
import type { ServiceEnvironment } from '../../service.js';
import { AwsError } from '../../wire/aws-error.js';
import { packEnvelopes } from './envelope.js';
import type { LogGroup, LogStream, SubscriptionFilter } from './log-group.js';
import type { StoredEvent } from './sorted-events.js';

/** Errors after which AWS tries again; it does so for up to a day. Anything else will not get better by waiting. */
const RETRYABLE = new Set([
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'ThrottlingException',
  'TooManyRequestsException',
  'KMSThrottlingException',
  'InternalFailureException',
  'InternalServerException',
  'ServiceException',
  'ServiceUnavailable',
]);
const RETRY_FOR_MS = 24 * 3_600_000;
const FIRST_RETRY_MS = 20;
const LONGEST_RETRY_MS = 2_000;
/** Bytes of envelopes that may wait for their destinations. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;
/** How long an envelope that is to change places waits for another to go first. */
const REORDER_WAIT_MS = 200;
/** How often a filter that loses events says so. */
const LOSS_EVERY_MS = 5_000;

interface Parcel {
  filter: SubscriptionFilter;
  logStreamName: string;
  envelope: Uint8Array;
  partitionKey: string;
  eventCount: number;
}

export class Delivery {
  readonly #environment: ServiceEnvironment;
  readonly #closing = new AbortController();
  /** The last delivery under way for each filter and stream: the next one follows it. */
  readonly #tails = new Map<string, Promise<void>>();
  /** Parcels held back by a `reorder` fault until another one of their filter went. */
  readonly #held = new Map<SubscriptionFilter, () => void>();
  /** What each filter lost since its last line in the endpoint's log. */
  readonly #losses = new Map<SubscriptionFilter, { eventCount: number; why: string }>();
  #waitingBytes = 0;

  constructor(environment: ServiceEnvironment) {
    this.#environment = environment;
  }

  /** Starts the delivery of what the group's filters let through. Returns at once. */
  offer(group: LogGroup, stream: LogStream, events: readonly StoredEvent[]): void {
    if (group.subscriptionFilters.size === 0 || this.#closing.signal.aborted) return;
    const messages = events.map((event) => new LogMessage(event.message));
    for (const filter of group.subscriptionFilters.values()) {
      const matching = events.filter((event, index) => filter.pattern.matches(messages[index] ?? event.message));
      if (matching.length > 0) this.#enqueue(filter, stream, matching);
    }
  }

  /** Ends waiting and retrying; what was under way is given up, as everything in this endpoint is. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('the endpoint is closing'));
    await Promise.all(this.#tails.values());
    for (const filter of [...this.#losses.keys()]) this.#sayMoreLost(filter);
  }

  #enqueue(filter: SubscriptionFilter, stream: LogStream, events: readonly StoredEvent[]): void {
    const fault = this.#environment.faults.take('logs.deliver', () => events.map(({ message }) => message).join('\n'));
    if (fault?.kind === 'drop') return;
    const inOrder = fault?.kind === 'reorder' ? [...events].reverse() : events;
    const content = {
      owner: this.#environment.accountId,
      logGroup: filter.logGroupName,
      logStream: stream.name,
      subscriptionFilters: [filter.filterName],
      events: inOrder,
      ...(filter.pattern.kind === 'space-delimited' && { fieldsOf: (message: string) => fieldsOf(filter, message) }),
    };
    const parcels = packEnvelopes(content, filter.destination.mostBytes).map(
      ({ bytes, eventCount }): Parcel => ({
        filter,
        logStreamName: stream.name,
        envelope: bytes,
        partitionKey: filter.distribution === 'Random' ? randomUUID() : partitionKeyOf(filter, stream),
        eventCount,
      }),
    );
    for (const parcel of parcels) {
      // One event alone has no order of its own: it changes places with the next delivery.
      if (fault?.kind === 'reorder' && events.length === 1) this.#holdBack(parcel, fault.delayMs);
      else this.#follow(parcel, fault);
      if (fault?.kind === 'duplicate') this.#follow(parcel, undefined);
    }
  }

  /** Lines the parcel up behind the one before it of the same filter and stream. */
  #follow(parcel: Parcel, fault: Fault | undefined): void {
    const { filter, envelope } = parcel;
    if (this.#waitingBytes + envelope.byteLength > MOST_WAITING_BYTES) {
      this.#giveUp(parcel, `more than ${formatByteSize(MOST_WAITING_BYTES)} are waiting for their destinations`);
      return;
    }
    this.#waitingBytes += envelope.byteLength;
    const key = `${filter.destinationArn} ${filter.logGroupName} ${filter.filterName} ${parcel.logStreamName}`;
    const before = this.#tails.get(key);
    const run = async (): Promise<void> => {
      await before;
      try {
        await this.#send(parcel, fault);
      } catch (error) {
        if (!this.#closing.signal.aborted) this.#giveUp(parcel, error instanceof Error ? error.message : String(error));
      } finally {
        this.#waitingBytes -= envelope.byteLength;
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
      }
    };
    const done = this.#environment.activity.begin(`delivery of subscription filter ${filter.filterName}`);
    const tail: Promise<void> = run().finally(done);
    this.#tails.set(key, tail);
  }

  async #send(parcel: Parcel, fault: Fault | undefined): Promise<void> {
    const { clock } = this.#environment;
    if (fault?.kind === 'delay') await clock.sleep(fault.delayMs ?? 1000, this.#closing.signal);
    let failure =
      fault?.kind === 'error'
        ? new AwsError(fault.code ?? 'ServiceUnavailable', fault.message ?? 'injected fault')
        : undefined;
    const startedAt = clock.now();
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
      try {
        if (failure) throw failure;
        await parcel.filter.destination.deliver(parcel.envelope, parcel.partitionKey);
        break;
      } catch (error) {
        if (!isRetryable(error) || clock.now() - startedAt > RETRY_FOR_MS) throw error;
        failure = undefined;
        await clock.sleep(waitMs * (0.5 + Math.random() / 2), this.#closing.signal);
      }
    }
    this.#held.get(parcel.filter)?.();
  }

  /** Sends the parcel after the filter's next one; without a next one, after a moment. */
  #holdBack(parcel: Parcel, waitMs = REORDER_WAIT_MS): void {
    const release = (): void => {
      cancel();
      this.#held.delete(parcel.filter);
      this.#follow(parcel, undefined);
      done();
    };
    const done = this.#environment.activity.begin(`delivery of subscription filter ${parcel.filter.filterName}`);
    const cancel = this.#environment.clock.after(waitMs, release);
    this.#held.get(parcel.filter)?.();
    this.#held.set(parcel.filter, release);
  }

  #giveUp({ filter, eventCount }: Parcel, why: string): void {
    const more = this.#losses.get(filter);
    if (more) {
      more.eventCount += eventCount;
      more.why = why;
      return;
    }
    this.#sayLost(filter, eventCount, why);
    this.#losses.set(filter, { eventCount: 0, why });
    this.#environment.clock.after(LOSS_EVERY_MS, () => this.#sayMoreLost(filter));
  }

  /** A destination that is gone loses hundreds of deliveries a second: the first is told at once, the others together, in a while. */
  #sayMoreLost(filter: SubscriptionFilter): void {
    const more = this.#losses.get(filter);
    this.#losses.delete(filter);
    if (more && more.eventCount > 0) this.#sayLost(filter, more.eventCount, more.why);
  }

  #sayLost({ filterName, logGroupName, destinationArn }: SubscriptionFilter, eventCount: number, why: string): void {
    this.#environment.log(
      `cloudwatch-logs: subscription filter ${filterName} of ${logGroupName} lost ${eventCount} log event(s) for ${destinationArn}: ${why}`,
    );
  }
}

const isRetryable = (error: unknown): boolean =>
  error instanceof AwsError &&
  (RETRYABLE.has(error.code) || (error.status !== undefined && error.status >= 500 && error.status !== 501));

/** "By default log data is grouped to the destination by log stream": one key for each group and stream. */
const partitionKeyOf = (filter: SubscriptionFilter, stream: LogStream): string =>
  createHash('md5').update(`${filter.logGroupName}:${stream.name}`).digest('hex');

/** As TestMetricFilter extracts them, without the `$`: AWS's own forwarder to OpenSearch reads `extractedFields.event` and the like. */
const fieldsOf = (filter: SubscriptionFilter, message: string): Record<string, string> =>
  Object.fromEntries(Object.entries(filter.pattern.extract(message)).map(([name, value]) => [name.slice(1), value]));
