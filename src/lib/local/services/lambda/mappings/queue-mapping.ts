import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import type { Pending } from '../../../activity.js';
import type { QueuedMessage, QueueSource } from '../../../ports.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Answer, OperationContext } from '../../../wire/handlers.js';
import type { FunctionRunner } from '../function-runner.js';
import { type LambdaStore, resolveFunction } from '../lambda-store.js';
import { describeQueueMapping, type MappingState } from './describe-mapping.js';
import type { Mapping, MappingChange, MappingFunction } from './mapping.js';
import type { MappingSettings } from './mapping-settings.js';

/** Batches that are with the function at the same time, unless ScalingConfig says otherwise; AWS starts with five. */
const CONCURRENT_BATCHES = 5;
/** An event's limit, less what stands around the messages. */
const MOST_EVENT_BYTES = 6 * 1024 * 1024 - 1024;
/** What a message's attributes and identifiers take in an event. */
const MESSAGE_OVERHEAD_BYTES = 1024;
/** Before a function that could not be called is called again, doubling up to the last. */
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 10_000;

export interface QueueMappingTarget extends MappingFunction {
  uuid: string;
  eventSourceArn: string;
  source: QueueSource;
  context: OperationContext;
}

/**
 * An event source mapping for a queue: takes messages, hands them over in batches, deletes what was done. What failed becomes visible again
 * when the queue's visibility timeout ends. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export class QueueMapping implements Mapping {
  readonly uuid: string;
  readonly eventSourceArn: string;
  functionName: string;
  qualifier: string | undefined;
  functionArn: string;
  settings: MappingSettings;
  readonly tags: Map<string, string>;
  readonly #store: LambdaStore;
  readonly #runner: FunctionRunner;
  readonly #target: QueueMappingTarget;
  readonly #stop = new AbortController();
  #pause = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #state: MappingState = 'Creating';
  #lastModifiedMs: number;
  #steps = 0;
  #wanted: boolean;

  constructor(
    { store, runner }: { store: LambdaStore; runner: FunctionRunner },
    target: QueueMappingTarget,
    settings: MappingSettings,
    { enabled, tags }: { enabled: boolean; tags: Map<string, string> },
  ) {
    this.#store = store;
    this.#runner = runner;
    this.#target = target;
    this.uuid = target.uuid;
    this.eventSourceArn = target.eventSourceArn;
    this.functionName = target.functionName;
    this.qualifier = target.qualifier;
    this.functionArn = target.functionArn;
    this.settings = settings;
    this.tags = tags;
    this.#wanted = enabled;
    this.#lastModifiedMs = store.environment.clock.now();
    setMaxListeners(0, this.#stop.signal);
    const unwatch = store.environment.activity.watch(() => this.#pending());
    this.#stop.signal.addEventListener('abort', unwatch, { once: true });
    setImmediate(() => this.#settle());
  }

  #pending(): Pending[] {
    if (!this.#wanted || this.#target.source.count() === 0) return [];
    const queue = this.eventSourceArn.split(':').at(-1);
    return [{ id: `${this.uuid} ${this.#steps}`, what: `event source mapping from ${queue} to ${this.functionName}` }];
  }

  describe(): Answer<EventSourceMappingConfiguration> {
    return describeQueueMapping(this.#target, {
      functionArn: this.functionArn,
      settings: this.settings,
      state: this.#state,
      lastModifiedMs: this.#lastModifiedMs,
    });
  }

  update({ settings, enabled, target }: MappingChange): void {
    this.settings = settings;
    if (target) {
      this.functionName = target.functionName;
      this.qualifier = target.qualifier;
      this.functionArn = target.functionArn;
    }
    const wanted = enabled ?? this.#wanted;
    this.#state = wanted === this.#wanted ? 'Updating' : wanted ? 'Enabling' : 'Disabling';
    this.#wanted = wanted;
    this.#lastModifiedMs = this.#store.environment.clock.now();
    this.#pause.abort(new Error('the mapping has changed'));
    this.#pause = new AbortController();
    setImmediate(() => this.#settle());
  }

  delete(): Answer<EventSourceMappingConfiguration> {
    this.#state = 'Deleting';
    this.close();
    return this.describe();
  }

  close(): void {
    this.#stop.abort(new Error('the mapping is gone'));
  }

  /** As many pollers as settings allow, or none. */
  #settle(): void {
    if (this.#stop.signal.aborted) return;
    if (!this.#wanted) {
      if (this.#running.size === 0) this.#state = 'Disabled';
      return;
    }
    this.#state = 'Enabled';
    const most = this.settings.maximumConcurrency ?? CONCURRENT_BATCHES;
    while (this.#running.size < most) this.#start();
  }

  #start(): void {
    const signal = AbortSignal.any([this.#stop.signal, this.#pause.signal]);
    const poller = this.#poll(signal)
      .catch((error: unknown) => this.#store.environment.log(`mapping ${this.uuid}: ${error}`))
      .finally(() => {
        this.#running.delete(poller);
        this.#settle();
      });
    this.#running.add(poller);
  }

  async #poll(signal: AbortSignal): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const messages = await this.#gather(signal);
      if (messages.length === 0) continue;
      const outcome = await this.#deliver(messages);
      this.#steps += 1;
      if (outcome !== 'not-called') {
        await this.#target.source.delete(messages.filter(({ id }) => !outcome.has(id)));
        pauseMs = FIRST_PAUSE_MS;
        continue;
      }
      await this.#target.source.release(messages);
      await this.#store.environment.clock.sleep(pauseMs, signal).catch(() => {});
      pauseMs = Math.min(LAST_PAUSE_MS, pauseMs * 2);
    }
  }

  /** A batch: full, as large as an event may be, or as old as the window. What the filter keeps out is deleted, as AWS does. */
  async #gather(signal: AbortSignal): Promise<QueuedMessage[]> {
    const { clock, intervals } = this.#store.environment;
    const { source } = this.#target;
    const batch: QueuedMessage[] = [];
    let bytes = 0;
    let endMs: number | undefined;
    while (batch.length < this.settings.batchSize && bytes < MOST_EVENT_BYTES) {
      const waitMs = endMs === undefined ? undefined : endMs - clock.now();
      if (waitMs !== undefined && waitMs <= 0) break;
      // Half for the bodies, which escapes may double, half for what goes with them.
      const halfBytes = (MOST_EVENT_BYTES - bytes) / 2;
      const room = Math.max(1, Math.floor(halfBytes / MESSAGE_OVERHEAD_BYTES));
      const most = Math.min(this.settings.batchSize - batch.length, room);
      const mostBytes = halfBytes / 2;
      const taken = await source.receive({ most, mostBytes, waitMs }, signal);
      if (taken.length === 0) break;
      endMs ??= clock.now() + intervals.cap(this.settings.windowSeconds * 1000);
      const { filter } = this.settings;
      const wanted = filter ? taken.filter((message) => filter(source.filterable(message))) : taken;
      if (filter) await source.delete(taken.filter((message) => !wanted.includes(message)));
      batch.push(...wanted);
      bytes += wanted.reduce((sum, { body }) => sum + Buffer.byteLength(body) * 2 + MESSAGE_OVERHEAD_BYTES, 0);
    }
    return batch;
  }

  /** @returns the messages that are not done, or that the function could not be called */
  async #deliver(messages: readonly QueuedMessage[]): Promise<ReadonlySet<string> | 'not-called'> {
    const { context, eventSourceArn, source } = this.#target;
    const all = new Set(messages.map(({ id }) => id));
    const { clock, faults } = this.#store.environment;
    const fault = faults.take('mapping.deliver', () =>
      [this.functionName, ...messages.map(({ body }) => body)].join('\n'),
    );
    if (fault?.delayMs !== undefined) await clock.sleep(fault.delayMs);
    if (fault?.kind === 'drop') return new Set();
    if (fault?.kind === 'error') return all;
    try {
      const resolved = resolveFunction(this.#store, this.functionName, this.qualifier, context);
      const address = { eventSourceArn, region: context.region, roleArn: resolved.version.role };
      const payload = source.toEvent(fault?.kind === 'reorder' ? [...messages].reverse() : messages, address);
      if (fault?.kind === 'duplicate') {
        await this.#runner.run(resolved, { payload, requestId: randomUUID() }, context);
      }
      const result = await this.#runner.run(resolved, { payload, requestId: randomUUID() }, context);
      if (result.functionError !== undefined) return all;
      return this.settings.reportsItemFailures ? failuresIn(result.payload, all) : new Set();
    } catch (error) {
      if (error instanceof AwsError) return 'not-called';
      throw error;
    }
  }
}

/**
 * The messages that a function reports as failed. An answer that cannot be understood, or names others, fails the whole batch.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
function failuresIn(payload: Uint8Array, all: ReadonlySet<string>): ReadonlySet<string> {
  let answer: unknown;
  try {
    answer = JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return all;
  }
  const failures = (answer as { batchItemFailures?: unknown } | null)?.batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return all;
  const ids = failures.map((failure) => String((failure as { itemIdentifier?: unknown } | null)?.itemIdentifier ?? ''));
  return ids.every((id) => all.has(id)) ? new Set(ids) : all;
}
