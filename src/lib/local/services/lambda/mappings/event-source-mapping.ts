import { setMaxListeners } from 'node:events';
import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import { Lineage } from '../../../../stream/lineage.js';
import type { Pending } from '../../../activity.js';
import type { Intervals } from '../../../intervals.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { Answer } from '../../../wire/handlers.js';
import type { FunctionRunner } from '../function-runner.js';
import type { LambdaStore } from '../lambda-store.js';
import { type DeliveryTarget, deliverBatch } from './deliver-batch.js';
import { describeMapping, type MappingState } from './describe-mapping.js';
import { discardBatch } from './discard-batch.js';
import type { Mapping, MappingChange, MappingTarget } from './mapping.js';
import type { MappingSettings } from './mapping-settings.js';
import { type PollerHost, ShardPoller } from './shard-poller.js';

/** Between tries to find a stream's shards. */
const RETRY_MS = 100;

/** One event source mapping: what it is, and the readers that carry it out. */
export class EventSourceMapping implements Mapping {
  readonly uuid: string;
  readonly eventSourceArn: string;
  functionName: string;
  qualifier: string | undefined;
  functionArn: string;
  settings: MappingSettings;
  readonly tags: Map<string, string>;
  readonly #store: LambdaStore;
  readonly #runner: FunctionRunner;
  readonly #target: MappingTarget;
  readonly #stop = new AbortController();
  readonly #pollers = new Map<string, ShardPoller>();
  #lineage = new Lineage();
  /** Counts the streams that had the name of the source, one after the other. */
  #generation = 0;
  readonly #listeners = new Set<() => void>();
  #unsubscribe: () => void = () => {};
  #state: MappingState = 'Creating';
  #lastResult = 'No records processed';
  #lastModifiedMs: number;
  #started = false;
  /** Counts what happened to batches: a mapping that works is not one that hangs. */
  #steps = 0;
  #wanted: boolean;

