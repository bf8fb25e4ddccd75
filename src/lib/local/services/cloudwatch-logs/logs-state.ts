import { MemoryBudget } from '../../kit/memory-budget.js';
import { perRegion, type ServiceEnvironment } from '../../service.js';
import { Delivery } from './delivery.js';
import { LiveTail } from './live-tail.js';
import type { LogGroup, LogStream } from './log-group.js';
import { LogStore } from './log-store.js';
import type { StoredEvent } from './sorted-events.js';

const DEFAULT_MEMORY_BYTES = 128 * 1024 * 1024;
/** Of the memory that the endpoint may use for what it stores; Kinesis records are the most of it. */
const MEMORY_SHARE = 1 / 4;

/** What all operations share: the groups of each region, and what watches them. */
export class LogsState {
  readonly environment: ServiceEnvironment;
  readonly liveTail: LiveTail;
  readonly #delivery: Delivery;
  readonly #stores;

  constructor(environment: ServiceEnvironment) {
    const { clock, accountId, memoryBytes, log } = environment;
    const bytes = memoryBytes === undefined ? DEFAULT_MEMORY_BYTES : memoryBytes * MEMORY_SHARE;
    const memory = new MemoryBudget(bytes, (bound) =>
      log(`cloudwatch-logs: stored log events reached ${bound}; the oldest are let go from now on`),
    );
    this.environment = environment;
    this.#stores = perRegion((region) => new LogStore({ clock, region, accountId, memory }));
    this.#delivery = new Delivery(environment);
    this.liveTail = new LiveTail((region) => this.in(region), clock);
  }

  get clock() {
    return this.environment.clock;
  }

  in(region: string): LogStore {
    return this.#stores.in(region);
  }

  /** Hands what was stored to what subscribes to its group, in the order in which it was. */
  stored(group: LogGroup, stream: LogStream, events: readonly StoredEvent[]): void {
    this.#delivery.offer(group, stream, events);
    this.liveTail.offer(group, stream, events);
  }

  close(): Promise<void> {
    this.liveTail.close();
    return this.#delivery.close();
  }
}