  constructor(
    store: LambdaStore,
    runner: FunctionRunner,
    target: MappingTarget,
    settings: MappingSettings,
    enabled: boolean,
    tags: Map<string, string>,
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
    setMaxListeners(0, this.#stop.signal); // every lane of every shard may wait for it
    this.#lastModifiedMs = store.environment.clock.now();
    const unwatch = store.environment.activity.watch(() => this.#pending());
    this.#stop.signal.addEventListener('abort', unwatch, { once: true });
    setImmediate(() => this.#settle());
  }

  /** What waits or is under way, unless the mapping is switched off. */
  #pending(): Pending[] {
    if (!this.#wanted) return [];
    const busy = [...this.#pollers.values()].some((poller) => !poller.idle);
    if (!busy && this.#state !== 'Creating') return [];
    const [, source = this.eventSourceArn] = this.eventSourceArn.split('/');
    return [{ id: `${this.uuid} ${this.#steps}`, what: `event source mapping from ${source} to ${this.functionName}` }];
  }

  /** As AWS shows it, with the state it has at this moment. */
  describe(): Answer<EventSourceMappingConfiguration> {
    return describeMapping(this.#target, {
      functionArn: this.functionArn,
      settings: this.settings,
      state: this.#state,
      lastResult: this.#lastResult,
      lastModifiedMs: this.#lastModifiedMs,
    });
  }

  /** Takes new settings, a new function, or another wish to run; carried out at once, but between batches. */
  update(change: MappingChange): void {
    this.settings = change.settings;
    if (change.target) {
      this.functionName = change.target.functionName;
      this.qualifier = change.target.qualifier;
      this.functionArn = change.target.functionArn;
    }
    const wanted = change.enabled ?? this.#wanted;
    this.#state = wanted === this.#wanted ? 'Updating' : wanted ? 'Enabling' : 'Disabling';
    this.#wanted = wanted;
    this.#lastModifiedMs = this.#store.environment.clock.now();
    setImmediate(() => this.#settle());
  }

  /** Stops for good. What is with the function at this moment is not waited for. */
  delete(): Answer<EventSourceMappingConfiguration> {
    this.#state = 'Deleting';
    this.close();
    return this.describe();
  }

  close(): void {
    this.#stop.abort(new Error('the mapping is gone'));
    this.#unsubscribe();
  }

  /** Brings what runs in line with what is wanted, and then says so in the state. */
  #settle(): void {
    if (this.#stop.signal.aborted) return;
    if (this.#wanted && !this.#started) {
      this.#started = true;
      void this.#activate();
      return;
    }
    this.#tell();
    if (this.#wanted) {
      this.#state = 'Enabled';
      for (const poller of this.#pollers.values()) poller.work();
    } else if ([...this.#pollers.values()].every((poller) => poller.resting)) this.#state = 'Disabled';
    // else: a lane still works, and tells when it moved on
  }

  /** Takes the position in every shard, and from then on is enabled. */
  async #activate(): Promise<void> {
    this.#unsubscribe = this.#target.source.onChange(() => this.#tell());
    await this.#openWhenThere(true);
    if (this.#stop.signal.aborted) return;
    if (this.#wanted) this.#state = 'Enabled';
    else this.#settle();
  }

  /** The stream was deleted. One that is made later under its name is read from its beginning: all of it is new. */
  async #beginAgain(): Promise<void> {
    this.#generation += 1;
    this.#pollers.clear();
    this.#lineage = new Lineage();
    this.#lastResult = 'PROBLEM: The stream was not found';
    await this.#openWhenThere(false);
    this.#lastResult = 'No records processed';
  }

  async #openWhenThere(first: boolean): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        if (await this.#openShards(first)) return;
      } catch (error) {
        // A stream that is still being created has no shards yet: nothing to tell of.
        const early = error instanceof AwsError && error.code === 'ResourceInUseException';
        if (first && !early) this.#lastResult = `PROBLEM: ${error instanceof Error ? error.message : error}`;
      }
      await this.#store.environment.clock.sleep(RETRY_MS, signal).catch(() => {});
    }
  }

  /** Starts a reader for every shard whose parents are done: a child's records come after its parents'. False if the stream has none. */
  async #openShards(first: boolean): Promise<boolean> {
    const generation = this.#generation;
    const { start, source } = this.#target;
    const shards = await source.list();
    const lineage = this.#lineage;
    lineage.learnAll(shards);
    // From LATEST on, what was closed before has nothing for us.
    if (first && start.type === 'LATEST')
      for (const { ShardId, isClosed } of shards) if (isClosed) lineage.end(ShardId);
    const opened: ShardPoller[] = [];
    for (const id of lineage.ready()) {
      // A shard made while the mapping runs is read whole: all of it is later than the position.
      const from = first || start.type === 'AT_TIMESTAMP' ? start : ({ type: 'TRIM_HORIZON' } as const);
      const poller = new ShardPoller(id, from, this.#host());
      await poller.open();
      opened.push(poller);
    }
    if (generation !== this.#generation) return false; // these are shards of a stream that is gone
    for (const poller of opened) {
      if (lineage.hasStarted(poller.shardId)) continue;
      lineage.start(poller.shardId);
      this.#pollers.set(poller.shardId, poller);
      void this.#runPoller(poller);
    }
    return shards.length > 0;
  }

  async #runPoller(poller: ShardPoller): Promise<void> {
    const { signal } = this.#stop;
    const generation = this.#generation;
    try {
      const end = await poller.run();
      if (end === 'stopped' || generation !== this.#generation) return;
      if (end === 'gone') return await this.#beginAgain();
      this.#pollers.delete(poller.shardId);
      this.#lineage.end(poller.shardId);
      while (!signal.aborted && generation === this.#generation) {
        try {
          await this.#openShards(false);
          return;
        } catch {
          await this.#store.environment.clock.sleep(RETRY_MS, signal).catch(() => {});
        }
      }
    } catch (error) {
      if (!signal.aborted) this.#trouble(error);
    }
  }

  /** As asked for, within the endpoint's bound of windows. */
  #batching({ cap }: Intervals): MappingSettings {
    const { settings } = this;
    return { ...settings, windowSeconds: cap(settings.windowSeconds * 1000) / 1000 };
  }

  #host(): PollerHost {
    const { environment } = this.#store;
    const { context, eventSourceArn, source } = this.#target;
    return {
      clock: environment.clock,
      source,
      signal: this.#stop.signal,
      settings: () => this.#batching(environment.intervals),
      paused: () => !this.#wanted,
      accepts: (record) => this.settings.filter?.(source.filterable(record)) ?? true,
      onNews: (run) => {
        this.#listeners.add(run);
        return () => this.#listeners.delete(run);
      },
      sizeOf: (record) => source.eventBytes(record, { eventSourceArn, region: context.region, roleArn: '' }),
      deliver: (records, turn) =>
        deliverBatch(this.#store, this.#runner, this.#deliveryTarget(), this.settings, records, turn),
      discard: (discarded) => {
        const { functionArn, settings } = this;
        return discardBatch(
          this.#store,
          { ...this.#deliveryTarget(), uuid: this.uuid, functionArn, settings },
          discarded,
        );
      },
      processed: (result) => {
        this.#lastResult = result;
        if (result === 'OK') this.#steps += 1;
      },
      trouble: (error) => this.#trouble(error),
      moved: () => {
        if (this.#state === 'Disabling') this.#settle();
      },
    };
  }

  #deliveryTarget(): DeliveryTarget {
    const { eventSourceArn, source, context } = this.#target;
    return { functionName: this.functionName, qualifier: this.qualifier, eventSourceArn, source, context };
  }

  #trouble(error: unknown): void {
    this.#store.environment.log(
      `mapping ${this.uuid}: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
    );
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
